"""The little that SQLite and PostgreSQL both can do but SQLAlchemy Core does not unify."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    Connection,
    Dialect,
    Insert,
    LargeBinary,
    String,
    Table,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.expression import ColumnElement

# Given the row that was to be inserted, the new values of the row that is there already.
Changes = Callable[[Any], dict[str, ColumnElement[Any]]]


def insert_or_keep(dialect: Dialect, table: Table, key: Sequence[str] | None = None) -> Insert:
    """Insert a row; one with the same `key` (the primary key) stays as it is."""
    insert = _insert(dialect, table)
    return insert.on_conflict_do_nothing(index_elements=key or _primary_key(table))


def insert_or_change(
    dialect: Dialect, table: Table, changes: Changes, key: Sequence[str] | None = None
) -> Insert:
    """Insert a row, or apply `changes` to the one with the same `key` (the primary key)."""
    insert = _insert(dialect, table)
    return insert.on_conflict_do_update(
        index_elements=key or _primary_key(table), set_=changes(insert.excluded)
    )


def json_text(dialect: Dialect, column: ColumnElement[str], key: str) -> ColumnElement[str]:
    """The value under `key` of the JSON object in `column`, as text; null where it has none."""
    if dialect.name == "postgresql":
        return func.jsonb_extract_path_text(cast(column, postgresql.JSONB), key, type_=String)
    path = '$."' + key.replace('"', '\\"') + '"'
    return cast(func.json_extract(column, path), String)


def greater_of(one: ColumnElement[int], other: ColumnElement[int]) -> ColumnElement[int]:
    """The greater of two values; `max` means this only in SQLite, `greatest` only elsewhere."""
    return case((one > other, one), else_=other)


def numbers_below(count: str) -> CTE:
    """The numbers from 0 on, below the parameter named `count`, as the column `number`."""
    numbers = select(literal_column("0").label("number")).cte("numbers", recursive=True)
    following = numbers.c.number + 1
    return numbers.union_all(select(following).where(following < bindparam(count)))


def packed_value(packed: str, number: ColumnElement[int], length: int) -> ColumnElement[bytes]:
    """The `number`th value of `length` bytes in the parameter named `packed`.

    Thousands of values in one parameter of one statement cost a fraction of as many parameters or
    statements, and the driver is entered once: other threads run meanwhile.
    """
    parameter = bindparam(packed, type_=LargeBinary)
    return func.substr(parameter, number * length + 1, length, type_=LargeBinary)


def execute_many(
    connection: Connection,
    statement: Insert,
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    """Insert many rows, each with the values of `columns`, which follow the table's order.

    Core spends several microseconds a row on naming and converting values; a batch has tens of
    thousands of rows. So the statement is compiled by Core and run by the driver itself.
    """
    if not rows:
        return
    compiled = statement.compile(dialect=connection.dialect, column_keys=list(columns))
    if compiled.positional:
        assert compiled.positiontup == list(columns)
        connection.exec_driver_sql(compiled.string, list(rows))
    else:
        named = [dict(zip(columns, row, strict=True)) for row in rows]
        connection.exec_driver_sql(compiled.string, named)


def _insert(dialect: Dialect, table: Table) -> sqlite.Insert | postgresql.Insert:
    return postgresql.insert(table) if dialect.name == "postgresql" else sqlite.insert(table)


def _primary_key(table: Table) -> list[str]:
    return [column.name for column in table.primary_key.columns]
