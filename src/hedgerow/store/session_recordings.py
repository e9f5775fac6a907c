"""Session recordings in the store: chunks of compressed items, and what is told of a session.

A chunk is known by (project, session, chunk id), so that inserting it again changes nothing. A
deleted session leaves one empty row with `is_deleted`, which keeps it away when its chunks are
inserted once more (a resend, a replay of the log).
"""

import base64
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
from clickhouse_connect.driver.exceptions import ClickHouseError

from hedgerow.core.errors import StoreUnavailableError
from hedgerow.store.arrow import month_of
from hedgerow.store.client import Client
from hedgerow.store.recording_rows import RecordingChunk, recording_table, tombstone

TABLE: Final = "session_recordings"

_SESSION = "project_id = {project_id:Int64} AND session_id = {session_id:String}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingSummary:
    """What is told of one session. `stored_bytes` is what it takes of the quota."""

    session_id: str
    distinct_id: str
    source: str
    first_us: int
    last_us: int
    received_at_us: int
    chunks: int
    windows: int
    items: int
    clicks: int
    key_presses: int
    mouse_moves: int
    console_messages: int
    console_errors: int
    first_url: str
    raw_bytes: int
    stored_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingScope:
    """Which sessions are asked for: of some ids, by their start and their length; both ends count.

    No distinct ids mean those of everybody, None is no bound.
    """

    distinct_ids: Sequence[str] = ()
    start_us_min: int | None = None
    start_us_max: int | None = None
    duration_us_min: int | None = None
    duration_us_max: int | None = None


EVERY_RECORDING: Final = RecordingScope()


@dataclass(frozen=True, slots=True)
class StoredChunk:
    window_id: str
    data: bytes
    raw_bytes: int


_SUMMARY = """
SELECT r.session_id, argMin(r.distinct_id, r.first_at), argMin(r.source, r.first_at),
  toUnixTimestamp64Micro(min(r.first_at)) AS start_us,
  toUnixTimestamp64Micro(max(r.last_at)) AS end_us,
  toUnixTimestamp64Micro(max(r.received_at)),
  count(), uniqExact(r.window_id), sum(r.items), sum(r.clicks), sum(r.key_presses),
  sum(r.mouse_moves), sum(r.console_messages), sum(r.console_errors),
  argMinIf(r.first_url, r.first_at, r.first_url != ''), sum(r.raw_bytes), sum(r.stored_bytes)
FROM session_recordings AS r FINAL
WHERE r.project_id = {project_id:Int64}
  AND ({session_id:String} = '' OR r.session_id = {session_id:String})
GROUP BY r.session_id
HAVING max(r.is_deleted) = 0 AND (
  empty({distinct_ids:Array(String)})
  OR hasAny(groupUniqArray(r.distinct_id), {distinct_ids:Array(String)}))
  AND ifNull(start_us >= {start_us_min:Nullable(Int64)}, 1)
  AND ifNull(start_us <= {start_us_max:Nullable(Int64)}, 1)
  AND ifNull(end_us - start_us >= {duration_us_min:Nullable(Int64)}, 1)
  AND ifNull(end_us - start_us <= {duration_us_max:Nullable(Int64)}, 1)
ORDER BY min(r.first_at) DESC, r.session_id
LIMIT {limit:Int64} OFFSET {offset:Int64}
"""


