"""Bounds on the start of sessions in a query → bounds on the events they are made of.

Without them a question about last week would read all events ever stored.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from sqlglot import exp

from hedgerow.query.sessions import SESSION_DAYS_MAX

_STARTS: Final = ("$start_timestamp", "__session_of_$start_timestamp")
_LOWER, _UPPER = (exp.GT, exp.GTE), (exp.LT, exp.LTE)
# Functions that give a moment and read nothing.
_CONSTANT_NODES: Final = (exp.Literal, exp.Interval, exp.Var, exp.Add, exp.Sub, exp.Paren, exp.Func)


def session_conditions(table: exp.Table) -> list[str]:
    """Conditions on `timestamp` that keep every session that the select around can ask for."""
    select = table.find_ancestor(exp.Select)
    # After an outer join a row may stand for no session, and pass a bound that the session did not.
    if select is None or any(join.side for join in select.args.get("joins") or []):
        return []
    conditions = []
    where = select.args.get("where")
    for comparison in _conjuncts(where.this if where is not None else None):
        if isinstance(comparison, exp.Between):
            low, high = comparison.args.get("low"), comparison.args.get("high")
            conditions += _bound(comparison.this, low, table, lower=True)
            conditions += _bound(comparison.this, high, table, lower=False)
        elif isinstance(comparison, (*_LOWER, *_UPPER)):
            lower = isinstance(comparison, _LOWER)
            conditions += _bound(comparison.this, comparison.expression, table, lower=lower)
            conditions += _bound(comparison.expression, comparison.this, table, lower=not lower)
    return conditions


def _conjuncts(condition: exp.Expr | None) -> Iterator[exp.Expr]:
    if condition is None:
        return
    bare = condition.unnest()
    if isinstance(bare, exp.And):
        yield from _conjuncts(bare.this)
        yield from _conjuncts(bare.expression)
    else:
        yield bare


def _bound(
    column: exp.Expr | None, value: exp.Expr | None, table: exp.Table, *, lower: bool
) -> list[str]:
    alias = table.alias or table.name
    if (
        not isinstance(column, exp.Column)
        or column.name not in _STARTS
        or column.table not in ("", alias)
        or value is None
    ):
        return []
    moment = _moment(value)
    if moment is None:
        return []
    sign, operator = ("-", ">=") if lower else ("+", "<=")
    return [f"timestamp {operator} {moment} {sign} toIntervalDay({SESSION_DAYS_MAX})"]


def _moment(value: exp.Expr) -> str | None:
    """A constant moment as the engine's expression; None for what may be none."""
    if isinstance(value, exp.Literal) and value.is_string:
        try:
            parsed = datetime.fromisoformat(value.this)
        except ValueError:
            return None
        return f"toDateTime64({parsed.replace(tzinfo=parsed.tzinfo or UTC).timestamp():.6f}, 6)"
    if isinstance(value, exp.Literal) or not all(
        isinstance(node, _CONSTANT_NODES) for node in value.walk()
    ):
        return None
    if value.find(exp.AggFunc) is not None:
        return None
    return f"toDateTime64({value.sql(dialect='clickhouse', comments=False)}, 6, 'UTC')"
