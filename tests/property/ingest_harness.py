"""Ingestion on lists in place of the log and the store, restarted after each failure."""

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from sqlalchemy import text

from hedgerow.core.clock import FixedClock
from hedgerow.core.errors import StoreUnavailableError
from hedgerow.core.ids import person_uuid
from hedgerow.directory.engine import Directory, open_directory
from hedgerow.directory.outcomes import outcomes
from hedgerow.directory.provision import provision
from hedgerow.ingest.dedupe import DAY_US
from hedgerow.ingest.deferred_lanes import DeferredLanes
from hedgerow.ingest.enrichment import Enricher
from hedgerow.ingest.loop import IngestLoop
from hedgerow.ingest.maintenance import Maintenance
from hedgerow.log.contract import Frame
from hedgerow.store.erasure import Erasure
from hedgerow.store.rows import DistinctIdRow, EventIdentity, EventRow, PersonRow
from hedgerow.store.side_rows import GroupRow, OverrideRow, SideRows
from hedgerow.testing.no_recordings import NoRecordings

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
        if 1 < bytes_max < 8 * 1024 * 1024:
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
    distinct_ids: dict[str, DistinctIdRow] = field(default_factory=dict)
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
        for item in distinct_ids:
            known_id = self.distinct_ids.get(item.distinct_id)
            if known_id is None or known_id.version <= item.version:
                self.distinct_ids[item.distinct_id] = item
        self._step()

    def insert_side_rows(self, rows: SideRows) -> None:
        self._step()
        for override in rows.overrides:
            known = self.overrides.get(override.old_person_id)
            if known is None or known.version <= override.version:
                self.overrides[override.old_person_id] = override
        for group in rows.groups:
            self.groups[group.group_type_index, group.group_key] = group
        self._step()

    def stored_since(self, position: int, before: int | None = None) -> set[tuple[int, int]]:
        return {
            key for key in self.rows if key[0] >= position and (before is None or key[0] < before)
        }

    def stored_before(
        self, events: Collection[EventIdentity], received_before_us: int, position: int
    ) -> set[EventIdentity]:
        return set(events) & {
            EventIdentity(
                row.project_id,
                row.timestamp_us // DAY_US,
                row.event,
                row.distinct_id,
                row.uuid,
            )
            for row in self.rows.values()
            if row.received_at_us < received_before_us and row.log_position < position
        }

    def reassign_events(
        self, project_id: int, distinct_ids: Collection[str], before_position: int
    ) -> None:
        self._step()
        for key, row in self.rows.items():
            if row.distinct_id in distinct_ids and row.log_position < before_position:
                person_id = person_uuid(project_id, row.distinct_id).bytes
                self.rows[key] = replace(row, person_id=person_id)
        self._step()

    def erase(self, erasure: Erasure) -> None:
        self._step()
        for person_id in erasure.person_ids:
            self.persons.pop(person_id, None)
        for old_id in erasure.old_person_ids:
            self.overrides.pop(old_id, None)
        for distinct_id in erasure.distinct_ids:
            self.distinct_ids.pop(distinct_id, None)
        before = erasure.events_before_position
        if before is not None:
            self.rows = {
                key: row
                for key, row in self.rows.items()
                if row.distinct_id not in erasure.distinct_ids or row.log_position >= before
            }
        self._step()


def ingest(folder: Path, store: ListStore, payloads: list[bytes], batches: list[int]) -> Directory:
    """Ingest everything, restarting after each failure as a new process would."""
    directory = open_directory(folder / "directory.sqlite")
    provision(directory, project_api_key=TOKEN, personal_api_key="", now_us=0)
    stop = threading.Event()
    stop.set()  # no waiting for more to gather
    while True:
        loop = IngestLoop(
            reader=ListReader(payloads, batches),
            directory=directory,
            store=store,
            enricher=Enricher(),
            recordings=NoRecordings(),
            deferred=DeferredLanes(directory, FixedClock(NOW_US)),
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
        tables = {
            name: sorted(map(tuple, connection.execute(text(query))), key=repr)
            for name, query in _STATE_QUERIES.items()
        }
    return {
        **tables,
        "rows": [store.rows[key] for key in sorted(store.rows)],
        "store persons": sorted(
            (key, row.version, row.is_deleted) for key, row in store.persons.items()
        ),
        "store distinct ids": sorted(store.distinct_ids.items()),
        "store overrides": sorted(store.overrides.items()),
        "store groups": sorted(store.groups.items()),
        "outcomes": sorted(outcomes(directory)),
    }


_STATE_QUERIES = {
    "persons": (
        "SELECT id, properties, created_at_us, is_identified, version, main_distinct_id FROM persons"
    ),
    # The order in which a person got its ids, but not the numbers that stand for it.
    "distinct ids": (
        "SELECT distinct_id, person_id, version, "
        "rank() OVER (PARTITION BY person_id ORDER BY id) FROM person_distinct_ids"
    ),
    "overrides": "SELECT old_person_id, person_id, version FROM person_overrides",
    "group types": "SELECT group_type, type_index, created_at_us FROM group_types",
    "groups": "SELECT type_index, group_key, properties, created_at_us, version FROM groups",
    "put off": "SELECT position FROM deferred_frames",
    "warnings": "SELECT type, count FROM ingestion_warnings",
}
