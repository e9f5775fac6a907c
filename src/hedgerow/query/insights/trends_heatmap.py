"""The calendar heatmap of a trends insight: by day of the week and hour of the day (read-api §4.2).

Each cell, each day, each hour and the whole are counted on their own: a person who comes on two
days is one in the whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Select, Sql, text
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.date_range import resolve_range
from hedgerow.query.insights.nodes import TrendsNode
from hedgerow.query.insights.plan import Answer, Plan, Rows
from hedgerow.query.insights.series_items import Period, periods, series_name, whole
from hedgerow.query.insights.trends_math import measure_of
from hedgerow.query.insights.trends_series import TrendsSeries, conditions

CALENDAR_HEATMAP: Final = "CalendarHeatmap"
_DAY, _HOUR = Sql("day"), Sql("hour")


@dataclass(frozen=True, slots=True)
class _Part:
    index: int
    period: Period


def plan_heatmap(node: TrendsNode, context: InsightContext) -> Plan:
    """Raises `QueryError` naming the field that is wrong."""
    if node.breakdown_filter is not None and (
        node.breakdown_filter.breakdown or node.breakdown_filter.breakdowns
    ):
        raise QueryError("A calendar heatmap has no breakdown.", attribute="query.breakdownFilter")
    context = context.for_node(node)
    current = resolve_range(node.date_range, node.interval, context)
    parts = [
        _Part(index, period)
        for period in periods(current, node.compare_filter)
        for index in range(len(node.series))
    ]

    def assemble(answers: Sequence[Rows]) -> Answer:
        return Answer([_shown(node, part, rows) for part, rows in zip(parts, answers, strict=True)])

    return Plan(
        statements=tuple(_statement(node, context, part) for part in parts),
        assemble=assemble,
        range=current,
    )


def _statement(node: TrendsNode, context: InsightContext, part: _Part) -> Select:
    """Rows of (day, hour, value); a day or an hour of -1 stands for all of them."""
    wanted = TrendsSeries(
        node=node, index=part.index, range=part.period.range, context=context, breakdown=None
    )
    rows = wanted.rows()
    measure = measure_of(wanted.series, rows, wanted.path)
    if measure.shape != "events":
        raise QueryError(
            "A calendar heatmap counts events, users, sessions, groups or numbers.",
            attribute=f"{wanted.path}.math",
        )
    local = f"toTimeZone({rows.time}, {text(context.time_zone)})"
    columns = {
        "day": Sql(f"toInt8(toDayOfWeek({local}))"),
        "hour": Sql(f"toInt8(toHour({local}))"),
    }
    if measure.input:
        columns["input"] = measure.input
    points = rows.select(columns, [*wanted.range.contains(rows.time), *conditions(wanted, rows)])
    value = measure.aggregate.of(Sql("input") if measure.input else Sql(""))
    return Select(
        columns={
            # The store gives 0 for a key that is left out of a set, which midnight has too.
            "shown_day": Sql(f"if(grouping({_DAY}) = 0, {_DAY}, -1)"),
            "shown_hour": Sql(f"if(grouping({_HOUR}) = 0, {_HOUR}, -1)"),
            "value": Sql(f"toFloat64(ifNull({value}, 0))"),
        },
        source=points,
        group_by=(Sql(f"GROUPING SETS (({_DAY}, {_HOUR}), ({_DAY}), ({_HOUR}), ())"),),
        order_by=(Sql("shown_day"), Sql("shown_hour")),
    )


def _shown(node: TrendsNode, part: _Part, rows: Rows) -> dict[str, Any]:
    """Days are numbered from Monday, 1; only those days and hours that have something are there."""
    cells, days, hours, total = [], [], [], 0.0
    for day, hour, value in rows:
        if day < 0 and hour < 0:
            total = value
        elif hour < 0:
            days.append({"row": day, "value": whole(value)})
        elif day < 0:
            hours.append({"column": hour, "value": whole(value)})
        else:
            cells.append({"row": day, "column": hour, "value": whole(value)})
    shown: dict[str, Any] = {
        "label": series_name(node.series[part.index]),
        "data": [],
        "days": [],
        "labels": [],
        "count": whole(total),
        "calendar_heatmap_data": {
            "data": cells,
            "rowAggregations": days,
            "columnAggregations": hours,
            "allAggregations": whole(total),
        },
    }
    if part.period.label is not None:
        shown |= {"compare": True, "compare_label": part.period.label}
    return shown
