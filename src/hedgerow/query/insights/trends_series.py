"""One series of a trends insight in one period → one statement.

Events become points (a bucket, perhaps a breakdown value, and what counts), points become one
number for each bucket, and with a breakdown the biggest values are kept and the rest is one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hedgerow.query.fragments import Select, Sql, all_of, array, call, number, text
from hedgerow.query.insights.breakdown import Breakdown, bin_edges
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.date_range import InsightRange, between, moment_of
from hedgerow.query.insights.event_rows import EventRows
from hedgerow.query.insights.filters import (
    entity_conditions,
    filters_conditions,
    insight_conditions,
    series_conditions,
)
from hedgerow.query.insights.nodes import SeriesNode, TrendsNode
from hedgerow.query.insights.operators import numeric
from hedgerow.query.insights.trends_math import Measure, measure_of

_BUCKET, _BREAKDOWN, _INPUT = Sql("bucket"), Sql("breakdown"), Sql("input")
WHOLE_RANGE: Final = Sql("0")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendsSeries:
    """What one statement is about. `cohort` narrows it to the persons of one cohort."""

    node: TrendsNode
    index: int
    range: InsightRange
    context: InsightContext
    breakdown: Breakdown | None
    cohort: int | None = None
    is_total_value: bool = False

    @property
    def series(self) -> SeriesNode:
        return self.node.series[self.index]

    @property
    def path(self) -> str:
        return f"query.series.{self.index}"

    def rows(self) -> EventRows:
        return EventRows(self.context, self.node.aggregation_group_type_index)

    def actor_rows(self) -> EventRows:
        """Where unique groups are counted, they are the actors."""
        if self.series.math == "unique_group":
            return EventRows(self.context, self.series.math_group_type_index)
        return self.rows()

    def bucket(self, time: Sql) -> Sql:
        return WHOLE_RANGE if self.is_total_value else self.range.bucket_of(time)


def series_statement(wanted: TrendsSeries) -> Select:
    """Rows of (breakdown, buckets, values); breakdown is an empty text where there is none."""
    rows = wanted.rows()
    measure = measure_of(wanted.series, rows, wanted.path)
    if measure.shape == "expression":
        return _expression_statement(wanted, rows, measure)
    points = _points(wanted, rows, measure)
    if wanted.breakdown is None:
        return _by_bucket(points, measure.aggregate.of(_argument(measure)))
    return _ranked(points, measure, wanted.breakdown)


def _argument(measure: Measure) -> Sql:
    return _INPUT if measure.input else Sql("")


def conditions(wanted: TrendsSeries, rows: EventRows) -> list[Sql]:
    """Everything but the time."""
    found = [
        *series_conditions(wanted.series, rows, wanted.path),
        *insight_conditions(wanted.node, rows),
        *rows.actor_conditions(),
    ]
    if wanted.cohort is not None:
        found.append(rows.in_cohort(wanted.cohort, "query.breakdownFilter.breakdown"))
    return found


def breakdown_value(wanted: TrendsSeries, rows: EventRows) -> Sql:
    if wanted.breakdown is None:
        return text("")

    def edges(read: Callable[[EventRows], Sql], count: int) -> Select:
        inner = wanted.rows()
        value = numeric(read(inner))
        where = [*wanted.range.contains(inner.time), *conditions(wanted, inner)]
        points = inner.select({"number": value}, [*where, Sql(f"{value} IS NOT NULL")])
        return bin_edges(points, count)

    return wanted.breakdown.expression(rows, edges)


def _points(wanted: TrendsSeries, rows: EventRows, measure: Measure) -> Select:
    match measure.shape:
        case "per_actor":
            return _per_actor(wanted, rows, measure)
        case "trailing":
            return _trailing(wanted, rows, measure)
        case "first_time" | "first_matching":
            return first_times(wanted, rows, matching=measure.shape == "first_matching")
    columns = {"bucket": wanted.bucket(rows.time), "breakdown": breakdown_value(wanted, rows)}
    if measure.input:
        columns["input"] = measure.input
    where = [*wanted.range.contains(rows.time), *conditions(wanted, rows)]
    return rows.select(columns, where)


def _per_actor(wanted: TrendsSeries, rows: EventRows, measure: Measure) -> Select:
    """How many events each actor has in the bucket."""
    events = rows.select(
        {
            "bucket": wanted.bucket(rows.time),
            "breakdown": breakdown_value(wanted, rows),
            "actor": measure.input,
        },
        [*wanted.range.contains(rows.time), *conditions(wanted, rows)],
    )
    return Select(
        columns={"bucket": _BUCKET, "breakdown": _BREAKDOWN, "input": Sql("count()")},
        source=events,
        group_by=(_BUCKET, _BREAKDOWN, Sql("actor")),
    )


def trailing_days(wanted: TrendsSeries) -> list[datetime]:
    """The days that windows end with: each bucket's, or the last one of the range."""
    if wanted.is_total_value:
        return [midnight(wanted.range.end)]
    return sorted({midnight(bucket) for bucket in wanted.range.buckets})


