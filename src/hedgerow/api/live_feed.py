"""What ingest has just committed, handed to the browsers that watch. Bounded in every direction.

Ingest publishes from its own thread; each watcher waits in the event loop. A watcher that does not
keep up is let go: it comes back by itself and asks for what it missed.
"""

import asyncio
import threading
import uuid
from collections import OrderedDict, defaultdict, deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import msgspec
from msgspec import Raw, Struct

from hedgerow.api.times import shown_time
from hedgerow.core import json
from hedgerow.core.clock import Clock
from hedgerow.directory.batch import Warning as IngestionWarning
from hedgerow.ingest.batch import ComputedBatch
from hedgerow.store.rows import EventRow

MESSAGES_WAITING_MAX: Final = 100
# Of one batch; nobody reads faster, and the page says how many there were.
EVENTS_A_MESSAGE_MAX: Final = 50
PROBLEMS_KEPT_MAX: Final = 50
PROPERTIES_BYTES_MAX: Final = 32 * 1024
PEOPLE_REMEMBERED_MAX: Final = 20_000
_MINUTE_US: Final = 60 * 1_000_000
_PEOPLE_WINDOW_US: Final = 5 * _MINUTE_US
_NAME_PROPERTIES: Final = ("email", "name", "username")


class LiveEvent(Struct):
    """`properties` is null where they are too large to send unasked."""

    uuid: str
    event: str
    distinct_id: str
    person_id: str
    person_name: str | None
    timestamp: str
    received_at: str
    properties: Raw


class LiveProblem(Struct):
    """A warning of ingest: with severity `error` the event was dropped."""

    reason: str
    severity: str
    count: int
    timestamp: str
    details: dict[str, Any]


class LiveCounters(Struct):
    events_last_minute: int
    people_last_5_minutes: int


class LiveMessage(Struct):
    """`events` are the newest of `events_count` that were stored together."""

    events: list[LiveEvent]
    events_count: int
    problems: list[LiveProblem]


class Watcher:
    """One browser's queue."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._messages: asyncio.Queue[LiveMessage] = asyncio.Queue(MESSAGES_WAITING_MAX)
        self.is_too_slow = False

    def put(self, message: LiveMessage) -> None:
        """From any thread."""
        self._loop.call_soon_threadsafe(self._put, message)

    def _put(self, message: LiveMessage) -> None:
        try:
            self._messages.put_nowait(message)
        except asyncio.QueueFull:
            self.is_too_slow = True

    async def next(self, seconds_max: float) -> LiveMessage | None:
        """None when nothing has come in this time."""
        try:
            async with asyncio.timeout(seconds_max):
                return await self._messages.get()
        except TimeoutError:
            return None


class _Recent:
    """Counts of the last minutes of one project."""

    def __init__(self) -> None:
        self._events: deque[tuple[int, int]] = deque()
        self._people: OrderedDict[bytes, int] = OrderedDict()

    def add(self, rows: Iterable[EventRow], now_us: int) -> None:
        count = 0
        for row in rows:
            if row.received_at_us < now_us - _PEOPLE_WINDOW_US:
                continue
            count += row.received_at_us >= now_us - _MINUTE_US
            # Who was imported is not here now.
            if row.timestamp_us >= now_us - _PEOPLE_WINDOW_US:
                self._people[row.person_id] = row.received_at_us
                self._people.move_to_end(row.person_id)
        if count:
            self._events.append((now_us, count))
        while len(self._people) > PEOPLE_REMEMBERED_MAX:
            self._people.popitem(last=False)

    def counters(self, now_us: int) -> LiveCounters:
        while self._events and self._events[0][0] < now_us - _MINUTE_US:
            self._events.popleft()
        while self._people:
            oldest = next(iter(self._people))
            if self._people[oldest] >= now_us - _PEOPLE_WINDOW_US:
                break
            del self._people[oldest]
        return LiveCounters(sum(count for _, count in self._events), len(self._people))


class LiveFeed:
    """Safe to use from several threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._watchers: defaultdict[int, set[Watcher]] = defaultdict(set)
        self._recent: defaultdict[int, _Recent] = defaultdict(_Recent)
        self._problems: dict[int, deque[LiveProblem]] = {}

    def publish(self, batch: ComputedBatch) -> None:
        """A batch that was committed; called in ingest's thread."""
        rows: defaultdict[int, list[EventRow]] = defaultdict(list)
        for row in batch.rows:
            rows[row.project_id].append(row)
        problems: defaultdict[int, list[LiveProblem]] = defaultdict(list)
        for warning in batch.effects.warnings:
            problems[warning.project_id].append(_problem(warning))
        now_us = self._clock.now_us()
        with self._lock:
            for project_id in rows.keys() | problems.keys():
                self._publish(project_id, rows[project_id], problems[project_id], now_us)

    def _publish(
        self, project_id: int, rows: list[EventRow], problems: list[LiveProblem], now_us: int
    ) -> None:
        self._recent[project_id].add(rows, now_us)
        kept = self._problems.setdefault(project_id, deque(maxlen=PROBLEMS_KEPT_MAX))
        kept.extend(problems)
        if self._watchers[project_id]:
            events = [_event(row) for row in rows[-EVENTS_A_MESSAGE_MAX:]]
            message = LiveMessage(events, len(rows), problems[-PROBLEMS_KEPT_MAX:])
            for watcher in self._watchers[project_id]:
                watcher.put(message)

    @contextmanager
    def watch(self, project_id: int) -> Iterator[Watcher]:
        """A watcher of one project; call it in the event loop that will wait."""
        watcher = Watcher(asyncio.get_running_loop())
        with self._lock:
            self._watchers[project_id].add(watcher)
        try:
            yield watcher
        finally:
            with self._lock:
                self._watchers[project_id].discard(watcher)

    def counters(self, project_id: int) -> LiveCounters:
        with self._lock:
            return self._recent[project_id].counters(self._clock.now_us())

    def problems(self, project_id: int) -> list[LiveProblem]:
        """The last ones since the start, the oldest first."""
        with self._lock:
            return list(self._problems.get(project_id, ()))


def _problem(warning: IngestionWarning) -> LiveProblem:
    return LiveProblem(
        reason=warning.type,
        severity=warning.severity,
        count=warning.count,
        timestamp=shown_time(warning.timestamp_us),
        details=warning.details,
    )


def _event(row: EventRow) -> LiveEvent:
    small = len(row.properties) <= PROPERTIES_BYTES_MAX
    return LiveEvent(
        uuid=row.uuid,
        event=row.event,
        distinct_id=row.distinct_id,
        person_id=str(uuid.UUID(bytes=row.person_id)),
        person_name=_person_name(row.person_properties),
        timestamp=shown_time(row.timestamp_us),
        received_at=shown_time(row.received_at_us),
        properties=Raw(row.properties if small else b"null"),
    )


def _person_name(properties: bytes) -> str | None:
    try:
        found = json.decode(properties)
    except (ValueError, msgspec.DecodeError):
        return None
    names = (found.get(name) for name in _NAME_PROPERTIES) if isinstance(found, dict) else ()
    return next((name for name in names if isinstance(name, str) and name), None)
