"""Housekeeping between batches: old log segments, old dedupe keys, the directory's own log, and
what the edge is told of projects.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from hedgerow.core import limits
from hedgerow.core.clock import Clock
from hedgerow.directory.cookieless import forget_cookieless
from hedgerow.directory.deferred_frames import oldest_waiting_position
from hedgerow.directory.engine import Directory
from hedgerow.directory.erased_content import has_erased_content, rewrite_file
from hedgerow.directory.ingest_state import evict_dedupe_keys
from hedgerow.directory.projects import list_projects
from hedgerow.ingest.dedupe import DAY_US
from hedgerow.log.retention import delete_released
from hedgerow.people.cookieless import oldest_day
from hedgerow.store.contract import RecordingStore

INTERVAL_SECONDS: Final = 60.0
_EVICTED_ROWS_MAX: Final = 20_000
_REWRITE_INTERVAL_SECONDS: Final = 3600.0

log = structlog.get_logger()


def _nothing() -> None:
    """Where nobody is told."""


@dataclass(slots=True)
class Maintenance:
    log_folder: Path
    directory: Directory
    recordings: RecordingStore
    clock: Clock
    retention_days: int
    retention_bytes: int
    publish: Callable[[], None] = _nothing
    _due_at: float = 0.0
    _rewrite_due_at: float = 0.0

    def run_when_due(self, position: int) -> bool:
        """At most once a minute, and only while nothing waits (blocking). Whether it was due."""
        now = self.clock.monotonic_seconds()
        if now < self._due_at:
            return False
        self._due_at = now + INTERVAL_SECONDS
        now_us = self.clock.now_us()
        oldest_waiting = oldest_waiting_position(self.directory)
        if oldest_waiting is not None:
            position = min(position, oldest_waiting)
        delete_released(
            self.log_folder,
            position,
            keep_us=self.retention_days * DAY_US,
            bytes_max=self.retention_bytes,
            now_us=now_us,
        )
        oldest_received = now_us // DAY_US - limits.DEDUPE_WINDOW_DAYS
        evict_dedupe_keys(self.directory, oldest_received, _EVICTED_ROWS_MAX)
        forget_cookieless(self.directory, oldest_day(now_us), _EVICTED_ROWS_MAX)
        self.directory.checkpoint()
        self._rewrite_directory(now)
        self._forget_recordings(now_us)
        # What people change is published at once; this catches what events have changed.
        self.publish()
        return True

    def _rewrite_directory(self, now: float) -> None:
        """What was erased from the directory leaves its file too; at most once an hour."""
        if now < self._rewrite_due_at or not has_erased_content(self.directory):
            return
        self._rewrite_due_at = now + _REWRITE_INTERVAL_SECONDS
        rewrite_file(self.directory)
        log.info("directory_rewritten", seconds=self.clock.monotonic_seconds() - now)

    def _forget_recordings(self, now_us: int) -> None:
        """Those that are older than their project keeps them."""
        for project in list_projects(self.directory):
            keep_us = project.settings.session_recording_retention_days * DAY_US
            self.recordings.delete_received_before(project.id, now_us - keep_us)
