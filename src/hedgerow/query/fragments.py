"""SQL text that this package makes itself: values, names, conditions and SELECTs.

`Sql` marks text that is safe to print. It comes from three places only: the functions here, fixed
text in the package, and the checked trees of `sql.py`. A user's text becomes SQL through `text`
and `identifier` alone. `Select.sql()` is the one printer.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, NewType

from sqlglot import exp

Sql = NewType("Sql", str)

TRUE: Final = Sql("1")
FALSE: Final = Sql("0")
NULL: Final = Sql("NULL")


def text(value: str) -> Sql:
    """A string literal."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'").replace("\0", "\\0")
    return Sql(f"'{escaped}'")


def number(value: float) -> Sql:
    """A number literal. Only finite numbers have one."""
    assert math.isfinite(value)
    return Sql(repr(value))


def identifier(name: str) -> Sql:
    """A quoted name of a column or an alias."""
    escaped = name.replace("\\", "\\\\").replace("`", "\\`")
    return Sql(f"`{escaped}`")


def moment(unix_us: int) -> Sql:
    """A DateTime64(6, 'UTC') of this many microseconds since 1970."""
    return Sql(f"fromUnixTimestamp64Micro({int(unix_us)}, 'UTC')")


def call(name: str, *arguments: Sql) -> Sql:
    return Sql(f"{name}({', '.join(arguments)})")


def array(values: Iterable[Sql]) -> Sql:
    return Sql(f"[{', '.join(values)}]")


def all_of(conditions: Iterable[Sql]) -> Sql:
    return _joined(conditions, "AND", TRUE)


def any_of(conditions: Iterable[Sql]) -> Sql:
    return _joined(conditions, "OR", FALSE)


def negated(condition: Sql) -> Sql:
    return Sql(f"NOT ({condition})")


def printed(tree: exp.Expression) -> Sql:
    """The text of a tree that `sql.py` has checked or that `properties.py` has made."""
    return Sql(tree.sql(dialect="clickhouse", comments=False))


def _joined(conditions: Iterable[Sql], word: str, empty: Sql) -> Sql:
    parts = list(conditions)
    if not parts:
        return empty
    return parts[0] if len(parts) == 1 else Sql("(" + f" {word} ".join(parts) + ")")


@dataclass(frozen=True, slots=True)
class Join:
    """`kind` is for example LEFT ANY. `source` gets the name `alias`."""

    kind: str
    source: "Source"
    alias: str
    on: Sql

    def sql(self, indent: int) -> str:
        source = _source(self.source, indent)
        return f"{self.kind} JOIN {source} AS {identifier(self.alias)} ON {self.on}"


@dataclass(frozen=True, slots=True)
class UnionAll:
    selects: "tuple[Select, ...]"

    def sql(self, indent: int = 0) -> Sql:
        space = " " * indent
        return Sql(f"\n{space}UNION ALL\n".join(select.sql(indent) for select in self.selects))


@dataclass(frozen=True, slots=True, kw_only=True)
class Select:
    """One SELECT. `columns` maps the alias to its expression, in order.

    `source` is another select, or fixed text such as a confined table or the name of a WITH.
    """

    columns: Mapping[str, Sql]
    source: "Source | None" = None
    alias: str | None = None
    joins: tuple[Join, ...] = ()
    where: tuple[Sql, ...] = ()
    group_by: tuple[Sql, ...] = ()
    having: tuple[Sql, ...] = ()
    order_by: tuple[Sql, ...] = ()
    limit: int | None = None
    offset: int = 0
    common: "Mapping[str, Source]" = field(default_factory=dict)
    distinct: bool = False

    def sql(self, indent: int = 0) -> Sql:
        space = " " * indent
        lines: list[str] = []
        for name, source in self.common.items():
            lead = "WITH" if not lines else ","
            lines.append(f"{lead} {identifier(name)} AS {_source(source, indent)}")
        columns = f",\n{space}  ".join(
            f"{expression} AS {identifier(name)}" for name, expression in self.columns.items()
        )
        lines.append(f"SELECT{' DISTINCT' if self.distinct else ''}\n{space}  {columns}")
        if self.source is not None:
            alias = f" AS {identifier(self.alias)}" if self.alias else ""
            lines.append(f"FROM {_source(self.source, indent)}{alias}")
        lines += [join.sql(indent) for join in self.joins]
        lines += self._clauses(space)
        return Sql(f"\n{space}".join(lines) if lines else "")

    def _clauses(self, space: str) -> list[str]:
        lines = []
        if self.where:
            lines.append("WHERE " + f"\n{space}  AND ".join(self.where))
        if self.group_by:
            lines.append("GROUP BY " + ", ".join(self.group_by))
        if self.having:
            lines.append("HAVING " + f"\n{space}  AND ".join(self.having))
        if self.order_by:
            lines.append("ORDER BY " + ", ".join(self.order_by))
        if self.limit is not None:
            lines.append(f"LIMIT {int(self.limit)}")
        if self.offset:
            lines.append(f"OFFSET {int(self.offset)}")
        return lines

    def changed(self, **changes: Any) -> "Select":
        return replace(self, **changes)


Source = Select | UnionAll | Sql


def _source(source: Source, indent: int) -> str:
    if isinstance(source, str):
        return source
    space = " " * (indent + 2)
    return f"(\n{space}{source.sql(indent + 2)}\n{' ' * indent})"
