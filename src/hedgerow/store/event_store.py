"""The `EventStore` on chDB: one insert per table partition, durable when it returns."""

import threading
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from clickhouse_connect.driver.exceptions import ClickHouseError

from hedgerow.core.errors import StoreUnavailableError
from hedgerow.store.arrow import (
    by_partition,
    distinct_ids_table,
    events_table,
    file_bytes,
    persons_table,
    sorting_date,
)
from hedgerow.store.client import Client, open_store
from hedgerow.store.erasure import Erasure, erasure_statements, reassignment_statements
from hedgerow.store.rows import DistinctIdRow, EventIdentity, EventRow, PersonRow
from hedgerow.store.schema import INGESTED_TABLES
from hedgerow.store.side_arrow import side_tables
from hedgerow.store.side_rows import SideRows

_STORED_BEFORE: Final = """
SELECT toInt32(toDate32(timestamp)), event, distinct_id, toString(uuid)
FROM events
WHERE project_id = {project_id:Int64}
  AND toDate(timestamp) IN {days:Array(Date)}
  AND uuid IN {uuids:Array(UUID)}
  AND received_at < fromUnixTimestamp64Micro({received_before_us:Int64})
  AND log_position < {position:Int64}
"""


class ChdbEventStore:
    """Its client is used under a lock: the engine runs one statement of a client at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._client: Client = open_store(folder)
        self._lock = threading.Lock()

    def insert_events(self, rows: Sequence[EventRow]) -> None:
        for partition in by_partition(rows):
            self._insert("events", events_table(partition))

    def insert_persons(
        self, persons: Sequence[PersonRow], distinct_ids: Sequence[DistinctIdRow]
    ) -> None:
        if persons:
            self._insert("persons", persons_table(persons))
        if distinct_ids:
            self._insert("person_distinct_ids", distinct_ids_table(distinct_ids))

    def insert_side_rows(self, rows: SideRows) -> None:
        for table, content in side_tables(rows):
            self._insert(table, content)

    def stored_since(self, position: int, before: int | None = None) -> set[tuple[int, int]]:
        upper = "" if before is None else f" AND log_position < {int(before)}"
        with self._lock:
            rows = self._client.query(
                "SELECT log_position, log_index FROM events "  # noqa: S608 - a number
                f"WHERE log_position >= {{position:Int64}}{upper}",
                parameters={"position": position},
            ).result_rows
        return {(position, index) for position, index in rows}

    def reassign_events(
        self, project_id: int, distinct_ids: Collection[str], before_position: int
    ) -> None:
        self._change(reassignment_statements(project_id, distinct_ids, before_position))

    def forget_ingested(self) -> None:
        """Empty every table that a replay of the log fills again."""
        # Without the setting the engine refuses to empty a large table.
        self._change(
            (f"TRUNCATE TABLE {table} SETTINGS max_table_size_to_drop = 0", {})
            for table in INGESTED_TABLES
        )

    def erase(self, erasure: Erasure) -> None:
        self._change(erasure_statements(erasure))

    def _change(self, statements: Iterable[tuple[str, dict[str, Any]]]) -> None:
        try:
            for statement, parameters in statements:
                with self._lock:
                    self._client.command(statement, parameters=parameters)
        except (ClickHouseError, OSError, RuntimeError) as error:
            raise StoreUnavailableError(f"changing rows: {error}") from error

    def stored_before(
        self, events: Collection[EventIdentity], received_before_us: int, position: int
    ) -> set[EventIdentity]:
        wanted = set(events)
        found: set[EventIdentity] = set()
        for project_id in {event.project_id for event in wanted}:
            of_project = [event for event in wanted if event.project_id == project_id]
            parameters = {
                "project_id": project_id,
                "days": sorted({sorting_date(event.day) for event in of_project}),
                "uuids": sorted({event.uuid for event in of_project}),
                "received_before_us": received_before_us,
                "position": position,
            }
            with self._lock:
                rows = self._client.query(_STORED_BEFORE, parameters=parameters).result_rows
            found.update(EventIdentity(project_id, *row) for row in rows)
        return found & wanted

    def _insert(self, table: str, content: "pa.Table") -> None:
        block = file_bytes(content)
        try:
            with self._lock:
                self._client.raw_insert(table, content.column_names, block, fmt="Arrow")
        except (ClickHouseError, OSError, RuntimeError) as error:
            raise StoreUnavailableError(f"inserting into {table}: {error}") from error

    def close(self) -> None:
        with self._lock:
            self._client.close()
