"""The historical lane: read with the live events, ingested when there is time (ingestion §16).

A request of a migration is put off where ingest comes upon it. When ingest has caught up with the
live events, a control record is appended to the log: "ingest here what was put off before
position P". So it is the log that says where the old events come in, and a crash or a replay brings
them in at the same place. One record stands for one batch: live events never wait for more.
"""

import contextlib
from dataclasses import dataclass, field
from typing import Final

from hedgerow.core import limits
from hedgerow.core.clock import Clock
from hedgerow.core.errors import LogUnavailableError
from hedgerow.directory.deferred_frames import waiting_frames
from hedgerow.directory.engine import Directory
from hedgerow.log.control_client import ControlLog
from hedgerow.wire.control import IngestHistorical

# Also while live events leave no pause, so that a migration goes on, slowly.
_BUSY_INTERVAL_SECONDS: Final = 5.0
_FRAMES_MAX: Final = 10_000


@dataclass(slots=True)
class HistoricalLane:
    """Asks for the next batch of old events. Without a control log nothing is ever asked for."""

    directory: Directory
    clock: Clock
    control_log: ControlLog | None = None
    _may_wait: bool = True
    _asked_until: int = -1
    _asked_at: float = field(default=float("-inf"))

    def deferred(self) -> None:
        """A batch has put something off."""
        self._may_wait = True

    def go_on(self, position: int, *, caught_up: bool) -> None:
        """Append a record if old events wait and the record before it has been carried out."""
        if self.control_log is None or not self._may_wait or position <= self._asked_until:
            return
        now = self.clock.monotonic_seconds()
        if not caught_up and now - self._asked_at < _BUSY_INTERVAL_SECONDS:
            return
        until = self._next_until()
        if until is None:
            self._may_wait = False
            return
        self._asked_at = now
        # The edge may be restarting; the next pause comes soon.
        with contextlib.suppress(LogUnavailableError):
            self._asked_until = self.control_log.append(
                IngestHistorical(self.clock.now_us(), until)
            )

    def _next_until(self) -> int | None:
        """The position up to which the frames that wait make one batch."""
        total, until = 0, None
        for frame in waiting_frames(self.directory, limit=_FRAMES_MAX):
            total += frame.next_position - frame.position
            if until is not None and total > limits.INGEST_BATCH_BYTES_MAX:
                break
            until = frame.next_position
        return until
