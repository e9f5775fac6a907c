"""The lanes that wait: read with the live events, ingested when there is time (ingestion §16, §17).

A request of a migration, or of a distinct id that floods its project, is put off where ingest comes
upon it. When ingest has caught up with the live events, a control record is appended to the log:
"ingest here what was put off in this lane before position P". So it is the log that says where
these events come in, and a crash or a replay brings them in at the same place. One record stands
for one batch: live events never wait for more.
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
from hedgerow.wire.control import IngestDeferred, IngestHistorical, IngestOverflow
from hedgerow.wire.record import LANE_HISTORICAL, LANE_OVERFLOW

# Also while live events leave no pause, so that what waits goes on, slowly.
_BUSY_INTERVAL_SECONDS: Final = 5.0
_FRAMES_MAX: Final = 10_000
_RECORDS: Final[dict[str, type[IngestDeferred]]] = {
    LANE_OVERFLOW: IngestOverflow,
    LANE_HISTORICAL: IngestHistorical,
}


@dataclass(slots=True)
class DeferredLanes:
    """Asks for the next batch that waits. Without a control log nothing is ever asked for.

    Where both lanes have something they take turns, so that neither waits for all of the other.
    """

    directory: Directory
    clock: Clock
    control_log: ControlLog | None = None
    _may_wait: bool = True
    _asked_until: int = -1
    _asked_at: float = field(default=float("-inf"))
    _next_lane: str = LANE_OVERFLOW

    def put_off(self) -> None:
        """A batch has put something off."""
        self._may_wait = True

    def go_on(self, position: int, *, caught_up: bool) -> None:
        """Append a record if something waits and the record before it has been carried out."""
        if self.control_log is None or not self._may_wait or position <= self._asked_until:
            return
        now = self.clock.monotonic_seconds()
        if not caught_up and now - self._asked_at < _BUSY_INTERVAL_SECONDS:
            return
        other_lane = LANE_HISTORICAL if self._next_lane == LANE_OVERFLOW else LANE_OVERFLOW
        for lane, after in ((self._next_lane, other_lane), (other_lane, self._next_lane)):
            until = self._next_until(lane)
            if until is not None:
                self._asked_at, self._next_lane = now, after
                self._ask(self.control_log, lane, until)
                return
        self._may_wait = False

    def _ask(self, control_log: ControlLog, lane: str, until: int) -> None:
        record = _RECORDS[lane](self.clock.now_us(), until)
        # The edge may be restarting; the next pause comes soon.
        with contextlib.suppress(LogUnavailableError):
            self._asked_until = control_log.append(record)

    def _next_until(self, lane: str) -> int | None:
        """The position up to which the frames that wait in the lane make one batch."""
        total, until = 0, None
        for frame in waiting_frames(self.directory, lane, limit=_FRAMES_MAX):
            total += frame.next_position - frame.position
            if until is not None and total > limits.INGEST_BATCH_BYTES_MAX:
                break
            until = frame.next_position
        return until
