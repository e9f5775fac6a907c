"""Runs prepared queries on read-only clients with limits, and says in plain words what failed."""

import contextlib
import queue
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
from clickhouse_connect.driver.exceptions import ClickHouseError

from hedgerow.core import limits
from hedgerow.core.errors import QueryError, StoreUnavailableError
from hedgerow.query.cancellation import Cancellation, QueryCancelledError
from hedgerow.query.json_values import to_json_value
from hedgerow.query.sql import PreparedQuery
from hedgerow.query.statement_killer import StatementKiller
from hedgerow.query.suggestions import did_you_mean
from hedgerow.store.client import Client

_CODE = re.compile(r"Code: (\d+)")
_UNKNOWN_NAME = re.compile(r"identifier [`']([^`']{1,200})[`']")
_WAIT_SECONDS_MAX: Final = 5

_TIME, _ROWS, _MEMORY = (159, 160), (396,), (241,)
_AMBIGUOUS = (207,)
_UNKNOWN_COLUMN, _NOT_AGGREGATED = (47,), (215,)
_TYPES = (43, 386, 53, 6, 27, 41, 70, 349, 42, 44, 62, 184)


@dataclass(frozen=True, slots=True)
class QueryLimits:
    seconds_max: int = limits.QUERY_SECONDS_MAX
    bytes_max: int = limits.QUERY_BYTES_MAX
    rows_max: int = limits.QUERY_ROWS_MAX
    answer_bytes_max: int = limits.QUERY_ANSWER_BYTES_MAX


@dataclass(frozen=True, slots=True)
class QueryResult:
    """`rows` hold JSON values only. `has_more` tells of rows beyond the limit."""

    columns: list[str]
    types: list[str]
    rows: list[list[Any]]
    has_more: bool
    elapsed_ms: float


@dataclass(frozen=True, slots=True)
class ArrowResult:
    """An answer as an Arrow table, of at most the limit's rows; uuids are text."""

    table: "pa.Table"
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
        self._killer = StatementKiller(connect)
        self._idle.put(self._latched_client())

    def _latched_client(self) -> Client:
        """Limits first, then `readonly`, which latches; then everything is read back."""
        client = self._connect()
        wanted = {
            "max_execution_time": self.limits.seconds_max,
            "max_memory_usage": self.limits.bytes_max,
            "max_result_rows": self.limits.rows_max + 1,
            "max_result_bytes": self.limits.answer_bytes_max,
            "readonly": 1,
        }
        for name, value in wanted.items():
            client.command(f"SET {name} = {int(value)}")
        found = client.query(
            "SELECT name, value FROM system.settings WHERE name IN "  # noqa: S608 - names above
            f"({', '.join(repr(name) for name in wanted)})"
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
        """Of the clients that are idle; nothing may be running."""
        self._killer.close()
        while not self._idle.empty():
            self._idle.get_nowait().close()

    @contextlib.contextmanager
    def _running(
        self, prepared: PreparedQuery, cancellation: Cancellation | None
    ) -> Iterator[tuple[Client, str]]:
        """A client, and the text to run on it, which `cancellation` ends."""
        known = cancellation or Cancellation()
        with self._client() as client:
            try:
                with self._killer.killable(prepared.sql, known) as sql:
                    yield client, sql
            except ClickHouseError as error:
                if known.is_cancelled:
                    raise QueryCancelledError from None
                raise self._explained(str(error), prepared.known_names) from None

    def run(self, prepared: PreparedQuery, cancellation: Cancellation | None = None) -> QueryResult:
        """Blocking. Raises `QueryError` for what the user can change, and when it was cancelled."""
        started = time.perf_counter()
        with self._running(prepared, cancellation) as (client, sql):
            # The driver's own formatting must not touch the text: no parameters, no limit.
            result = client.query(sql)
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

    def run_arrow(
        self, prepared: PreparedQuery, cancellation: Cancellation | None = None
    ) -> ArrowResult:
        """The same answer as columns (blocking). Raises `QueryError`."""
        started = time.perf_counter()
        with self._running(prepared, cancellation) as (client, sql):
            table = client.query_arrow(sql)
        has_more = table.num_rows > prepared.limit
        table = _with_text_uuids(table.slice(0, prepared.limit))
        if prepared.columns is not None and len(prepared.columns) == table.num_columns:
            table = table.rename_columns(prepared.columns)
        return ArrowResult(table, has_more, (time.perf_counter() - started) * 1000)

    def _explained(self, message: str, known_names: Iterable[str]) -> QueryError:
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
                f"The query returns more than {self.limits.rows_max} rows or "
                f"{self.limits.answer_bytes_max // 2**20} MiB. Ask for fewer rows or columns.",
                code="query_row_limit",
            )
        if code in _UNKNOWN_COLUMN:
            match = _UNKNOWN_NAME.search(message)
            written = match.group(1) if match else ""
            shown = f" `{written}`" if written else ""
            hint = did_you_mean(written.rpartition(".")[2], known_names)
            return QueryError(
                f"There is no column{shown}{hint} Properties are read as properties.NAME or "
                "person.properties.NAME."
            )
        if code in _AMBIGUOUS:
            return QueryError("A column's name could mean several tables: write TABLE.COLUMN.")
        if code in _NOT_AGGREGATED:
            return QueryError("A column is neither aggregated nor in GROUP BY.")
        if code in _TYPES:
            return QueryError("A function or comparison does not fit the types of its arguments.")
        return QueryError(f"The query could not be run (engine code {code}).")


def _with_text_uuids(table: "pa.Table") -> "pa.Table":
    """Few readers know Arrow's own type of a uuid."""
    for index, column in enumerate(table.schema):
        if column.type == pa.uuid():
            texts = [None if value is None else str(value) for value in table[index].to_pylist()]
            table = table.set_column(index, column.name, pa.array(texts, pa.string()))
    return table
