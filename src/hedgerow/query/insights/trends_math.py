"""The `math` of a series: what is counted in a bucket (read-api §4.2).

A math says which value of each event goes in (`Measure.input`) and which aggregate makes one number
of them. Those whose events are not simply aggregated (per actor, trailing windows, first times)
say so in `shape`.
"""

from dataclasses import dataclass
from typing import Final, Literal

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Sql
from hedgerow.query.insights.event_rows import EventRows, check_group_type
from hedgerow.query.insights.nodes import SeriesNode
from hedgerow.query.insights.operators import numeric

Shape = Literal["events", "per_actor", "trailing", "first_time", "first_matching", "expression"]

# Position q*(n-1) with linear interpolation, over all values.
_PERCENTILE: Final = "quantileExactInclusive"


@dataclass(frozen=True, slots=True)
class Aggregate:
    """An aggregate function of the engine, whole or in two steps (state, then merge)."""

    name: str
    parameter: str = ""

    def of(self, argument: Sql) -> Sql:
        return self._called("", argument)

    def state(self, argument: Sql) -> Sql:
        return self._called("State", argument)

    def merged_if(self, state: Sql, condition: Sql) -> Sql:
        return self._called("MergeIf", Sql(f"{state}, {condition}"))

    def _called(self, suffix: str, arguments: Sql) -> Sql:
        return Sql(f"{self.name}{suffix}{self.parameter}({arguments})")


_COUNT: Final = Aggregate("count")
_DISTINCT: Final = Aggregate("uniqExact")
_OF_NUMBERS: Final = {
    "avg": Aggregate("avg"),
    "sum": Aggregate("sum"),
    "min": Aggregate("min"),
    "max": Aggregate("max"),
    **{
        name: Aggregate(_PERCENTILE, f"({share})")
        for name, share in (
            ("median", 0.5),
            ("p75", 0.75),
            ("p90", 0.9),
            ("p95", 0.95),
            ("p99", 0.99),
        )
    },
}
_COUNT_PER_ACTOR: Final = "_count_per_actor"
_TRAILING_DAYS: Final = {"weekly_active": 7, "monthly_active": 30}
_OTHERS: Final = (
    *("total", "dau", "unique_session", "unique_group", "hogql"),
    *("first_time_for_user", "first_matching_event_for_user"),
)


@dataclass(frozen=True, slots=True)
class Measure:
    """`input` is NULL for an event that does not count. `trailing_days` goes with trailing."""

    aggregate: Aggregate
    input: Sql
    shape: Shape = "events"
    trailing_days: int = 0

    @property
    def must_be_there(self) -> Sql | None:
        """The condition that an event has something to be counted by."""
        if self.aggregate != _DISTINCT or self.shape != "events":
            return None
        return Sql(f"isNotNull({self.input})")


def measure_of(series: SeriesNode, rows: EventRows, path: str) -> Measure:  # noqa: C901 - a table
    """Raises `QueryError` naming the field of the series that is wrong."""
    math = series.math or "total"
    if math in _OF_NUMBERS:
        return Measure(_OF_NUMBERS[math], _number(series, rows, path))
    if math.endswith(_COUNT_PER_ACTOR) and math.removesuffix(_COUNT_PER_ACTOR) in _OF_NUMBERS:
        aggregate = _OF_NUMBERS[math.removesuffix(_COUNT_PER_ACTOR)]
        return Measure(aggregate, rows.actor(), "per_actor")
    if math in _TRAILING_DAYS:
        return Measure(_DISTINCT, rows.actor(), "trailing", _TRAILING_DAYS[math])
    match math:
        case "total":
            return Measure(_COUNT, Sql(""))
        case "dau":
            return Measure(_DISTINCT, rows.actor())
        case "unique_session":
            return Measure(_DISTINCT, rows.property("event", "$session_id", path))
        case "unique_group":
            return Measure(_DISTINCT, _group_key(series, rows, path))
        case "first_time_for_user":
            return Measure(_COUNT, Sql(""), "first_time")
        case "first_matching_event_for_user":
            return Measure(_COUNT, Sql(""), "first_matching")
        case "hogql":
            return Measure(_COUNT, _expression(series, rows, path), "expression")
    known = ", ".join((*_OTHERS, *_TRAILING_DAYS, *_OF_NUMBERS))
    raise QueryError(
        f"There is no math {math[:50]!r}; there are {known} and avg, min, max, median, p75, p90, "
        f"p95 and p99 with {_COUNT_PER_ACTOR}.",
        attribute=f"{path}.math",
    )


def _number(series: SeriesNode, rows: EventRows, path: str) -> Sql:
    if not series.math_property:
        raise QueryError(
            f"The math {series.math!r} needs a property.", attribute=f"{path}.math_property"
        )
    type_ = series.math_property_type or "event"
    value = rows.property(
        _PROPERTY_TYPES.get(type_, type_),
        series.math_property,
        f"{path}.math_property",
        group_type_index=series.math_group_type_index,
    )
    return numeric(value)


_PROPERTY_TYPES: Final = {
    "event_properties": "event",
    "person_properties": "person",
    "group_properties": "group",
    "session_properties": "session",
}


def _group_key(series: SeriesNode, rows: EventRows, path: str) -> Sql:
    index = series.math_group_type_index
    if index is None:
        raise QueryError(
            "unique_group needs the index of a group type.",
            attribute=f"{path}.math_group_type_index",
        )
    check_group_type(index, f"{path}.math_group_type_index")
    return Sql(f"nullIf({rows.group_key(index)}, '')")


def _expression(series: SeriesNode, rows: EventRows, path: str) -> Sql:
    if not series.math_hogql:
        raise QueryError("The math hogql needs an expression.", attribute=f"{path}.math_hogql")
    return rows.expression(series.math_hogql, f"{path}.math_hogql")
