"""Processor time of ingest's steps for one event, without any database.

    python bench/ingest_steps.py

`ordinary`: 25 properties, a known person that stays as it is. `mixed`: 30 % of the people are
anonymous at first and identified later, three group types, 1 % of the events sent twice.
"""

import random
import time
import uuid
from collections.abc import Collection, Iterator, Mapping

import msgspec

from hedgerow.core import json
from hedgerow.directory.batch import (
    CookielessVisitor,
    DedupeKey,
    DistinctId,
    Group,
    Person,
    PersonOverride,
)
from hedgerow.directory.project_settings import ProjectSettings
from hedgerow.directory.projects import Project
from hedgerow.ingest.batch import BatchComputer
from hedgerow.ingest.cookieless_state import CookielessState
from hedgerow.ingest.definitions import DefinitionCollector
from hedgerow.ingest.enrichment import Enricher
from hedgerow.ingest.groups_state import GroupsState
from hedgerow.ingest.people_state import PeopleState
from hedgerow.ingest.recordings import RecordingCollector
from hedgerow.log.contract import Frame
from hedgerow.store.rows import EventIdentity
from hedgerow.testing.no_recordings import NoRecordings
from hedgerow.wire.record import LoggedEvent, LoggedRequest, encode_request

TOKEN = "phc_bench"
NOW_US = 1_790_000_000_000_000
EVENTS, PEOPLE, A_REQUEST, RUNS = 20_000, 2_000, 50, 5
PROPERTIES = {f"property_{number}": f"value {number}" for number in range(19)} | {
    "$browser": "Firefox",
    "$os": "Linux",
    "$current_url": "https://shop.example/cart",
    "$pathname": "/cart",
    "$device_type": "Desktop",
    "$session_id": "018eebf3-79cd-70da-895f-b6cf352bd688",
}


class Nobody:
    """Everything is new: what a batch needs is made within it."""

    def persons(self, _project_id: int, _ids: Collection[str]) -> dict[str, Person]:
        return {}

    def distinct_ids(self, _project_id: int, _person_id: bytes) -> list[DistinctId]:
        return []

    def overrides(self, _project_id: int, _person_id: bytes) -> list[PersonOverride]:
        return []

    def types(self, _project_id: int) -> dict[str, int]:
        return {}

    def group(self, _project_id: int, _index: int, _key: str) -> Group | None:
        return None

    def salt(self, _day: int) -> bytes:
        return bytes(16)

    def visitor(self, _day: int, _hashed: bytes) -> CookielessVisitor | None:
        return None


def logged(name: str, distinct_id: str, properties: Mapping[str, object]) -> LoggedEvent:
    return LoggedEvent(
        uuid=str(uuid.uuid4()),
        event=name,
        distinct_id=distinct_id,
        timestamp_us=NOW_US,
        lane="main",
        properties=msgspec.Raw(json.encode(properties)),
    )


def ordinary() -> Iterator[LoggedEvent]:
    for number in range(EVENTS):
        yield logged("$pageview", f"user {number % PEOPLE}", PROPERTIES)


def mixed() -> Iterator[LoggedEvent]:
    chance = random.Random(7)
    last = logged("$pageview", "user 0", PROPERTIES)
    groups: dict[str, object]
    for _ in range(EVENTS):
        person = chance.randrange(PEOPLE)
        groups = {"company": f"c{person % 50}", "team": f"t{person % 9}", "plan": "pro"}
        draw = chance.random()
        if draw < 0.01:
            yield last
            continue
        if draw < 0.03 and person % 10 < 3:
            anonymous = {"$anon_distinct_id": f"anon {person}"}
            yield logged("$identify", f"user {person}", PROPERTIES | anonymous)
            continue
        distinct_id = f"anon {person}" if person % 10 < 3 and draw < 0.5 else f"user {person}"
        last = logged("$pageview", distinct_id, {**PROPERTIES, "$groups": groups})
        yield last


def frames(events: list[LoggedEvent]) -> list[Frame]:
    found = []
    for start in range(0, len(events), A_REQUEST):
        some = events[start : start + A_REQUEST]
        request = LoggedRequest(1, TOKEN, NOW_US, NOW_US, "203.0.113.1", "/e/", "", False, some, [])
        found.append(Frame(start, start + A_REQUEST, encode_request(request)))
    return found


def nothing_seen(_keys: Collection[DedupeKey]) -> set[DedupeKey]:
    return set()


def nothing_stored(
    _events: Collection[EventIdentity], _received_before_us: int, _position: int
) -> set[EventIdentity]:
    return set()


def microseconds_an_event(events: list[LoggedEvent]) -> float:
    nobody = Nobody()
    computer = BatchComputer(
        projects={TOKEN: Project(1, "bench", TOKEN, 0, ProjectSettings())},
        seen_keys=nothing_seen,
        stored_before=nothing_stored,
        people=PeopleState(nobody),
        groups=GroupsState(nobody),
        cookieless=CookielessState(nobody),
        definitions=DefinitionCollector(),
        enricher=Enricher(),
        recordings=RecordingCollector(NoRecordings()),
    )
    batch = frames(events)
    best = float("inf")
    for _ in range(RUNS):
        started = time.process_time()
        computer.compute(batch)
        best = min(best, time.process_time() - started)
    return best / len(events) * 1_000_000


def main() -> None:
    for make in (ordinary, mixed):
        cost = microseconds_an_event(list(make()))
        print(f"{make.__name__:10} {cost:6.2f} us an event   {1_000_000 / cost:9,.0f} events/s")


if __name__ == "__main__":
    main()
