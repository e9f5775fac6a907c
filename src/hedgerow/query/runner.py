"""Runs prepared queries on read-only clients with limits, and says in plain words what failed."""

import contextlib
import math
import queue
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from clickhouse_connect.driver.exceptions import ClickHouseError

from hedgerow.core import limits
from hedgerow.core.errors import QueryError, StoreUnavailableError
from hedgerow.query.sql import PreparedQuery
from hedgerow.store.client import Client

_CODE = re.compile(r"Code: (\d+)")
_UNKNOWN_NAME = re.compile(r"identifier [`']([^`']{1,200})[`']")
_WAIT_SECONDS_MAX: Final = 5

_TIME, _ROWS, _MEMORY = (159, 160), (396,), (241,)
_UNKNOWN_COLUMN, _NOT_AGGREGATED = (47,), (215,)
_TYPES = (43, 386, 53, 6, 27, 41, 70, 349, 42, 44, 62, 184)


@dataclass(frozen=True, slots=True)
class QueryLimits:
    seconds_max: int = limits.QUERY_SECONDS_MAX
    bytes_max: int = limits.QUERY_BYTES_MAX
    rows_max: int = limits.QUERY_ROWS_MAX


@dataclass(frozen=True, slots=True)
class QueryResult:
    """`rows` hold JSON values only. `has_more` tells of rows beyond the limit."""

    columns: list[str]
    types: list[str]
    rows: list[list[Any]]
    has_more: bool
    elapsed_ms: float


class QueryRunner:
    """A few clients, each used by one query at a time."""

    def __init__(
        self,
        connect: Callable[[], Client],
        query_limits: QueryLimits,
        concurrency: int = limits.QUERY_CONCURRENCY_MAX,
    ) -> None:
        self.limits = query_limits
        self._connect = connect
        self._idle: queue.SimpleQueue[Client] = queue.SimpleQueue()
        self._slots = threading.BoundedSemaphore(concurrency)
        self._idle.put(self._latched_client())

    def _latched_client(self) -> Client:
        """Limits first, then `readonly`, which latches; then everything is read back."""
        client = self._connect()
        wanted = {
            "max_execution_time": self.limits.seconds_max,
            "max_memory_usage": self.limits.bytes_max,
            "max_result_rows": self.limits.rows_max + 1,
            "readonly": 1,
        }
        for name, value in wanted.items():
            client.command(f"SET {name} = {int(value)}")
        found = client.query(
            "SELECT name, value FROM system.settings WHERE name IN "
            "('max_execution_time', 'max_memory_usage', 'max_result_rows', 'readonly')"
        ).result_rows
        in_force = {name: float(value) for name, value in found}
        if in_force != {name: float(value) for name, value in wanted.items()}:
            raise StoreUnavailableError(f"The limits of queries are not in force: {in_force}")
        return client

    @contextlib.contextmanager
    def _client(self) -> Iterator[Client]:
        if not self._slots.acquire(timeout=_WAIT_SECONDS_MAX):
            raise QueryError("Too many queries are running. Try again soon.", code="throttled")
        try:
            try:
                client = self._idle.get_nowait()
            except queue.Empty:
                client = self._latched_client()
            try:
                yield client
            finally:
                self._idle.put(client)
        finally:
            self._slots.release()

    def close(self) -> None:
        """Let go of the clients that are idle."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._idle.get_nowait().close()

    def run(self, prepared: PreparedQuery) -> QueryResult:
        """Blocking. Raises `QueryError` for what the user can change."""
        started = time.perf_counter()
        with self._client() as client:
            try:
                # The driver's own formatting must not touch the text: no parameters, no limit.
                result = client.query(prepared.sql)
            except ClickHouseError as error:
                raise self._explained(str(error)) from None
            names, types = list(result.column_names), [item.name for item in result.column_types]
            if not names:
                # The driver tells nothing of an answer without rows.
                described = client.query(f"DESCRIBE ({prepared.sql})").result_rows
                names, types = [row[0] for row in described], [row[1] for row in described]
        rows = [[to_json_value(value) for value in row] for row in result.result_rows]
        if prepared.columns is not None and len(prepared.columns) == len(names):
            names = prepared.columns
        return QueryResult(
            columns=names,
            types=types,
            rows=rows[: prepared.limit],
            has_more=len(rows) > prepared.limit,
            elapsed_ms=(time.perf_counter() - started) * 1000,
        )

    def _explained(self, message: str) -> QueryError:
        """The engine's error in the user's terms; none of its own text but a name or a type."""
        match = _CODE.search(message)
        code = int(match.group(1)) if match else 0
        if code in _TIME:
            return QueryError(
                f"The query took longer than {self.limits.seconds_max} s. Ask for a shorter time "
                "range or fewer columns.",
                code="query_timeout",
            )
        if code in _MEMORY:
            return QueryError(
                f"The query needs more than {self.limits.bytes_max // 2**20} MiB of memory. Ask "
                "for a shorter time range or fewer groups.",
                code="query_memory_limit",
            )
        if code in _ROWS:
            return QueryError(
                f"The query returns more than {self.limits.rows_max} rows.", code="query_row_limit"
            )
        if code in _UNKNOWN_COLUMN:
            name = _UNKNOWN_NAME.search(message)
            shown = f" `{name.group(1)}`" if name else ""
            return QueryError(
                f"There is no column{shown}. Properties are read as properties.NAME or "
                "person.properties.NAME."
            )
        if code in _NOT_AGGREGATED:
            return QueryError("A column is neither aggregated nor in GROUP BY.")
        if code in _TYPES:
            return QueryError("A function or comparison does not fit the types of its arguments.")
        return QueryError(f"The query could not be run (engine code {code}).")


def to_json_value(value: Any) -> Any:
    """Times as ISO text in UTC, uuids as text, numbers that JSON lacks as null."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat() + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, list | tuple):
        return [to_json_value(item) for item in value]
    if isinstance(value, dict):
        return {str(key): to_json_value(item) for key, item in value.items()}
    return str(value)
