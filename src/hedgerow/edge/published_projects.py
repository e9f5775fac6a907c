"""What the core has published about each project, read again when the file has changed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog

from hedgerow.flags.project_flags import ProjectFlags
from hedgerow.flags.running_surveys import running_surveys
from hedgerow.flags.snapshot import PublishedProject, decode_published

log = structlog.get_logger()


class EdgeProject:
    """One project, ready to answer from."""

    def __init__(self, published: PublishedProject) -> None:
        self.token = published.token
        self.flags = ProjectFlags(
            published.flags, cohorts=published.cohorts, group_types=published.group_types
        )
        self._published = published

    def surveys(self, now_us: int) -> list[dict[str, Any]]:
        """The surveys that run, as SDKs read them; none where the project does not tell them."""
        published = self._published
        return running_surveys(published.surveys, now_us) if published.tells_surveys else []

    def config(self, now_us: int) -> Mapping[str, Any]:
        """The remote configuration. Without running surveys the key is left out: even false would
        make the browser load the script for them.
        """
        surveys = self.surveys(now_us)
        return {**self._published.config, "surveys": surveys} if surveys else self._published.config


class PublishedProjects:
    """Where nothing has been published yet, `known` is False and no project is found."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._signature: tuple[int, int] | None = None
        self._projects: dict[str, EdgeProject] = {}

    @property
    def known(self) -> bool:
        return self._signature is not None

    def find(self, token: str) -> EdgeProject | None:
        """The project with this key, as far as the newest snapshot says."""
        self._refresh()
        return self._projects.get(token)

    def _refresh(self) -> None:
        """A snapshot that cannot be read leaves the one before in force."""
        try:
            status = self._path.stat()
            signature = (status.st_mtime_ns, status.st_ino)
            if signature == self._signature:
                return
            published = decode_published(self._path.read_bytes())
        except FileNotFoundError:
            return
        except (OSError, ValueError) as error:
            log.warning("published_projects_unreadable", error=str(error))
            return
        self._projects = {item.token: EdgeProject(item) for item in published}
        self._signature = signature