def midnight(value: datetime) -> datetime:
    return value.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def _trailing(wanted: TrendsSeries, rows: EventRows, measure: Measure) -> Select:
    """An actor counts on each day whose window `D - (days-1) < t <= D + 1` holds an event.

    The end belongs to the window and the start does not, hence the microsecond.
    """
    days = trailing_days(wanted)
    before = measure.trailing_days - 1
    start = days[0] - timedelta(days=before)
    end = days[-1] + timedelta(days=1)
    zone = text(str(wanted.range.start.tzinfo))
    actives = rows.select(
        {
            "day": Sql(f"toDate(subtractMicroseconds({rows.time}, 1), {zone})"),
            "breakdown": breakdown_value(wanted, rows),
            "input": measure.input,
        },
        [
            Sql(f"{rows.time} > {moment_of(start)}"),
            between(rows.time, start, end)[1],
            *conditions(wanted, rows),
        ],
    )
    ends = call(
        "arrayFilter",
        Sql(f"bucket -> bucket >= day AND bucket <= day + {before}"),
        array(Sql(f"toDate('{day:%Y-%m-%d}')") for day in days),
    )
    bucket = WHOLE_RANGE if wanted.is_total_value else Sql("bucket")
    return Select(
        columns={"bucket": bucket, "breakdown": _BREAKDOWN, "input": _INPUT},
        source=Select(
            columns={
                "bucket": Sql(f"arrayJoin({ends})"),
                "breakdown": _BREAKDOWN,
                "input": _INPUT,
            },
            source=Select(
                columns={"day": Sql("day"), "breakdown": _BREAKDOWN, "input": _INPUT},
                source=actives,
                distinct=True,
            ),
        ),
    )


def first_times(wanted: TrendsSeries, rows: EventRows, *, matching: bool) -> Select:
    """One point for each actor whose first event (or first matching event) is in the range."""
    entity = entity_conditions(wanted.series, rows, wanted.path)
    filters = [
        *filters_conditions(wanted.series.properties, rows, f"{wanted.path}.properties"),
        *filters_conditions(wanted.series.fixed_properties, rows, f"{wanted.path}.fixedProperties"),
        *insight_conditions(wanted.node, rows),
    ]
    scope = rows.actor_conditions()
    if wanted.cohort is not None:
        scope.append(rows.in_cohort(wanted.cohort, "query.breakdownFilter.breakdown"))
    events = rows.select(
        {
            "actor": rows.actor(),
            "moment": rows.time,
            "event_uuid": Sql("uuid"),
            "breakdown": breakdown_value(wanted, rows),
            "matches": Sql("1") if matching else call("ifNull", all_of(filters), Sql("0")),
        },
        [
            between(rows.time, wanted.range.start, wanted.range.end)[1],
            *entity,
            *scope,
            *(filters if matching else []),
        ],
    )
    order = "(moment, event_uuid)"
    firsts = Select(
        columns={
            "first_moment": Sql("min(moment)"),
            "breakdown": Sql(f"argMin(breakdown, {order})"),
            "first_matches": Sql(f"argMin(matches, {order})"),
            "actor": Sql("actor"),
        },
        source=events,
        group_by=(Sql("actor"),),
    )
    first = Sql("first_moment")
    return Select(
        columns={
            "bucket": wanted.bucket(first),
            "breakdown": _BREAKDOWN,
            "actor": Sql("actor"),
        },
        source=firsts,
        where=(between(first, wanted.range.start, wanted.range.end)[0], Sql("first_matches")),
    )


