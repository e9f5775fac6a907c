"""The actors behind one point of a trends insight."""

from dataclasses import replace
from datetime import datetime, timedelta

from hedgerow.query.fragments import Select, Sql, number
from hedgerow.query.insights.breakdown import ALL_COHORT, Breakdown, read_cohorts
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.date_range import between, moment_of, resolve_range
from hedgerow.query.insights.nodes import ActorsPoint, TrendsNode
from hedgerow.query.insights.points import (
    bucket_equals,
    point_bucket,
    point_period,
    point_series,
)
from hedgerow.query.insights.series_items import periods
from hedgerow.query.insights.trends_breakdown import trends_breakdown
from hedgerow.query.insights.trends_math import measure_of
from hedgerow.query.insights.trends_series import (
    TrendsSeries,
    breakdown_places,
    breakdown_value,
    conditions,
    first_times,
    midnight,
)

_BREAKDOWN = Sql("breakdown")


def trends_actors(node: TrendsNode, point: ActorsPoint, context: InsightContext) -> Select:
    """`actor_id` and `event_count`. Raises `QueryError` naming the field that is wrong."""
    context = context.for_node(node)
    current = resolve_range(node.date_range, node.interval, context)
    range_ = point_period(point, periods(current, node.compare_filter))
    wanted = TrendsSeries(
        node=node,
        index=point_series(point, len(node.series)),
        range=range_,
        context=context,
        breakdown=trends_breakdown(node, context),
        cohort=_cohort(node, point),
    )
    bucket = point_bucket(point, range_, context)
    events = _events(wanted, bucket)
    where = []
    if wanted.breakdown is not None and point.breakdown is not None:
        where.append(_has_value(wanted, wanted.breakdown, point.breakdown))
    return Select(
        columns={"actor_id": Sql("actor"), "event_count": Sql("count()")},
        source=events,
        where=tuple(where),
        group_by=(Sql("actor"),),
    )


def _cohort(node: TrendsNode, point: ActorsPoint) -> int | None:
    cohorts = read_cohorts(node.breakdown_filter)
    if not cohorts or point.breakdown in (None, ALL_COHORT):
        return None
    return int(point.breakdown) if str(point.breakdown).isdigit() else None


def _events(wanted: TrendsSeries, bucket: datetime | None) -> Select:
    """Rows of (actor, breakdown): one for each event that counts at the point."""
    rows = wanted.actor_rows()
    measure = measure_of(wanted.series, rows, wanted.path)
    if measure.shape in ("first_time", "first_matching"):
        firsts = first_times(wanted, wanted.rows(), matching=measure.shape == "first_matching")
        if bucket is None:
            return firsts
        return Select(
            columns={"actor": Sql("actor"), "breakdown": _BREAKDOWN},
            source=firsts,
            where=(Sql(f"bucket = {bucket_equals(wanted.range, bucket)}"),),
        )
    where = [*wanted.range.contains(rows.time)]
    if measure.shape == "trailing":
        day = midnight(bucket or wanted.range.end)
        start = day - timedelta(days=measure.trailing_days - 1)
        where = [
            Sql(f"{rows.time} > {moment_of(start)}"),
            between(rows.time, start, day + timedelta(days=1))[1],
        ]
    elif bucket is not None:
        equals = bucket_equals(wanted.range, bucket)
        where.append(Sql(f"{wanted.range.bucket_of(rows.time)} = {equals}"))
    if measure.must_be_there is not None:
        where.append(measure.must_be_there)
    columns = {"actor": rows.actor(), "breakdown": breakdown_value(wanted, rows)}
    return rows.select(columns, [*where, *conditions(wanted, rows)])


def _has_value(wanted: TrendsSeries, breakdown: Breakdown, value: object) -> Sql:
    """The breakdown value asked for; Other is every value beyond the limit."""
    if breakdown.is_other(value):
        places = breakdown_places(replace(wanted, breakdown=breakdown))
        beyond = Select(
            columns={"breakdown": _BREAKDOWN},
            source=places,
            where=(Sql(f"place > {number(breakdown.limit)}"),),
        )
        return Sql(f"breakdown IN ({beyond.sql()})")
    return Sql(f"breakdown = {breakdown.value_sql(value)}")
