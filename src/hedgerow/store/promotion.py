"""Gives a property of events a column of its own, and takes it away again, while all runs on.

The column's default is the property itself, so a row reads the same whether its part of the table
has the column yet or not: nothing depends on how far the filling is. The engine fills parts in the
background, goes on after a restart, and keeps the list of such columns in their comments.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from clickhouse_connect.driver.exceptions import ClickHouseError

from hedgerow.core.errors import StoreUnavailableError
from hedgerow.store.client import Client
from hedgerow.store.promoted import (
    COLUMN_PREFIX,
    PromotedProperties,
    PromotedProperty,
    promoted_from,
)

# Up to this many different values a column keeps a dictionary of them.
FEW_VALUES_MAX: Final = 10_000
_SAMPLED_ROWS: Final = 200_000


@dataclass(frozen=True, slots=True)
class PromotionProgress:
    """How many of the stored events have the column; `error` where filling stopped."""

    promoted: PromotedProperty
    rows_filled: int
    rows: int
    error: str | None = None

    @property
    def done(self) -> bool:
        return self.rows_filled >= self.rows


class ColumnPromotion:
    """One a process. `promoted` is cheap; everything else blocks.

    Raises `StoreUnavailableError` where the engine refuses.
    """

    def __init__(self, connect: Callable[[], Client]) -> None:
        self._client = connect()
        self._lock = threading.RLock()
        self._promoted = self._read()

    def promoted(self) -> PromotedProperties:
        return self._promoted

    def promote(self, wanted: PromotedProperty) -> None:
        """Add the columns and begin to fill them. Doing it again changes nothing."""
        with self._lock:
            self._forget_when_changed(wanted)
            few_values = self._has_few_values(wanted)
            for statement in wanted.add_statements(few_values=few_values):
                self._command(statement)
            self._promoted = self._read()
        self.resume()

    def demote(self, unwanted: PromotedProperty) -> None:
        """Queries stop to use the columns before they go."""
        with self._lock:
            self._promoted = PromotedProperties(
                item for item in self._promoted if item.column != unwanted.column
            )
            self._drop(unwanted)

    def resume(self) -> None:
        """Go on filling what is not filled and not under way, as after a crash."""
        for progress in self.progress():
            if progress.done:
                continue
            under_way = self._filling(progress.promoted)
            for column in progress.promoted.columns:
                if column not in under_way:
                    self._command(f"ALTER TABLE events MATERIALIZE COLUMN {column}")

    def progress(self) -> list[PromotionProgress]:
        """In no order; one for each promoted property."""
        rows = self._rows("SELECT sum(rows) FROM system.parts WHERE table = 'events' AND active")
        total = int(rows[0][0]) if rows else 0
        filled = {
            column: int(count)
            for column, count in self._rows(
                "SELECT column, sum(rows) FROM system.parts_columns WHERE table = 'events' "  # noqa: S608 - a fixed text
                f"AND active AND startsWith(column, '{COLUMN_PREFIX}') GROUP BY column"
            )
        }
        return [
            PromotionProgress(
                item,
                min(filled.get(column, 0) for column in item.columns),
                total,
                self._failure(item),
            )
            for item in self._promoted
        ]

    def _has_few_values(self, wanted: PromotedProperty) -> bool:
        found = self._rows(
            f"SELECT uniq(value) FROM (SELECT {wanted.expression} AS value FROM events "  # noqa: S608 - a quoted name
            f"LIMIT {_SAMPLED_ROWS})"
        )
        return bool(found[0][0] <= FEW_VALUES_MAX)

    def _forget_when_changed(self, wanted: PromotedProperty) -> None:
        """Another type means other columns."""
        known = self._promoted.find(wanted.scope, wanted.name)
        if known is not None and known.type != wanted.type:
            self._drop(known)

    def _drop(self, unwanted: PromotedProperty) -> None:
        self._command(
            "KILL MUTATION WHERE table = 'events' AND NOT is_done "
            f"AND position(command, '{unwanted.column}') > 0"
        )
        for column in reversed(unwanted.columns):
            self._command(f"ALTER TABLE events DROP COLUMN IF EXISTS {column}")

    def _filling(self, item: PromotedProperty) -> set[str]:
        commands = self._rows(
            "SELECT command FROM system.mutations WHERE table = 'events' AND NOT is_done"
        )
        text = " ".join(row[0] for row in commands)
        return {column for column in item.columns if f"COLUMN {column})" in text}

    def _failure(self, item: PromotedProperty) -> str | None:
        found = self._rows(
            "SELECT latest_fail_reason FROM system.mutations WHERE table = 'events' "  # noqa: S608 - a name of ours
            "AND NOT is_done AND latest_fail_reason != '' "
            f"AND position(command, '{item.column}') > 0"
        )
        return str(found[0][0])[:500] if found else None

    def _read(self) -> PromotedProperties:
        try:
            with self._lock:
                return read_promoted(self._client)
        except ClickHouseError as error:
            raise StoreUnavailableError(f"promoting a property: {error}") from error

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        try:
            with self._lock:
                return list(self._client.query(sql).result_rows)
        except ClickHouseError as error:
            raise StoreUnavailableError(f"promoting a property: {error}") from error

    def _command(self, sql: str) -> None:
        try:
            with self._lock:
                self._client.command(sql)
        except ClickHouseError as error:
            raise StoreUnavailableError(f"promoting a property: {error}") from error

    def close(self) -> None:
        self._client.close()


def read_promoted(client: Client) -> PromotedProperties:
    """What the engine's columns say."""
    found = client.query(
        "SELECT name, comment FROM system.columns WHERE table = 'events' "
        "AND database = currentDatabase()"
    ).result_rows
    known = (promoted_from(name, comment) for name, comment in found)
    return PromotedProperties(item for item in known if item is not None)
