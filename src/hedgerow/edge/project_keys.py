"""The project keys the edge accepts, read from the snapshot that the core publishes.

It fails open: without a readable snapshot every well-formed key is accepted, and ingest decides.
Refusing would lose events of a client that never sends them again.
"""

from pathlib import Path

import structlog

from hedgerow.wire.keys_snapshot import decode_snapshot

log = structlog.get_logger()


class ProjectKeys:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._keys: frozenset[str] | None = None
        self._signature: tuple[int, int] | None = None

    def accepts(self, token: str) -> bool:
        """Whether this key belongs to a project, as far as the newest snapshot says."""
        if self._keys is not None and token in self._keys:
            return True
        self._refresh()
        return self._keys is None or token in self._keys

    def _refresh(self) -> None:
        """A key that is not known may be new: look whether the snapshot has changed."""
        try:
            status = self._path.stat()
            signature = (status.st_mtime_ns, status.st_ino)
            if signature == self._signature:
                return
            self._keys = decode_snapshot(self._path.read_bytes())
            self._signature = signature
        except FileNotFoundError:
            self._keys = None
        except (OSError, ValueError) as error:
            log.warning("project_keys_unreadable", error=str(error))
            self._keys = None
            self._signature = None