def _by_bucket(points: Select, value: Sql) -> Select:
    """Without a breakdown: to group by its empty text too would cost a quarter of the time."""
    return _as_series(
        Select(
            columns={"breakdown": text(""), "bucket": _BUCKET, "value": value},
            source=points,
            group_by=(_BUCKET,),
        )
    )


def _as_series(values: Select) -> Select:
    return Select(
        columns={
            "breakdown": _BREAKDOWN,
            "buckets": Sql("groupArray(bucket)"),
            "values": Sql("groupArray(toFloat64(ifNull(value, 0)))"),
        },
        source=values,
        group_by=(_BREAKDOWN,),
    )


def _ranked(points: Select, measure: Measure, breakdown: Breakdown) -> Select:
    """The biggest values by the sum of their buckets; the others' states are merged into one."""
    kept = Sql(f"place <= {number(breakdown.limit)}")
    merged = measure.aggregate.merged_if(Sql("state"), Sql(f"NOT {kept}"))
    return _as_series(
        Select(
            columns={
                "breakdown": Sql(f"if({kept}, breakdown, {breakdown.other_sql()})"),
                "bucket": _BUCKET,
                "value": Sql(f"if(countIf({kept}) > 0, anyIf(single, {kept}), {merged})"),
            },
            source=_placed(points, measure),
            group_by=(Sql("1"), _BUCKET),
        )
    )


def breakdown_places(wanted: TrendsSeries) -> Select:
    """The place of each breakdown value in the order by size, as `place`."""
    rows = wanted.rows()
    measure = measure_of(wanted.series, rows, wanted.path)
    if measure.shape == "expression":
        return _rank(_expression_weights(wanted, rows, measure), Sql("weight"), ())
    return _placed(_points(wanted, rows, measure), measure)


def _placed(points: Select, measure: Measure) -> Select:
    states = Select(
        columns={
            "breakdown": _BREAKDOWN,
            "bucket": _BUCKET,
            "state": measure.aggregate.state(_argument(measure)),
        },
        source=points,
        group_by=(_BREAKDOWN, _BUCKET),
    )
    finished = Select(
        columns={
            "breakdown": _BREAKDOWN,
            "bucket": _BUCKET,
            "state": Sql("state"),
            "single": Sql("toFloat64(ifNull(finalizeAggregation(state), 0))"),
        },
        source=states,
    )
    return _rank(finished, Sql("single"), ("bucket", "single", "state"))


def _rank(values: Select, weight: Sql, others: Sequence[str]) -> Select:
    """`place` 1 is the breakdown value with the biggest sum of `weight`."""
    carried = {name: Sql(name) for name in others}
    weighed = Select(
        columns={
            "breakdown": _BREAKDOWN,
            **carried,
            "weight": Sql(
                f"sum(if(isFinite({weight}), {weight}, 0)) OVER (PARTITION BY breakdown)"
            ),
        },
        source=values,
    )
    return Select(
        columns={
            "breakdown": _BREAKDOWN,
            **carried,
            "place": Sql("dense_rank() OVER (ORDER BY weight DESC, breakdown)"),
        },
        source=weighed,
    )


def _expression_statement(wanted: TrendsSeries, rows: EventRows, measure: Measure) -> Select:
    """A user's aggregate cannot be merged from states, so the biggest values are found first."""
    where = [*wanted.range.contains(rows.time), *conditions(wanted, rows)]
    value = breakdown_value(wanted, rows)
    bucket = wanted.bucket(rows.time)
    kept = value
    if wanted.breakdown is not None:
        inner = wanted.rows()
        weights = _expression_weights(wanted, inner, measure_of(wanted.series, inner, wanted.path))
        biggest = Select(
            columns={"breakdown": _BREAKDOWN},
            source=weights,
            order_by=(Sql("weight DESC"), _BREAKDOWN),
            limit=wanted.breakdown.limit,
        )
        kept = Sql(f"if({value} IN ({biggest.sql()}), {value}, {wanted.breakdown.other_sql()})")
    columns = {"breakdown": kept, "bucket": bucket, "value": measure.input}
    return _as_series(rows.select(columns, where, (Sql("1"), Sql("2"))))


def _expression_weights(wanted: TrendsSeries, rows: EventRows, measure: Measure) -> Select:
    value = breakdown_value(wanted, rows)
    return rows.select(
        {"breakdown": value, "weight": call("toFloat64", measure.input)},
        [*wanted.range.contains(rows.time), *conditions(wanted, rows)],
        (Sql("1"),),
    )
