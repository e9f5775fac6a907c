"""The projects whose recordings take all they may, as the core has published them.

It fails open: what cannot be read limits nobody, and ingest drops what is over the quota.
"""

from pathlib import Path

import structlog

from hedgerow.wire.keys_snapshot import decode_snapshot
from hedgerow.wire.quotas import Resource

log = structlog.get_logger()


class LimitedProjects:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._keys: frozenset[str] = frozenset()
        self._signature: tuple[int, int] | None = None

    def is_limited(self, resource: Resource, token: str) -> bool:
        """Whether the project with this key has used up its quota of recordings."""
        if resource is not Resource.RECORDINGS:
            return False
        self._refresh()
        return token in self._keys

    def _refresh(self) -> None:
        try:
            status = self._path.stat()
            signature = (status.st_mtime_ns, status.st_ino)
            if signature == self._signature:
                return
            self._keys = decode_snapshot(self._path.read_bytes())
            self._signature = signature
        except FileNotFoundError:
            self._keys = frozenset()
        except (OSError, ValueError) as error:
            log.warning("limited_projects_unreadable", error=str(error))
            self._keys = frozenset()
            self._signature = None
