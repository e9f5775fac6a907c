"""The ingest loop: reads the log in order and keeps directory and store in step with it.

While one batch is written (`batch_writer.py`), the next is computed on what the one before will
have committed: its people are still in memory, its dedupe keys are asked beside the directory's.
After anything that fails, all that was not committed is forgotten and computed again from the
committed position, and rows that the store already holds are left out.
"""

import contextlib
import gc
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Final

import structlog

from hedgerow.core import limits
from hedgerow.core.errors import HedgerowError, LogCorruptError
from hedgerow.directory.batch import DedupeKey
from hedgerow.directory.deferred_frames import waiting_frames
from hedgerow.directory.engine import Directory
from hedgerow.directory.group_reader import GroupReader
from hedgerow.directory.ingest_state import ingest_position, seen_keys
from hedgerow.directory.outcomes import set_alarm
from hedgerow.directory.people_reader import PeopleReader
from hedgerow.directory.projects import Project, list_projects
from hedgerow.ingest.batch import BatchComputer, ComputedBatch
from hedgerow.ingest.batch_writer import BatchWriter
from hedgerow.ingest.context import Enrichment
from hedgerow.ingest.control import PersonAdmin
from hedgerow.ingest.cookieless_state import CookielessReader, CookielessState
from hedgerow.ingest.dead_letter_limit import DeadLetterLimit
from hedgerow.ingest.deferred_lanes import DeferredLanes
from hedgerow.ingest.definitions import DefinitionCollector
from hedgerow.ingest.groups_state import GroupsState
from hedgerow.ingest.maintenance import Maintenance
from hedgerow.ingest.people_state import PeopleState
from hedgerow.ingest.recordings import RecordingCollector
from hedgerow.log.contract import Frame, LogReader
from hedgerow.store.contract import EventStore, RecordingStore
from hedgerow.wire.control import IngestDeferred, decode_control, is_control

log = structlog.get_logger()

# While little arrives, a batch waits this long to gather, so that not every event costs an insert.
GATHER_SECONDS: Final = 0.1
IDLE_SECONDS: Final = 0.02
BACK_OFF_SECONDS_FIRST: Final = 0.1
BACK_OFF_SECONDS_MAX: Final = 10.0


class IngestStoppedError(HedgerowError):
    """Going on would do harm; an operator has to look. The text is the alarm."""


@dataclass(frozen=True, slots=True)
class IngestStatus:
    """`position` is committed; `last_error` is None while all is well."""

    position: int
    running: bool
    last_error: str | None


def _tell_nobody(_batch: ComputedBatch) -> None:
    pass


