"""How a trends insight splits its events: by its breakdown, or a calendar by the hours of the week.

A calendar heat map (read-api §4.2) has one value for each hour in which something happened:
its `breakdown_value` is [day of the week, 1 is Monday; hour], in the project's time zone.
"""

from typing import Final

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import text
from hedgerow.query.insights.breakdown import Breakdown, read_breakdown
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.nodes import BreakdownPart, TrendsNode

CALENDAR: Final = "CalendarHeatmap"
_HOURS_OF_A_WEEK: Final = 7 * 24


def trends_breakdown(node: TrendsNode, context: InsightContext) -> Breakdown | None:
    """None where nothing is broken down. Raises `QueryError` naming the wrong field."""
    if node.trends_filter.display != CALENDAR:
        return read_breakdown(node.breakdown_filter)
    asked = node.breakdown_filter
    if asked is not None and (asked.breakdown is not None or asked.breakdowns):
        raise QueryError(
            "A calendar heat map is broken down by hours only.", attribute="query.breakdownFilter"
        )
    local = f"toTimeZone(timestamp, {text(context.time_zone)})"
    parts = tuple(
        BreakdownPart(property=f"{function}({local})", type="hogql")
        for function in ("toDayOfWeek", "toHour")
    )
    return Breakdown(parts=parts, limit=_HOURS_OF_A_WEEK, is_list=True)
