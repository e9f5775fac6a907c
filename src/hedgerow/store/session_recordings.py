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
from hedgerow.store.arrow import month_of, stored_time_us
from hedgerow.store.client import Client

TABLE: Final = "session_recordings"
TOMBSTONE_CHUNK: Final = "deleted"

_SESSION = "project_id = {project_id:Int64} AND session_id = {session_id:String}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingChunk:
    """`data` is a zstd-compressed JSON array of `items` rrweb events, `raw_bytes` uncompressed.

    `first_us` and `last_us` are the times of its items, by the client's clock.
    """

    project_id: int
    session_id: str
    chunk_id: str
    window_id: str
    distinct_id: str
    source: str
    library: str
    received_at_us: int
    first_us: int
    last_us: int
    items: int
    clicks: int
    key_presses: int
    mouse_moves: int
    console_messages: int
    console_errors: int
    first_url: str
    raw_bytes: int
    data: bytes
    log_position: int


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


@dataclass(frozen=True, slots=True)
class StoredChunk:
    window_id: str
    data: bytes
    raw_bytes: int


_SUMMARY = """
SELECT r.session_id, argMin(r.distinct_id, r.first_at), argMin(r.source, r.first_at),
  toUnixTimestamp64Micro(min(r.first_at)), toUnixTimestamp64Micro(max(r.last_at)),
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
            self._insert(_table(part))

    def summaries(
        self, project_id: int, *, limit: int, offset: int = 0, distinct_ids: Sequence[str] = ()
    ) -> list[RecordingSummary]:
        """The newest sessions first; only those of `distinct_ids` where any are given."""
        rows = self._rows(
            _SUMMARY,
            project_id=project_id,
            session_id="",
            limit=limit,
            offset=offset,
            distinct_ids=list(distinct_ids),
        )
        return [_summary(row) for row in rows]

    def summary(self, project_id: int, session_id: str) -> RecordingSummary | None:
        rows = self._rows(
            _SUMMARY,
            project_id=project_id,
            session_id=session_id,
            limit=1,
            offset=0,
            distinct_ids=[],
        )
        return _summary(rows[0]) if rows else None

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
        tombstone = _tombstone(project_id, session_id, now_us)
        self._insert(_table([tombstone], is_deleted=True))
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


def _tombstone(project_id: int, session_id: str, now_us: int) -> RecordingChunk:
    return RecordingChunk(
        project_id=project_id,
        session_id=session_id,
        chunk_id=TOMBSTONE_CHUNK,
        window_id="",
        distinct_id="",
        source="",
        library="",
        received_at_us=now_us,
        first_us=now_us,
        last_us=now_us,
        items=0,
        clicks=0,
        key_presses=0,
        mouse_moves=0,
        console_messages=0,
        console_errors=0,
        first_url="",
        raw_bytes=0,
        data=b"",
        log_position=0,
    )


def _table(chunks: Sequence[RecordingChunk], *, is_deleted: bool = False) -> "pa.Table":
    time = pa.timestamp("us", "UTC")
    texts = ("session_id", "chunk_id", "window_id", "distinct_id", "source", "library", "first_url")
    numbers = ("items", "clicks", "key_presses", "mouse_moves", "console_messages")
    times = {"received_at": "received_at_us", "first_at": "first_us", "last_at": "last_us"}
    columns = {name: pa.array([getattr(c, name) for c in chunks], pa.string()) for name in texts}
    for name in (*numbers, "console_errors"):
        columns[name] = pa.array([getattr(chunk, name) for chunk in chunks], pa.int32())
    for name, source in times.items():
        columns[name] = pa.array([stored_time_us(getattr(chunk, source)) for chunk in chunks], time)
    for name in ("project_id", "raw_bytes", "log_position"):
        columns[name] = pa.array([getattr(chunk, name) for chunk in chunks], pa.int64())
    columns["stored_bytes"] = pa.array([len(chunk.data) for chunk in chunks], pa.int64())
    columns["data"] = pa.array([chunk.data for chunk in chunks], pa.binary())
    columns["is_deleted"] = pa.array([int(is_deleted)] * len(chunks), pa.uint8())
    return pa.table(columns)