class SessionRecordingStore:
    """One statement at a time, on a client of its own. All methods block.

    Each raises `StoreUnavailableError` where the engine does not answer.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()

    def insert(self, chunks: Sequence[RecordingChunk]) -> None:
        """Durably; repeating the same chunks changes nothing. One insert a month of arrival."""
        by_month: dict[int, list[RecordingChunk]] = {}
        for chunk in chunks:
            by_month.setdefault(month_of(chunk.received_at_us), []).append(chunk)
        for part in by_month.values():
            self._insert(recording_table(part))

    def summaries(
        self,
        project_id: int,
        scope: RecordingScope = EVERY_RECORDING,
        *,
        limit: int,
        offset: int = 0,
    ) -> list[RecordingSummary]:
        """The newest sessions first."""
        return self._summaries(project_id, "", scope, limit, offset)

    def summary(self, project_id: int, session_id: str) -> RecordingSummary | None:
        found = self._summaries(project_id, session_id, EVERY_RECORDING, 1, 0)
        return found[0] if found else None

    def _summaries(
        self, project_id: int, session_id: str, scope: RecordingScope, limit: int, offset: int
    ) -> list[RecordingSummary]:
        """An empty `session_id` stands for every session."""
        rows = self._rows(
            _SUMMARY,
            project_id=project_id,
            session_id=session_id,
            distinct_ids=list(scope.distinct_ids),
            start_us_min=scope.start_us_min,
            start_us_max=scope.start_us_max,
            duration_us_min=scope.duration_us_min,
            duration_us_max=scope.duration_us_max,
            limit=limit,
            offset=offset,
        )
        return [_summary(row) for row in rows]

    def chunk_sizes(self, project_id: int, session_id: str) -> list[int]:
        """The uncompressed bytes of each chunk, in the order of `chunks`."""
        rows = self._rows(
            f"SELECT raw_bytes FROM {TABLE} FINAL WHERE {_SESSION} AND NOT is_deleted"  # noqa: S608
            " ORDER BY first_at, last_at, chunk_id",
            project_id=project_id,
            session_id=session_id,
        )
        return [int(row[0]) for row in rows]

    def chunks(
        self, project_id: int, session_id: str, *, offset: int, limit: int
    ) -> list[StoredChunk]:
        """In the order of their first items."""
        rows = self._rows(
            f"SELECT window_id, base64Encode(data), raw_bytes FROM {TABLE} FINAL"  # noqa: S608
            f" WHERE {_SESSION} AND NOT is_deleted"
            " ORDER BY first_at, last_at, chunk_id"
            " LIMIT {limit:Int64} OFFSET {offset:Int64}",
            project_id=project_id,
            session_id=session_id,
            limit=limit,
            offset=offset,
        )
        return [
            StoredChunk(window_id, base64.b64decode(data), int(raw_bytes))
            for window_id, data, raw_bytes in rows
        ]

    def stored_bytes(self, project_id: int) -> int:
        rows = self._rows(
            f"SELECT sum(stored_bytes) FROM {TABLE} FINAL"  # noqa: S608
            " WHERE project_id = {project_id:Int64}",
            project_id=project_id,
        )
        return int(rows[0][0])

    def is_deleted(self, project_id: int, session_id: str) -> bool:
        rows = self._rows(
            f"SELECT 1 FROM {TABLE} WHERE {_SESSION} AND is_deleted LIMIT 1",  # noqa: S608
            project_id=project_id,
            session_id=session_id,
        )
        return bool(rows)

    def delete(self, project_id: int, session_id: str, now_us: int) -> None:
        """The session's data leave the disk; it stays deleted whatever arrives for it later."""
        row = tombstone(project_id, session_id, now_us)
        self._insert(recording_table([row], is_deleted=True))
        self._command(
            f"ALTER TABLE {TABLE} DELETE WHERE {_SESSION} AND NOT is_deleted"
            " SETTINGS mutations_sync = 1",
            project_id=project_id,
            session_id=session_id,
        )

    def delete_received_before(self, project_id: int, time_us: int) -> int:
        """How many chunks have left; nothing is rewritten where there are none."""
        condition = (
            "project_id = {project_id:Int64} AND"
            " received_at < fromUnixTimestamp64Micro({time_us:Int64}, 'UTC')"
        )
        rows = self._rows(
            f"SELECT count() FROM {TABLE} WHERE {condition}",  # noqa: S608
            project_id=project_id,
            time_us=time_us,
        )
        count = int(rows[0][0])
        if count:
            self._command(
                f"ALTER TABLE {TABLE} DELETE WHERE {condition} SETTINGS mutations_sync = 1",
                project_id=project_id,
                time_us=time_us,
            )
        return count

    def close(self) -> None:
        with self._lock:
            self._client.close()

    def _insert(self, table: "pa.Table") -> None:
        try:
            with self._lock:
                self._client.insert_arrow(TABLE, table)
        except (ClickHouseError, OSError, RuntimeError) as error:
            raise StoreUnavailableError(f"inserting into {TABLE}: {error}") from error

    def _rows(self, sql: str, **parameters: Any) -> list[Sequence[Any]]:
        try:
            with self._lock:
                rows: list[Sequence[Any]] = self._client.query(
                    sql, parameters=parameters
                ).result_rows
        except (ClickHouseError, OSError, RuntimeError) as error:
            raise StoreUnavailableError(f"reading {TABLE}: {error}") from error
        return rows

    def _command(self, sql: str, **parameters: Any) -> None:
        try:
            with self._lock:
                self._client.command(sql, parameters=parameters)
        except (ClickHouseError, OSError, RuntimeError) as error:
            raise StoreUnavailableError(f"changing {TABLE}: {error}") from error


def _summary(row: Sequence[Any]) -> RecordingSummary:
    names = RecordingSummary.__dataclass_fields__
    return RecordingSummary(**dict(zip(names, row, strict=True)))