@dataclass(slots=True)
class IngestLoop:
    reader: LogReader
    directory: Directory
    store: EventStore
    recordings: RecordingStore
    maintenance: Maintenance
    deferred: DeferredLanes
    enricher: Enrichment
    # Where a log begins whose first segments have been deleted; else 0.
    start: int = 0
    # Told of each batch once it is committed; it must be quick and must not raise.
    on_committed: Callable[[ComputedBatch], None] = _tell_nobody
    _position: int = 0
    _read_position: int = 0
    _stored: set[tuple[int, int]] | None = None
    _caught_up: bool = False
    _puts_off: bool = False
    _running: bool = False
    _last_error: str | None = None
    _definitions: DefinitionCollector = field(default_factory=DefinitionCollector)
    _people: PeopleState = field(init=False)
    _groups: GroupsState = field(init=False)
    _cookieless: CookielessState = field(init=False)
    _writer: BatchWriter = field(init=False)
    _collector: RecordingCollector = field(init=False)
    _dead_letters: DeadLetterLimit = field(default_factory=DeadLetterLimit)

    def __post_init__(self) -> None:
        self._people = PeopleState(PeopleReader(self.directory))
        self._groups = GroupsState(GroupReader(self.directory))
        self._cookieless = CookielessState(CookielessReader(self.directory))
        self._writer = BatchWriter(self.directory, self.store, self.recordings, self.on_committed)
        self._collector = RecordingCollector(self.recordings)

    def status(self) -> IngestStatus:
        return IngestStatus(self._position, self._running, self._last_error)

    def run(self, stop: threading.Event) -> None:
        """Ingest until `stop` is set; the batches under way are finished (blocking)."""
        self._running = True
        back_off_seconds = BACK_OFF_SECONDS_FIRST
        while not stop.is_set() or self._writer.is_busy:
            try:
                if stop.is_set():
                    self._finish_write()
                elif self.step(stop):
                    self.deferred.go_on(self._position, caught_up=self._caught_up)
                else:
                    stop.wait(IDLE_SECONDS)
                    self.deferred.go_on(self._position, caught_up=True)
                    if self.maintenance.run_when_due(self._position):
                        self._collector.forget()
                        self._cookieless.forget()
                self._last_error = None
                back_off_seconds = BACK_OFF_SECONDS_FIRST
            except (LogCorruptError, IngestStoppedError) as error:
                self._stop_with_alarm(error)
                break
            except Exception as error:
                # Disk full, database busy, engine unwell: what is not committed is done again.
                self._last_error = f"{type(error).__name__}: {error}"[:500]
                log.exception("ingest_failed", retry_in_seconds=back_off_seconds)
                self._forget()
                stop.wait(back_off_seconds)
                back_off_seconds = min(back_off_seconds * 2, BACK_OFF_SECONDS_MAX)
        self._writer.close()
        self._running = False

    def _forget(self) -> None:
        """All that was not committed, and all that was built on it."""
        with contextlib.suppress(Exception):
            self._writer.finish()
        self._stored = None
        self._definitions.forget()
        self._people.forget()
        self._groups.forget()
        self._cookieless.forget()
        self._collector.forget()
        # The traceback held a whole batch; it must not pile up over the retries.
        gc.collect()

    def step(self, stop: threading.Event) -> bool:
        """Compute one batch while the one before is written; False when all is done.

        Raises whatever writing the batch before has raised.
        """
        if self._stored is None:
            self._resume()
        frames = self.reader.read(self._read_position, limits.INGEST_BATCH_BYTES_MAX)
        if not frames:
            return self._finish_write()
        if is_control(frames[0].payload):
            return self._carry_out(frames[0])
        frames = _up_to_control(self._gather(frames, stop))
        if self._people.is_full or self._groups.is_full or self._cookieless.is_full:
            # Only what is committed can be loaded again.
            self._finish_write()
            self._people.forget()
            self._groups.forget()
            self._cookieless.forget()
        self._begin(self._checked(self._computer().compute(frames)), set())
        return True

    def _begin(self, batch: ComputedBatch, stored_already: set[tuple[int, int]]) -> None:
        """`stored_already` are rows of it that the store holds below the committed position."""
        self._finish_write()
        self._writer.begin(batch, (self._stored or set()) | stored_already)
        self._read_position = batch.effects.position
        self._puts_off = bool(batch.effects.deferred)

    def _carry_out(self, frame: Frame) -> bool:
        """What an operator asked for, or a batch that was put off: alone, on committed state."""
        self._finish_write()
        try:
            record = decode_control(frame.payload)
        except ValueError:
            # Written by a newer version: kept as a dead letter.
            self._begin(self._checked(self._computer().compute([frame])), set())
            return True
        if isinstance(record, IngestDeferred):
            self._ingest_deferred(frame, record)
            return True
        PersonAdmin(self.directory, self.store).run(record, frame)
        self._people.forget()
        self._position = self._read_position = frame.next_position
        return True

    def _ingest_deferred(self, control: Frame, record: IngestDeferred) -> None:
        waiting = waiting_frames(self.directory, record.lane, before=record.until)
        frames = [self.reader.read(frame.position, 1)[0] for frame in waiting]
        batch = self._computer().compute_deferred(waiting, frames, control.next_position)
        first, last = (frames[0].position, frames[-1].next_position) if frames else (0, 0)
        self._begin(self._checked(batch), self.store.stored_since(first, before=last))

    def _finish_write(self) -> bool:
        """Whether a batch was under way."""
        position = self._writer.finish()
        if position is None:
            return False
        self._position = position
        self._stored = {item for item in self._stored or () if item[0] >= position}
        self.reader.release(position)
        if self._puts_off:
            self.deferred.put_off()
        return True

    def _resume(self) -> None:
        """From the committed position, knowing what the store holds beyond it."""
        self._position = max(ingest_position(self.directory), self.start)
        self._read_position = self._position
        self._stored = self.store.stored_since(self._position)
        self.reader.release(self._position)

    def _gather(self, frames: list[Frame], stop: threading.Event) -> list[Frame]:
        size = sum(len(frame.payload) for frame in frames)
        self._caught_up = size < limits.INGEST_GATHER_BELOW_BYTES
        if self._caught_up:
            stop.wait(GATHER_SECONDS)
            more_bytes = limits.INGEST_BATCH_BYTES_MAX - size
            frames = frames + self.reader.read(frames[-1].next_position, more_bytes)
        return frames

    def _computer(self) -> BatchComputer:
        return BatchComputer(
            projects=self._projects(),
            seen_keys=self._seen_keys,
            stored_before=self.store.stored_before,
            people=self._people,
            groups=self._groups,
            cookieless=self._cookieless,
            definitions=self._definitions,
            enricher=self.enricher,
            recordings=self._collector,
        )

    def _checked(self, batch: ComputedBatch) -> ComputedBatch:
        """Raises `IngestStoppedError` where too much of it could not be processed."""
        alarm = self._dead_letters.check(batch.events, len(batch.effects.dead_letters))
        if alarm is not None:
            raise IngestStoppedError(alarm)
        return batch

    def _seen_keys(self, keys: Collection[DedupeKey]) -> set[DedupeKey]:
        """Also those of the batch that is just being written."""
        under_way = self._writer.under_way_keys
        seen = seen_keys(self.directory, keys)
        seen.update(under_way.intersection(keys))
        return seen

    def _projects(self) -> dict[str, Project]:
        """All projects; asked anew for each batch, since one may just have been made."""
        return {project.api_token: project for project in list_projects(self.directory)}

    def _stop_with_alarm(self, error: Exception) -> None:
        """Capture goes on; the log keeps what arrives until an operator has looked."""
        self._last_error = str(error)
        log.error("ingest_stopped", alarm=str(error))
        set_alarm(self.directory, str(error))


def _up_to_control(frames: list[Frame]) -> list[Frame]:
    """A control record is a batch of its own."""
    for number, frame in enumerate(frames):
        if is_control(frame.payload):
            return frames[:number]
    return frames
