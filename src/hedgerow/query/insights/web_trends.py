"""WebTrendsQuery: the figures of the overview for each interval, by the start of a session."""

from collections.abc import Sequence
from typing import Any, Final

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Select, Sql
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.date_range import InsightRange
from hedgerow.query.insights.event_rows import EventRows
from hedgerow.query.insights.plan import Answer, Plan, Rows
from hedgerow.query.insights.web_nodes import WebTrendsNode
from hedgerow.query.insights.web_overview import OVERVIEW_TILES, overview_question
from hedgerow.query.insights.web_sessions import START, WebPeriods, web_periods, web_sessions

# PostHog's names for the tiles of the overview.
_METRIC_OF_TILE: Final = {
    "visitors": "UniqueUsers",
    "views": "PageViews",
    "sessions": "Sessions",
    "session duration": "SessionDuration",
    "bounce rate": "Bounces",
}
_TILES: Final = tuple((_METRIC_OF_TILE[tile.key], tile) for tile in OVERVIEW_TILES)
_EMPTY: Final = {name: 0 if tile.kind == "unit" else None for name, tile in _TILES}


def plan_web_trends(node: WebTrendsNode, context: InsightContext) -> Plan:
    """An item for each interval, with the one it is compared with beside it.

    Raises `QueryError` naming the field that is wrong.
    """
    if node.conversion_goal is not None:
        raise QueryError("A goal has no trend.", attribute="query.conversionGoal")
    context = context.for_node(node)
    periods = web_periods(node, context)
    rows = EventRows(context, node.aggregation_group_type_index)
    bucket = periods.current.bucket_of(Sql(f"`{START}`"))
    columns = {"bucket": bucket}
    for number, (_, tile) in enumerate(_TILES):
        columns[f"current_{number}"] = Sql(tile.expression.format("is_current"))
        columns[f"previous_{number}"] = Sql(tile.expression.format("is_previous"))
    statement = Select(
        columns=columns,
        source=web_sessions(node, periods, rows, overview_question(START)),
        group_by=(bucket,),
    )
    wanted: Sequence[str] = node.metrics or list(_EMPTY)

    def assemble(answers: Sequence[Rows]) -> Answer:
        (found,) = answers
        current = _items({key: values[::2] for key, *values in found}, periods.current, wanted)
        return Answer(_compared(current, found, periods, wanted))

    return Plan(statements=(statement,), assemble=assemble, range=periods.current)


def _items(
    found: dict[Any, list[Any]], range_: InsightRange, wanted: Sequence[str]
) -> list[dict[str, Any]]:
    items = []
    for bucket, day in zip(range_.buckets, range_.days, strict=True):
        values = found.get(range_.key(bucket))
        named = dict(zip(_EMPTY, values, strict=True)) if values else _EMPTY
        items.append({"bucket": day, "metrics": {name: named[name] for name in wanted}})
    return items


def _compared(
    current: list[dict[str, Any]], found: Rows, periods: WebPeriods, wanted: Sequence[str]
) -> list[dict[str, Any]]:
    """Each interval with the one at its place in the period before, where periods are compared."""
    if periods.previous is None:
        return current
    before = _items({key: values[1::2] for key, *values in found}, periods.previous, wanted)
    return [
        item | {"previous": before[place] if place < len(before) else None}
        for place, item in enumerate(current)
    ]
