"""Ingestion gives the same state however its input is cut, resent or cut off."""

import tempfile
import threading
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from hedgerow.core import json
from hedgerow.core.clock import FixedClock
from hedgerow.core.errors import StoreUnavailableError
from hedgerow.directory.engine import Directory, open_directory
from hedgerow.directory.outcomes import outcomes
from hedgerow.directory.provision import provision
from hedgerow.ingest.loop import IngestLoop
from hedgerow.ingest.maintenance import Maintenance
from hedgerow.log.contract import Frame
from hedgerow.store.rows import DistinctIdRow, EventRow, PersonRow
from hedgerow.store.side_rows import GroupRow, OverrideRow, SideRows
from hedgerow.testing.no_recordings import NoRecordings
from hedgerow.wire.record import NOT_SENT, DroppedEvents, LoggedEvent, LoggedRequest, encode_request

TOKEN = "phc_replay"
NOW_US = 1_760_000_000_000_000


class ListReader:
    """A `LogReader` of a list of payloads; position n is the n-th. `batches` cuts what a read gives."""

    def __init__(self, payloads: Sequence[bytes], batches: Sequence[int]) -> None:
        self._frames = [Frame(n, n + 1, payload) for n, payload in enumerate(payloads)]
        self._batches = list(batches)

    @property
    def start(self) -> int:
        return 0

    def end(self) -> int:
        return len(self._frames)

    def read(self, position: int, bytes_max: int) -> list[Frame]:
        # A small size makes the loop gather once more; that read must give nothing new.
        if bytes_max < 8 * 1024 * 1024:
            return []
        size = self._batches[position % len(self._batches)] if self._batches else 1
        return self._frames[position : position + size]

    def release(self, position: int) -> None:
        """Nothing is kept."""


@dataclass
class ListStore:
    """An `EventStore` in memory that fails before or after its n-th insert."""

    rows: dict[tuple[int, int], EventRow] = field(default_factory=dict)
    persons: dict[bytes, PersonRow] = field(default_factory=dict)
    overrides: dict[bytes, OverrideRow] = field(default_factory=dict)
    groups: dict[tuple[int, str], GroupRow] = field(default_factory=dict)
    fail_at: int = -1
    calls: int = 0

    def _step(self) -> None:
        self.calls += 1
        if self.calls == self.fail_at:
            raise StoreUnavailableError("failed on purpose")

    def insert_events(self, rows: Sequence[EventRow]) -> None:
        self._step()
        for row in rows:
            key = (row.log_position, row.log_index)
            assert key not in self.rows, "a row was inserted twice"
            self.rows[key] = row
        self._step()

    def insert_persons(
        self, persons: Sequence[PersonRow], distinct_ids: Sequence[DistinctIdRow]
    ) -> None:
        self._step()
        for person in persons:
            known = self.persons.get(person.id)
            if known is None or known.version <= person.version:
                self.persons[person.id] = person
        self._step()

    def insert_side_rows(self, rows: SideRows) -> None:
        self._step()
        for override in rows.overrides:
            self.overrides[override.old_person_id] = override
        for group in rows.groups:
            self.groups[group.group_type_index, group.group_key] = group
        self._step()

    def stored_since(self, position: int) -> set[tuple[int, int]]:
        return {key for key in self.rows if key[0] >= position}


def ingest(folder: Path, store: ListStore, payloads: list[bytes], batches: list[int]) -> Directory:
    """Ingest everything, restarting after each failure as a new process would."""
    directory = open_directory(folder / "directory.sqlite")
    provision(directory, project_api_key=TOKEN, personal_api_key="", now_us=0)
    stop = threading.Event()
    stop.set()  # no waiting for more to gather
    while True:
        loop = IngestLoop(
            recordings=NoRecordings(),
            reader=ListReader(payloads, batches),
            directory=directory,
            store=store,
            maintenance=Maintenance(folder, directory, NoRecordings(), FixedClock(NOW_US), 7, 0),
        )
        try:
            while loop.step(stop):
                pass
        except StoreUnavailableError:
            continue
        return directory


