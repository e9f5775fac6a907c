"""`{filters}` in a user's SQL → the conditions on events that were asked for beside the text.

The conditions are SQL of ours over the columns of the confined events, so they go past the walls
for a user's text: a mark holds their place, and the columns that they read, until the tables are
confined.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Sql, identifier
from hedgerow.query.lexing import tokens
from hedgerow.query.tables import EVENTS, SESSIONS

MARK: Final = "__filters"
_OPENING: Final = "("
_CLOSING: Final = ")"
_DOT: Final = "."
_SELECT: Final = "SELECT"


@dataclass(frozen=True, slots=True)
class HeldFilter:
    """A place in the tree, and the condition that belongs there."""

    place: exp.Expression
    condition: Sql


def time_column(placeholder: exp.Expression) -> exp.Column:
    """What the dates of filters bound: the start of sessions, or else the time of events."""
    select = placeholder.find_ancestor(exp.Select)
    tables = {table.name for table in _tables(select)} if select is not None else set[str]()
    if SESSIONS.name in tables and EVENTS.name not in tables:
        return exp.column("$start_timestamp")
    return exp.column("timestamp")


def hold_filters(tree: exp.Query, condition: Sql) -> list[HeldFilter]:
    """Put a mark that names the columns of `condition` in the place of each `{filters}`.

    Raises `QueryError` where `{filters}` stands beside no events, or beside several.
    """
    held = []
    for column in list(tree.find_all(exp.Column)):
        if column.name != MARK:
            continue
        select = column.find_ancestor(exp.Select)
        found = [] if select is None else [t for t in _tables(select) if t.name == EVENTS.name]
        if len(found) != 1:
            raise QueryError("{filters} with properties must stand in a SELECT from one `events`.")
        alias = found[0].alias or EVENTS.name
        qualified, names = _qualified(condition, alias)
        columns = [exp.column(name, alias, quoted=True) for name in sorted(names)]
        mark = exp.Anonymous(this=MARK, expressions=columns)
        column.replace(mark)
        held.append(HeldFilter(mark, qualified))
    return held


def release_filters(held: Collection[HeldFilter]) -> None:
    """Put each condition where its mark is."""
    for item in held:
        item.place.replace(exp.Var(this=item.condition))


def _tables(select: exp.Select) -> Iterator[exp.Table]:
    """Of its FROM and JOINs."""
    nodes = [select.args.get("from_"), *(select.args.get("joins") or [])]
    for node in nodes:
        source = node.this if node is not None else None
        if isinstance(source, exp.Final):
            source = source.this
        if isinstance(source, exp.Table):
            yield source
            yield from (
                join.this
                for join in source.args.get("joins") or []
                if isinstance(join.this, exp.Table)
            )


def _qualified(condition: Sql, alias: str) -> tuple[Sql, set[str]]:
    """The condition with `alias` before each column of events, and those columns.

    A SELECT inside, as cohorts are, has columns of its own and stays as it is.
    """
    parts = list(tokens(condition))
    printed, names = [], set[str]()
    depth_in_select = 0
    for place, (kind, part) in enumerate(parts):
        if depth_in_select:
            depth_in_select += {_OPENING: 1, _CLOSING: -1}.get(part, 0)
        elif part == _OPENING and _is_select(parts[place + 1 :]):
            depth_in_select = 1
        name = part.strip('`"') if kind in ("word", "quoted") and not depth_in_select else ""
        before = parts[place - 1][1] if place else ""
        follows = parts[place + 1][1] if place + 1 < len(parts) else ""
        if name == EVENTS.name and follows == _DOT:
            # A filter in SQL may name the table itself.
            printed.append(identifier(alias))
        elif _is_event_column(name) and follows != _OPENING:
            names.add(name)
            owner = "" if before == _DOT else f"{identifier(alias)}."
            printed.append(Sql(f"{owner}{identifier(name)}"))
        else:
            printed.append(Sql(part))
    return Sql("".join(printed)), names


def _is_select(rest: list[tuple[str, str]]) -> bool:
    words = (part for kind, part in rest if kind not in ("space", "comment"))
    return next(words, "").upper() == _SELECT


def _is_event_column(name: str) -> bool:
    """Hidden ones, such as those of promoted properties, begin with two underscores."""
    return name.startswith("__") or name in EVENTS.columns or name in EVENTS.hidden_columns
