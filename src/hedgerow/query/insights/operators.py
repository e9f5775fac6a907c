"""The operators of property filters as conditions on a value (read-api §3.3, §4.2).

A value is Nullable(String): NULL where the property is absent, text as it is, other JSON as its
text. A condition may be NULL, which means no match; a negated one never is, so that a negative
operator also matches where the property is absent.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import FALSE, TRUE, Sql, any_of, call, negated, number, text
from hedgerow.query.insights.date_range import moment_of
from hedgerow.query.insights.relative_dates import ParsedDate, parse_date

VALUES_MAX: Final = 10_000
_INTEGER = re.compile(r"-?(0|[1-9]\d{0,17})")
# What the engine's regular expressions lack.
_NOT_IN_RE2 = re.compile(r"\(\?(=|!|<=|<!|>|\()|\\[1-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operand:
    """The right side of a filter. `path` names the filter in errors, `now` is local."""

    value: Any
    path: str
    now: datetime
    week_start_day: int = 0

    def wrong(self, what: str) -> QueryError:
        return QueryError(what, attribute=f"{self.path}.value")

    def items(self) -> list[Any]:
        """One or several values: a filter matches if any of them does."""
        values = self.value if isinstance(self.value, list) else [self.value]
        if len(values) > VALUES_MAX:
            raise self.wrong(f"A filter takes at most {VALUES_MAX} values.")
        for value in values:
            if not isinstance(value, str | int | float):
                raise self.wrong("The value must be text, a number, true or false, or a list.")
        return values

    def single(self) -> Any:
        values = self.items()
        if len(values) != 1:
            raise self.wrong("This operator takes one value.")
        return values[0]

    def date(self) -> ParsedDate:
        return parse_date(str(self.single()), self.now, self.week_start_day, f"{self.path}.value")


Condition = Callable[[Sql, Operand], Sql]


def operator_condition(operator: str, value: Sql, operand: Operand) -> Sql:
    """The condition of `value operator operand`. Raises `QueryError` naming the wrong field."""
    positive = _POSITIVE_OF.get(operator)
    if positive is not None:
        return negated(call("ifNull", _CONDITIONS[positive](value, operand), FALSE))
    condition = _CONDITIONS.get(operator)
    if condition is None:
        known = ", ".join(sorted((*_CONDITIONS, *_POSITIVE_OF)))
        raise QueryError(
            f"The operator {operator[:50]!r} is not supported here; there are {known}.",
            attribute=f"{operand.path}.operator",
        )
    return condition(value, operand)


def is_negative(operator: str) -> bool:
    return operator in _POSITIVE_OF


def positive_of(operator: str) -> str:
    """The operator that is true where `operator` is not."""
    return _POSITIVE_OF.get(operator, operator)


def as_text(value: Any) -> str:
    """A JSON scalar as the store shows it as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)


def as_number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if math.isfinite(found) else None


def numeric(value: Sql) -> Sql:
    """The value as a number, NULL where it is none."""
    return call("toFloat64OrNull", value)


def dated(value: Sql, zone: str) -> Sql:
    """The value as a moment, NULL where it is none; text without a zone is local."""
    return call("parseDateTime64BestEffortOrNull", value, Sql("6"), text(zone))


def _exact(value: Sql, operand: Operand) -> Sql:
    """Any of the values: numbers equal as numbers, everything else as text."""
    items = operand.items()
    if not items:
        return TRUE
    texts: list[str] = []
    numbers: list[float] = []
    for item in items:
        if isinstance(item, str | bool):
            shown = as_text(item)
            texts.append(shown)
            # A whole number may be stored with a fraction of zero.
            if isinstance(item, str) and _INTEGER.fullmatch(item):
                texts.append(f"{item}.0")
        else:
            numbers.append(_finite(item, operand))
    conditions = []
    if texts:
        conditions.append(_in(value, [text(item) for item in texts]))
    if numbers:
        conditions.append(_in(numeric(value), [number(item) for item in numbers]))
    return any_of(conditions)


def _in(value: Sql, items: list[Sql]) -> Sql:
    if len(items) == 1:
        return Sql(f"{value} = {items[0]}")
    return Sql(f"{value} IN ({', '.join(items)})")


def _finite(item: float, operand: Operand) -> float:
    found = as_number(item)
    if found is None:
        raise operand.wrong("The number must be finite.")
    return found


def _contains(value: Sql, operand: Operand) -> Sql:
    return any_of(
        Sql(f"positionCaseInsensitiveUTF8({value}, {text(as_text(item))}) > 0")
        for item in operand.items()
    )


