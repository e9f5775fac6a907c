"""`hedgerow.connect`: decides how a server or a folder is reached."""

import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self
from urllib.parse import urlsplit

from hedgerow.api.local_key import local_key_path
from hedgerow.client.remote import RemoteSource
from hedgerow.client.result import Result
from hedgerow.client.stopped_folder import StoppedFolderSource
from hedgerow.core.errors import UserError
from hedgerow.settings import load_settings


class Source(Protocol):
    """Where answers come from."""

    def ask(self, sql: str, values: Mapping[str, Any]) -> Result: ...

    def close(self) -> None: ...


class Connection:
    """Ask it with `sql`; close it, or use it in a `with`."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def sql(self, query: str, **values: Any) -> Result:
        """Run one SELECT statement; `values` fill its `{name}` placeholders.

        Without a LIMIT all rows come, up to the server's own limit. Raises `QueryError` for a
        wrong query and `UserError` where nobody answers.
        """
        return self._source.ask(query, values)

    def close(self) -> None:
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_connection(
    target: str | os.PathLike[str], *, key: str | None = None, project: int | str = "@current"
) -> Connection:
    """See `hedgerow.connect`."""
    if isinstance(target, str) and urlsplit(target).scheme in ("http", "https"):
        personal_key = key or os.environ.get("HEDGEROW_PERSONAL_API_KEY")
        if not personal_key:
            raise UserError(
                "A server needs a personal key: connect(url, key='phx_…'), or set "
                "HEDGEROW_PERSONAL_API_KEY."
            )
        return Connection(RemoteSource(target, personal_key, str(project)))
    return Connection(_folder_source(Path(target), str(project)))


def _folder_source(folder: Path, project: str) -> Source:
    if not folder.is_dir():
        raise UserError(f"{folder} is neither an address (http://…) nor a data folder.")
    settings = load_settings(data=folder)
    if settings.core_socket.exists():
        running = RemoteSource(
            "http://core",
            local_key_path(folder).read_text(encoding="ascii"),
            project,
            socket=settings.core_socket,
        )
        if running.answers():
            return running
        running.close()
    return StoppedFolderSource(settings, project)
