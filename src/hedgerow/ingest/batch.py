"""One batch of the log: from frames to rows and effects. Deterministic, and it writes nothing.

What comes out depends on the frames and on committed state alone: no clock, no randomness. So a
batch that was cut off anywhere is computed again to the same result (reliability §7.5).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from sqlalchemy.exc import OperationalError

from hedgerow.core import json, limits
from hedgerow.directory.batch import BatchEffects, DeadLetter, DedupeKey, DeferredFrame, OutcomeKey
from hedgerow.directory.project_settings import ProjectSettings
from hedgerow.directory.projects import Project
from hedgerow.ingest.context import Enrichment, StepContext
from hedgerow.ingest.cookieless_state import CookielessState
from hedgerow.ingest.dedupe import DAY_US, dedupe_key
from hedgerow.ingest.definitions import DefinitionCollector
from hedgerow.ingest.event import IngestEvent
from hedgerow.ingest.groups_state import GroupsState
from hedgerow.ingest.late import forgotten_before_us, identity, is_late
from hedgerow.ingest.parse import ESCAPED_NUL, stored_distinct_id
from hedgerow.ingest.people_state import PeopleState
from hedgerow.ingest.recordings import RecordingCollector
from hedgerow.ingest.rows import distinct_id_rows, event_row, person_rows
from hedgerow.ingest.side_rows import deleted_person_rows, group_rows, override_rows
from hedgerow.ingest.steps import READING_STEPS, steps_of
from hedgerow.ingest.warnings import REGISTRY, event_warning, warning
from hedgerow.log.contract import Frame
from hedgerow.people.merging import MERGE_EVENTS, other_id
from hedgerow.store.recording_rows import RecordingChunk
from hedgerow.store.rows import DistinctIdRow, EventIdentity, EventRow, PersonRow
from hedgerow.store.side_rows import SideRows
from hedgerow.wire.ai_events import is_ai_event
from hedgerow.wire.drops import DropReason
from hedgerow.wire.record import LANE_REPLAY, LoggedRequest, decode_request

log = structlog.get_logger()

SeenKeys = Callable[[Collection[DedupeKey]], set[DedupeKey]]
# Given events, a time before which they were received, and a log position below which they lie.
StoredBefore = Callable[[Collection[EventIdentity], int, int], set[EventIdentity]]

NO_PROJECT: Final = 0
_PAYLOAD_SAMPLE_BYTES: Final = 1_000_000


@dataclass(slots=True)
class ComputedBatch:
    rows: list[EventRow]
    persons: list[PersonRow]
    distinct_ids: list[DistinctIdRow]
    side_rows: SideRows
    effects: BatchEffects
    recordings: list[RecordingChunk]
    events: int


@dataclass(slots=True)
class BatchComputer:
    """`seen_keys` asks the directory, `stored_before` the store. `projects` are by their key."""

    projects: Mapping[str, Project]
    seen_keys: SeenKeys
    stored_before: StoredBefore
    people: PeopleState
    groups: GroupsState
    cookieless: CookielessState
    definitions: DefinitionCollector
    enricher: Enrichment
    recordings: RecordingCollector
    _effects: BatchEffects = field(init=False)
    _context: StepContext = field(init=False)
    _rows: list[EventRow] = field(init=False)
    _outcomes: Counter[tuple[int, str, str]] = field(init=False)
    # By project; by far the most frequent outcome.
    _stored: defaultdict[int, int] = field(init=False)
    _is_deferred: bool = False

    def compute(self, frames: Sequence[Frame]) -> ComputedBatch:
        """The frames in order, up to the end of the last; those of lanes that wait are put off."""
        return self._compute(frames, frames[-1].next_position, [])

    def compute_deferred(
        self, waiting: Sequence[DeferredFrame], frames: Sequence[Frame], position: int
    ) -> ComputedBatch:
        """Frames that were put off; `position` is where the log is read next."""
        return self._compute(frames, position, waiting)

    def _compute(
        self, frames: Sequence[Frame], position: int, waiting: Sequence[DeferredFrame]
    ) -> ComputedBatch:
        self._is_deferred = bool(waiting)
        self._effects = BatchEffects(position=position, now_us=0, deferred_done=list(waiting))
        self.people.begin_batch()
        self.groups.begin_batch()
        self.cookieless.begin_batch()
        self._context = StepContext(self.people, self.groups, self.cookieless, self.enricher)
        self._rows = []
        self._outcomes = Counter()
        self._stored = defaultdict(int)
        pending = [event for frame in frames for event in self._read(frame)]
        self._load_people(pending)
        self._warn_of_floods(pending)
        seen = self.seen_keys([event.key for event in pending])
        first = frames[0].position if frames else position
        seen |= self._seen_long_ago([event for event in pending if event.is_late], first)
        events = len(pending)
        # Each event is given up once it is a row: a batch of them takes far more than the rows.
        pending.reverse()
        while pending:
            self._process(pending.pop(), seen)
        return self._computed(events)

    def _read(self, frame: Frame) -> list[IngestEvent]:
        try:
            request = decode_request(frame.payload)
        except ValueError as error:
            self._dead_letter_frame(frame, error)
            return []
        effects = self._effects
        lane = request.deferred_lane
        if lane is not None and not self._is_deferred:
            effects.deferred.append(DeferredFrame(frame.position, frame.next_position, lane))
            return []
        effects.now_us = max(effects.now_us, request.now_us)
        project = self.projects.get(request.token)
        if project is None:
            count = len(request.events) + sum(item.count for item in request.dropped)
            self._count(NO_PROJECT, "dropped", DropReason.UNKNOWN_PROJECT_KEY, count)
            return []
        if request.events:
            effects.newest_event_received_us = effects.now_us
        self._edge_drops(project.id, request)
        received_day = request.now_us // DAY_US
        settings, position = project.settings, frame.position
        needs_care = ESCAPED_NUL in frame.payload or _needs_care(settings)
        events = []
        for index, logged in enumerate(request.events):
            key = dedupe_key(project.id, logged)
            late = is_late(key.day, received_day)
            events.append(
                IngestEvent(
                    project.id, request, logged, position, index, settings, key, late, needs_care
                )
            )
        return events

    def _edge_drops(self, project_id: int, request: LoggedRequest) -> None:
        for dropped in request.dropped:
            if dropped.count:
                self._count(project_id, "dropped", dropped.reason, dropped.count)
            if dropped.reason in REGISTRY:
                details = {"sample": dropped.sample, "path": request.path}
                # A batch that was refused for being empty has lost no event.
                times = max(dropped.count, 1)
                self._effects.warnings.append(
                    warning(project_id, dropped.reason, details, request.now_us, times)
                )

    def _load_people(self, pending: list[IngestEvent]) -> None:
        by_project: defaultdict[int, set[str]] = defaultdict(set)
        for event in pending:
            wanted = by_project[event.project_id]
            wanted.add(stored_distinct_id(event.logged))
            if event.logged.event in MERGE_EVENTS:
                wanted.update(_other_ids(event))
        for project_id, distinct_ids in by_project.items():
            self._context.people.load(project_id, distinct_ids)

    def _seen_long_ago(self, late: list[IngestEvent], position: int) -> set[DedupeKey]:
        """Those of the late events that are stored although their keys are forgotten.

        Only below this batch: what it has stored itself, before a crash, is no duplicate.
        """
        if not late:
            return set()
        before_us = forgotten_before_us(max(event.request.now_us for event in late))
        identities = [identity(event) for event in late]
        stored = self.stored_before(identities, before_us, position)
        return {event.key for event, one in zip(late, identities, strict=True) if one in stored}

    def _warn_of_floods(self, pending: list[IngestEvent]) -> None:
        """One warning for each distinct id of the overflow lane, with the number of its events."""
        counts = Counter(
            (event.project_id, event.logged.distinct_id)
            for event in pending
            if event.request.overflow
        )
        for (project_id, distinct_id), count in counts.items():
            details = {"overflowDistinctId": distinct_id, "distinctId": distinct_id}
            self._effects.warnings.append(
                warning(project_id, "high_volume_distinct_id", details, self._effects.now_us, count)
            )

    def _process(self, event: IngestEvent, seen: set[DedupeKey]) -> None:
        key = event.key
        if key in seen:
            self._count(event.project_id, "duplicate")
            return
        seen.add(key)
        self._effects.dedupe_keys.append(key)
        if event.logged.lane == LANE_REPLAY:
            self._record(event)
            return
        context = self._context
        step: Callable[..., Any] = steps_of
        try:
            for step in READING_STEPS:
                step(event, context)
            for step in steps_of(event):
                dropped = step(event, context)
                if dropped is not None:
                    self._count(event.project_id, "dropped", dropped.reason)
                    return
            step = event_row
            row = event_row(event)
        except OperationalError:
            # The directory is full, busy or unwell, which is not the event's fault: done again.
            raise
        except Exception as error:  # noqa: BLE001 - one event's poison must not stop the others
            self._dead_letter(event, step.__name__, error)
            return
        size = stored_bytes(row)
        if size > limits.STORED_EVENT_BYTES_MAX and size > stored_bytes_max(row):
            self._context.warnings.append(event_warning(event, "message_size_too_large"))
            self._count(event.project_id, "dropped", DropReason.MESSAGE_TOO_LARGE)
            return
        self._rows.append(row)
        self._stored[event.project_id] += 1
        self.definitions.add(
            event.project_id,
            event.name,
            event.properties,
            (event.set, event.set_once),
            event.request.now_us,
        )
        if event.group_type_index is not None:
            described = event.properties.get("$group_set") or {}
            self.definitions.add_group(
                event.project_id, event.group_type_index, described, event.request.now_us
            )

    def _record(self, event: IngestEvent) -> None:
        """A part of a session's recording, which is no event."""
        try:
            dropped = self.recordings.add(event, self._context)
        except (ValueError, TypeError) as error:
            self._dead_letter(event, "record_session", error)
            return
        if dropped is not None:
            self._count(event.project_id, "dropped", dropped.reason)
        else:
            self._count(event.project_id, "stored")

    def _count(self, project_id: int, outcome: str, reason: str = "", count: int = 1) -> None:
        """Each event has one outcome, and is counted as received with it: so the sums agree."""
        self._outcomes[project_id, outcome, reason] += count

    def _dead_letter(self, event: IngestEvent, step: str, error: Exception) -> None:
        log.error("event_dead_lettered", uuid=event.uuid, step=step, error=repr(error))
        self._count(event.project_id, "dead_lettered", step)
        self._effects.dead_letters.append(
            DeadLetter(
                position=event.log_position,
                index=event.log_index,
                project_id=event.project_id,
                step=step,
                reason=repr(error),
                payload=json.encode(event.logged),
                timestamp_us=event.request.now_us,
            )
        )

    def _dead_letter_frame(self, frame: Frame, error: Exception) -> None:
        """A frame that no version of this program wrote: kept whole, counted as one."""
        log.error("frame_dead_lettered", position=frame.position, error=repr(error))
        self._count(NO_PROJECT, "dead_lettered", "decode_request")
        self._effects.dead_letters.append(
            DeadLetter(
                position=frame.position,
                index=0,
                project_id=None,
                step="decode_request",
                reason=repr(error),
                payload=frame.payload[:_PAYLOAD_SAMPLE_BYTES],
                timestamp_us=self._effects.now_us,
            )
        )

    def _computed(self, events: int) -> ComputedBatch:
        effects, people = self._effects, self._context.people
        for project_id, count in self._stored.items():
            self._count(project_id, "stored", count=count)
        for (project_id, outcome, reason), count in self._outcomes.items():
            effects.outcomes[OutcomeKey(project_id, outcome, reason)] += count
            effects.outcomes[OutcomeKey(project_id, "received")] += count
        effects.persons = people.changed()
        effects.deleted_persons = people.deleted
        effects.distinct_ids = people.changed_distinct_ids()
        effects.overrides = people.changed_overrides()
        effects.group_types = self.groups.new_types
        effects.groups = self.groups.changed()
        effects.cookieless_visitors = self.cookieless.changed()
        effects.warnings += self._context.warnings + self._context.tally.warnings()
        definitions = self.definitions.take()
        effects.event_definitions, effects.property_definitions, effects.event_properties = (
            definitions
        )
        return ComputedBatch(
            rows=self._rows,
            persons=person_rows(effects.persons) + deleted_person_rows(effects.deleted_persons),
            distinct_ids=distinct_id_rows(effects.distinct_ids),
            side_rows=SideRows(
                overrides=override_rows(effects.overrides),
                groups=group_rows(effects.groups),
                heatmaps=self._context.heatmap_rows,
            ),
            effects=effects,
            recordings=self.recordings.take(),
            events=events,
        )


def _other_ids(event: IngestEvent) -> list[str]:
    """The id that a merging event names, as far as it is readable; the steps read it properly."""
    try:
        properties = json.decode(bytes(event.logged.properties))
    except ValueError:
        properties = json.decode_lenient(bytes(event.logged.properties))
    other = other_id(event.logged.event, properties)
    return [] if other is None else [other]


def _needs_care(settings: ProjectSettings) -> bool:
    """Whether every step concerns the events of such a project."""
    return settings.person_processing_opt_out or settings.drop_events_older_than_seconds is not None


def stored_bytes_max(row: EventRow) -> int:
    """An event about a language model holds whole prompts and answers."""
    if is_ai_event(row.event):
        return limits.STORED_AI_EVENT_BYTES_MAX
    return limits.STORED_EVENT_BYTES_MAX


def stored_bytes(row: EventRow) -> int:
    """What the row takes in the store, near enough (§4, `message_size_too_large`)."""
    return len(row.properties) + len(row.person_properties) + len(row.elements_chain)
