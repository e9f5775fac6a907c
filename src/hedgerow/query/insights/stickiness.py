"""StickinessQuery: in how many buckets of the range an actor was active (read-api §4.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Select, Sql, array, number
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.date_range import InsightRange, resolve_range
from hedgerow.query.insights.event_rows import EventRows
from hedgerow.query.insights.filters import insight_conditions, series_conditions
from hedgerow.query.insights.nodes import ActorsPoint, StickinessNode
from hedgerow.query.insights.plan import Answer, Plan, Rows
from hedgerow.query.insights.points import bucket_equals, point_period, point_series
from hedgerow.query.insights.series_items import (
    Period,
    SeriesItem,
    check_series,
    item_result,
    periods,
    series_name,
)

_SIGNS: Final = {"gte": ">=", "lte": "<=", "exact": "="}
_ACTIVE: Final = "active_intervals"


@dataclass(frozen=True, slots=True)
class _Part:
    index: int
    period: Period


def plan_stickiness(node: StickinessNode, context: InsightContext) -> Plan:
    """Raises `QueryError` naming the field that is wrong."""
    check_series(node.series)
    context = context.for_node(node)
    current = resolve_range(node.date_range, node.interval, context)
    parts = [
        _Part(index, period)
        for period in periods(current, node.compare_filter)
        for index in range(len(node.series))
    ]

    def assemble(answers: Sequence[Rows]) -> Answer:
        return Answer([_item(node, part, rows) for part, rows in zip(parts, answers, strict=True)])

    return Plan(
        statements=tuple(_histogram(node, context, part) for part in parts),
        assemble=assemble,
        range=current,
    )


def _group_size(node: StickinessNode) -> int:
    size = node.interval_count or 1
    if size < 1:
        raise QueryError("intervalCount is at least 1.", attribute="query.intervalCount")
    return size


def _length(node: StickinessNode, range_: InsightRange) -> int:
    return -(-len(range_.buckets) // _group_size(node))


def _item(node: StickinessNode, part: _Part, rows: Rows) -> dict[str, Any]:
    found = {row[0]: row[1] for row in rows}
    length = _length(node, part.period.range)
    values = [found.get(count, 0) for count in range(1, length + 1)]
    if node.stickiness_filter.computed_as == "cumulative":
        values = list(accumulate(reversed(values)))[::-1]
    series = node.series[part.index]
    item = SeriesItem(index=part.index, period=part.period, values=values)
    unit: str = node.interval or "day"
    if _group_size(node) > 1:
        unit = f"{_group_size(node)}-{unit} period"
    return item_result(item, series, series_name(series)) | {
        "days": list(range(1, length + 1)),
        "labels": [f"{n} {unit}{'' if n == 1 else 's'}" for n in range(1, length + 1)],
    }


def _histogram(node: StickinessNode, context: InsightContext, part: _Part) -> Select:
    """Rows of (intervals, actors)."""
    return Select(
        columns={_ACTIVE: Sql(_ACTIVE), "actors": Sql("count()")},
        source=active_intervals(node, context, part.index, part.period.range),
        group_by=(Sql(_ACTIVE),),
    )


def active_intervals(
    node: StickinessNode, context: InsightContext, index: int, range_: InsightRange
) -> Select:
    """Each actor with the number of intervals in which they meet the criterion."""
    rows = EventRows(context, node.aggregation_group_type_index)
    columns = {"actor": rows.actor(), "interval": _interval(node, range_, rows)}
    where = [
        *range_.contains(rows.time),
        *series_conditions(node.series[index], rows, f"query.series.{index}"),
        *insight_conditions(node, rows),
        *rows.actor_conditions(),
    ]
    criteria = node.stickiness_filter.criteria
    counts = Select(
        columns={"actor": Sql("actor"), "interval": Sql("interval"), "events": Sql("count()")},
        source=rows.select(columns, where),
        group_by=(Sql("actor"), Sql("interval")),
        having=(
            ()
            if criteria is None
            else (Sql(f"count() {_SIGNS[criteria.operator]} {number(criteria.value)}"),)
        ),
    )
    return Select(
        columns={"actor": Sql("actor"), _ACTIVE: Sql("count()"), "events": Sql("sum(events)")},
        source=counts,
        group_by=(Sql("actor"),),
    )


def _interval(node: StickinessNode, range_: InsightRange, rows: EventRows) -> Sql:
    bucket = range_.bucket_of(rows.time)
    size = _group_size(node)
    if size == 1:
        return bucket
    buckets = array(Sql(bucket_equals(range_, item)) for item in range_.buckets)
    return Sql(f"intDiv(indexOf({buckets}, {bucket}) - 1, {number(size)})")


def stickiness_actors(node: StickinessNode, point: ActorsPoint, context: InsightContext) -> Select:
    """Who was active in exactly (or with cumulative, at least) `day` intervals."""
    context = context.for_node(node)
    current = resolve_range(node.date_range, node.interval, context)
    range_ = point_period(point, periods(current, node.compare_filter))
    index = point_series(point, len(node.series))
    where: tuple[Sql, ...] = ()
    if point.day is not None:
        if not str(point.day).isdigit():
            raise QueryError("day is a number of intervals.", attribute="query.source.day")
        cumulative = node.stickiness_filter.computed_as == "cumulative"
        sign = _SIGNS.get(point.operator or "", ">=" if cumulative else "=")
        where = (Sql(f"{_ACTIVE} {sign} {number(int(point.day))}"),)
    return Select(
        columns={"actor_id": Sql("actor"), "event_count": Sql("events")},
        source=active_intervals(node, context, index, range_),
        where=where,
    )
