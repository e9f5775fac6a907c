"""`{name}` in a user's SQL → a literal that we make from a value; never text put into text.

Each placeholder becomes a numbered name before the text is parsed, and the node of that name
becomes the value afterwards. `{filters}` is a condition on the time of events or sessions, and
leaves a mark for those on properties (`filters_placeholder.py`).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlglot import exp

from hedgerow.core.errors import QueryError
from hedgerow.query.filters_placeholder import MARK, time_column
from hedgerow.query.lexing import tokens
from hedgerow.query.suggestions import did_you_mean

PLACEHOLDER_PREFIX: Final = "__placeholder_"
_VALUES_MAX: Final = 10_000
_CLOSE: Final = "}"


@dataclass(frozen=True, slots=True)
class PlaceholderValues:
    """What `{name}`, `{variables.name}` and `{filters}` stand for.

    With `has_condition` a mark is left for the filters that are not dates.
    """

    values: Mapping[str, Any]
    variables: Mapping[str, Any]
    date_range_us: tuple[int | None, int | None]
    has_condition: bool = False


def number_placeholders(sql: str) -> tuple[str, list[str]]:
    """The text with numbered names in place of `{…}`, and what stood in each.

    Raises `QueryError`.
    """
    found: list[str] = []
    printed: list[str] = []
    inside: list[str] | None = None
    for kind, text in tokens(sql):
        if kind in ("word", "quoted") and text.strip('`"').startswith(PLACEHOLDER_PREFIX):
            raise QueryError(f"There is no column `{text[:50]}`.")
        if kind == "other" and text == "{":
            if inside is not None:
                raise QueryError("A placeholder is {name}, without braces inside.")
            inside = []
        elif kind == "other" and text == _CLOSE and inside is not None:
            name = "".join(inside).strip()
            if not name or not all(part.isidentifier() for part in name.split(".")):
                raise QueryError(f"`{{{name[:50]}}}` is not the name of a placeholder.")
            printed.append(f" {PLACEHOLDER_PREFIX}{len(found)} ")
            found.append(name)
            inside = None
        else:
            (printed if inside is None else inside).append(text)
    if inside is not None:
        raise QueryError("A placeholder's brace is not closed.")
    return "".join(printed), found


def put_values(tree: exp.Query, names: list[str], given: PlaceholderValues) -> None:
    """Raises `QueryError` where a placeholder has no value, or one that SQL has no literal for."""
    for column in list(tree.find_all(exp.Column)):
        if not column.name.startswith(PLACEHOLDER_PREFIX):
            continue
        index = int(column.name.removeprefix(PLACEHOLDER_PREFIX))
        if len(column.parts) > 1 or column.arg_key == "alias":
            raise QueryError(f"`{{{names[index]}}}` must stand where a value stands.")
        _put(column, _value(names[index], given, time_column(column)))
    for name in tree.find_all(exp.Identifier):
        if name.name.startswith(PLACEHOLDER_PREFIX):
            raise QueryError("A placeholder must stand where a value stands.")


def _put(column: exp.Column, value: exp.Expression) -> None:
    membership = column.parent
    if isinstance(membership, exp.In) and column is not membership.this:
        items = value.expressions if isinstance(value, exp.Array) else [value]
        membership.set("field", None)
        # Nothing is in an empty list.
        membership.set("expressions", items or [exp.Tuple(expressions=[])])
        return
    if isinstance(column.parent, exp.Limit | exp.Offset) or column.parent is None:
        column.replace(value)
        return
    column.replace(value)


def _value(name: str, given: PlaceholderValues, time: exp.Column) -> exp.Expression:
    head, _, rest = name.partition(".")
    if head == "filters":
        return _filters(rest, given, time)
    if head == "variables":
        return _literal(_found(rest, given.variables, "variable"), name)
    return _literal(_found(name, given.values, "value"), name)


def _found(name: str, values: Mapping[str, Any], what: str) -> Any:
    if name not in values:
        hint = did_you_mean(name, values)
        raise QueryError(f"There is no {what} for the placeholder `{{{name}}}`{hint}")
    return values[name]


def _filters(part: str, given: PlaceholderValues, time: exp.Column) -> exp.Expression:
    start, end = given.date_range_us
    if part in ("dateRange.from", "dateRange.to"):
        moment = start if part.endswith("from") else end
        return exp.Null() if moment is None else _moment(moment)
    if part:
        raise QueryError("Of filters there are {filters}, {filters.dateRange.from} and .to.")
    conditions: list[exp.Expression] = []
    if start is not None:
        conditions.append(exp.GTE(this=time.copy(), expression=_moment(start)))
    if end is not None:
        conditions.append(exp.LTE(this=time.copy(), expression=_moment(end)))
    if given.has_condition:
        conditions.append(exp.column(MARK))
    if not conditions:
        return exp.Boolean(this=True)
    return exp.paren(exp.and_(*conditions))


def _moment(unix_us: int) -> exp.Expression:
    return exp.Anonymous(
        this="fromUnixTimestamp64Micro",
        expressions=[exp.Literal.number(unix_us), exp.Literal.string("UTC")],
    )


def _literal(value: Any, name: str) -> exp.Expression:
    if value is None:
        return exp.Null()
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, int) and -(2**63) <= value < 2**64:
        number = exp.Literal.number(abs(value))
        return exp.Neg(this=number) if value < 0 else number
    if isinstance(value, float) and math.isfinite(value):
        number = exp.Literal.number(repr(abs(value)))
        return exp.Neg(this=number) if value < 0 else number
    if isinstance(value, str):
        return exp.Literal.string(value)
    if isinstance(value, list | tuple) and len(value) <= _VALUES_MAX:
        if any(isinstance(item, list | tuple) for item in value):
            raise QueryError(f"The value of `{{{name}}}` is a list of lists.")
        return exp.Array(expressions=[_literal(item, name) for item in value])
    raise QueryError(
        f"The value of `{{{name}}}` must be text, a finite number, true, false, null or a list of "
        f"at most {_VALUES_MAX} of these."
    )