def state(directory: Directory, store: ListStore) -> dict[str, Any]:
    with directory.read() as connection:
        persons = connection.execute(
            text("SELECT id, properties, created_at_us, version FROM persons ORDER BY id")
        ).all()
    return {
        "rows": [store.rows[key] for key in sorted(store.rows)],
        "persons": [(row[0], json.decode(str(row[1]).encode()), row[2], row[3]) for row in persons],
        "store persons": sorted((key, row.version) for key, row in store.persons.items()),
        "outcomes": sorted(outcomes(directory)),
    }


UUIDS = [str(uuid.UUID(int=number + 1, version=4)) for number in range(12)]
PROPERTIES = st.fixed_dictionaries(
    {},
    optional={
        "$set": st.dictionaries(st.sampled_from("abc"), st.integers(0, 3), max_size=2),
        "$set_once": st.dictionaries(st.sampled_from("abc"), st.integers(0, 3), max_size=2),
        "$unset": st.lists(st.sampled_from("abc"), max_size=2),
        "$browser": st.sampled_from(["Firefox", "Chrome"]),
        "$process_person_profile": st.booleans(),
        "$elements": st.just([{"tag_name": "a"}]),
    },
)


@st.composite
def logged_events(draw: st.DrawFn) -> LoggedEvent:
    return LoggedEvent(
        uuid=draw(st.sampled_from(UUIDS)),
        event=draw(st.sampled_from(["$pageview", "$set", "$identify", "click", "$exception"])),
        distinct_id=draw(st.sampled_from(["ada", "bob", "eve"])),
        timestamp_us=NOW_US + draw(st.integers(0, 2)) * 86_400_000_000,
        lane="main",
        properties=msgspec.Raw(json.encode(draw(PROPERTIES))),
        set=NOT_SENT,
    )


@st.composite
def logged_requests(draw: st.DrawFn) -> bytes:
    return encode_request(
        LoggedRequest(
            version=1,
            token=draw(st.sampled_from([TOKEN, TOKEN, TOKEN, "phc_unknown"])),
            now_us=NOW_US,
            sent_at_us=None,
            ip="203.0.113.1",
            path="/batch/",
            user_agent="",
            historical_migration=False,
            events=draw(st.lists(logged_events(), max_size=4)),
            dropped=draw(
                st.lists(st.just(DroppedEvents("missing_distinct_id", 1, "{}")), max_size=1)
            ),
        )
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    payloads=st.lists(logged_requests(), min_size=1, max_size=8),
    batches=st.lists(st.integers(1, 4), min_size=1, max_size=4),
    fail_at=st.integers(1, 12),
)
def test_any_cut_and_any_crash_give_the_same_state(
    payloads: list[bytes], batches: list[int], fail_at: int
) -> None:
    with tempfile.TemporaryDirectory() as name:
        whole, cut = Path(name, "whole"), Path(name, "cut")
        whole.mkdir()
        cut.mkdir()
        expected_store, store = ListStore(), ListStore(fail_at=fail_at)

        expected = state(ingest(whole, expected_store, payloads, [100]), expected_store)
        found = state(ingest(cut, store, payloads, batches), store)

        assert found["rows"] == expected["rows"]
        assert found["persons"] == expected["persons"]
        assert found["store persons"] == expected["store persons"]
        assert found["outcomes"] == expected["outcomes"]
        assert_balanced(found["outcomes"], payloads)


def assert_balanced(counts: list[tuple[Any, int]], payloads: list[bytes]) -> None:
    totals: Counter[str] = Counter()
    for key, count in counts:
        totals[key.outcome] += count
    received = totals.pop("received", 0)
    assert received == sum(totals.values())
    sent = [msgspec.json.decode(payload) for payload in payloads]
    assert received == sum(len(request[8]) + len(request[9]) for request in sent)


def test_a_resent_request_changes_neither_rows_nor_persons(tmp_path: Path) -> None:
    event = LoggedEvent(
        uuid=UUIDS[0],
        event="$set",
        distinct_id="ada",
        timestamp_us=NOW_US,
        lane="main",
        properties=msgspec.Raw(b'{"$set":{"a":1}}'),
    )
    request = encode_request(
        LoggedRequest(1, TOKEN, NOW_US, None, "", "/e/", "", False, [event], [])
    )
    store = ListStore()

    directory = ingest(tmp_path, store, [request] * 4, [1])

    found = state(directory, store)
    assert len(found["rows"]) == 1
    assert [person[3] for person in found["persons"]] == [0]