def _matches(value: Sql, operand: Operand) -> Sql:
    conditions = []
    for item in operand.items():
        pattern = as_text(item)
        try:
            re.compile(pattern)
        except (re.error, OverflowError) as error:
            raise operand.wrong(f"The regular expression is not valid: {error}.") from None
        if _NOT_IN_RE2.search(pattern):
            raise operand.wrong(
                "Regular expressions here have no look-around and no back-references."
            )
        conditions.append(call("match", value, text(pattern)))
    return any_of(conditions)


def _compared(sign: str) -> Condition:
    def condition(value: Sql, operand: Operand) -> Sql:
        return _comparison(value, sign, operand.single(), operand)

    return condition


def _comparison(value: Sql, sign: str, item: Any, operand: Operand) -> Sql:
    """Numbers as numbers, dates as dates, other text as text."""
    found = as_number(item)
    if found is not None:
        return Sql(f"{numeric(value)} {sign} {number(found)}")
    try:
        moment = parse_date(str(item), operand.now, operand.week_start_day, operand.path).moment
    except QueryError:
        return Sql(f"{value} {sign} {text(as_text(item))}")
    return Sql(f"{dated(value, str(operand.now.tzinfo))} {sign} {moment_of(moment)}")


def _between(value: Sql, operand: Operand) -> Sql:
    low, high = _ends(operand)
    above = _comparison(value, ">=", low, operand)
    return Sql(f"({above} AND {_comparison(value, '<=', high, operand)})")


def _not_between(value: Sql, operand: Operand) -> Sql:
    low, high = _ends(operand)
    below = _comparison(value, "<", low, operand)
    return any_of([below, _comparison(value, ">", high, operand)])


def _ends(operand: Operand) -> tuple[Any, Any]:
    ends = operand.items()
    if len(ends) != 2:
        raise operand.wrong("Give the two ends as a list, for example [1, 10].")
    return ends[0], ends[1]


def _is_set(value: Sql, _operand: Operand) -> Sql:
    return Sql(f"{value} IS NOT NULL")


def _date_condition(sign: str) -> Condition:
    """A date without a time means its whole day."""

    def condition(value: Sql, operand: Operand) -> Sql:
        wanted = operand.date()
        shown = dated(value, str(operand.now.tzinfo))
        first = wanted.moment
        last = _day_end(first) if wanted.is_plain_date else first
        match sign:
            case "<":
                return Sql(f"{shown} < {moment_of(first)}")
            case ">":
                return Sql(f"{shown} > {moment_of(last)}")
        return Sql(f"({shown} >= {moment_of(first)} AND {shown} <= {moment_of(last)})")

    return condition


def _day_end(midnight: datetime) -> datetime:
    return midnight + timedelta(days=1) - timedelta(microseconds=1)


def cleaned_path(value: Sql) -> Sql:
    """Without query, fragment and trailing slash; a lone slash stays."""
    cut = call("cutQueryStringAndFragment", value)
    return Sql(f"if({cut} = '/', '/', replaceRegexpOne({cut}, '/+$', ''))")


def _cleaned_path(value: Sql, operand: Operand) -> Sql:
    cleaned = cleaned_path(value)
    return any_of(
        Sql(f"{cleaned} = {cleaned_path(text(as_text(item)))}") for item in operand.items()
    )


def _evaluates_to(value: Sql, operand: Operand) -> Sql:
    """A flag's value on the event: true is any variant, false is false or no value at all."""
    wanted = operand.single()
    if wanted is False or wanted == "false":
        return Sql(f"ifNull({value}, 'false') = 'false'")
    if wanted is True or wanted == "true":
        return Sql(f"ifNull({value}, 'false') NOT IN ('false', '')")
    return _exact(value, operand)


_CONDITIONS: Final[dict[str, Condition]] = {
    "exact": _exact,
    "in": _exact,
    "icontains": _contains,
    "regex": _matches,
    "gt": _compared(">"),
    "gte": _compared(">="),
    "lt": _compared("<"),
    "lte": _compared("<="),
    "min": _compared(">="),
    "max": _compared("<="),
    "between": _between,
    "not_between": _not_between,
    "is_set": _is_set,
    "is_date_exact": _date_condition("="),
    "is_date_before": _date_condition("<"),
    "is_date_after": _date_condition(">"),
    "is_cleaned_path_exact": _cleaned_path,
    "flag_evaluates_to": _evaluates_to,
}
_POSITIVE_OF: Final = {
    "is_not": "exact",
    "not_in": "in",
    "not_icontains": "icontains",
    "not_regex": "regex",
    "is_not_set": "is_set",
}
