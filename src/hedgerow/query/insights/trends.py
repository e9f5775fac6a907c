"""TrendsQuery: one line, bar or number for each series, period and breakdown value."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from hedgerow.query.insights.breakdown import (
    Breakdown,
    read_breakdown,
    read_cohorts,
)
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.date_range import resolve_range
from hedgerow.query.insights.nodes import TrendsNode
from hedgerow.query.insights.plan import Answer, Plan, Rows
from hedgerow.query.insights.series_items import (
    Period,
    SeriesItem,
    check_series,
    item_result,
    periods,
    series_name,
)
from hedgerow.query.insights.trends_formulas import formula_items, read_formulas
from hedgerow.query.insights.trends_heatmap import CALENDAR_HEATMAP, plan_heatmap
from hedgerow.query.insights.trends_series import (
    TrendsSeries,
    series_statement,
    trailing_days,
)

_TOTAL_VALUE_DISPLAYS: Final = (
    *("BoldNumber", "ActionsPie", "ActionsBarValue", "ActionsTable", "WorldMap"),
)
_CUMULATIVE: Final = "ActionsLineGraphCumulative"
_TRAILING_MATHS: Final = ("weekly_active", "monthly_active")


@dataclass(frozen=True, slots=True)
class _Part:
    """One statement's place in the answer. `cohort` is None where there is no such breakdown."""

    wanted: TrendsSeries
    period: Period
    cohort: str | int | None


def plan_trends(node: TrendsNode, context: InsightContext) -> Plan:
    """Raises `QueryError` naming the field that is wrong."""
    check_series(node.series)
    if node.trends_filter.display == CALENDAR_HEATMAP:
        return plan_heatmap(node, context)
    context = context.for_node(node)
    current = resolve_range(node.date_range, node.interval, context)
    read_formulas(node)
    breakdown = read_breakdown(node.breakdown_filter)
    parts = [
        _Part(
            TrendsSeries(
                node=node,
                index=index,
                range=period.range,
                context=context,
                breakdown=breakdown,
                cohort=cohort if isinstance(cohort, int) else None,
                is_total_value=is_total_value(node),
            ),
            period,
            cohort,
        )
        for period in periods(current, node.compare_filter)
        for index in range(len(node.series))
        for cohort in read_cohorts(node.breakdown_filter) or (None,)
    ]

    def assemble(answers: Sequence[Rows]) -> Answer:
        items = [
            item for part, rows in zip(parts, answers, strict=True) for item in _items(part, rows)
        ]
        return Answer(_results(node, items))

    return Plan(
        statements=tuple(series_statement(part.wanted) for part in parts),
        assemble=assemble,
        range=current,
    )


def is_total_value(node: TrendsNode) -> bool:
    return node.trends_filter.display in _TOTAL_VALUE_DISPLAYS


def _items(part: _Part, rows: Rows) -> list[SeriesItem]:
    found = {_hashable(value): _values(part.wanted, keys, values) for value, keys, values in rows}
    if part.wanted.breakdown is None:
        return [_item(part, part.cohort, next(iter(found.values()), None))]
    items = [_item(part, _listed(value), values) for value, values in found.items()]
    return _ordered(items, part.wanted.breakdown)


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _item(part: _Part, value: Any, values: list[float] | None) -> SeriesItem:
    length = 1 if part.wanted.is_total_value else len(part.period.range.buckets)
    return SeriesItem(
        index=part.wanted.index,
        period=part.period,
        values=values or [0.0] * length,
        is_total_value=part.wanted.is_total_value,
        breakdown_value=value,
        has_breakdown=part.wanted.breakdown is not None or part.cohort is not None,
    )


def _values(wanted: TrendsSeries, keys: list[Any], values: list[Any]) -> list[float]:
    """One number for each bucket, 0 where the store has none."""
    by_key = {key: value or 0.0 for key, value in zip(keys, values, strict=True)}
    if wanted.is_total_value:
        return [next(iter(by_key.values()), 0.0)]
    range_ = wanted.range
    if (wanted.series.math or "") in _TRAILING_MATHS:
        assert trailing_days(wanted)
        return [by_key.get(bucket.strftime("%Y-%m-%d"), 0.0) for bucket in range_.buckets]
    return [by_key.get(range_.key(bucket), 0.0) for bucket in range_.buckets]


def _ordered(items: list[SeriesItem], breakdown: Breakdown) -> list[SeriesItem]:
    """Biggest first, then None, then Other."""
    if breakdown.hide_other:
        items = [item for item in items if not breakdown.is_other(item.breakdown_value)]

    def rank(item: SeriesItem) -> tuple[int, float, str]:
        value = item.breakdown_value
        last = 2 if breakdown.is_other(value) else int(breakdown.is_missing(value))
        return last, -sum(item.values), str(value)

    return sorted(items, key=rank)


def _results(node: TrendsNode, items: list[SeriesItem]) -> list[dict[str, Any]]:
    formulas = read_formulas(node)
    if formulas:
        items = formula_items(formulas, items, len(node.series))
    smoothing = node.trends_filter.smoothing_intervals or 1
    is_cumulative = node.trends_filter.display == _CUMULATIVE
    results = []
    for item in items:
        shown = item
        if not item.is_total_value:
            if smoothing > 1:
                shown = shown.smoothed(smoothing)
            if is_cumulative:
                shown = shown.cumulative()
        series = None if formulas else node.series[item.index]
        results.append(item_result(shown, series, series_name(series) if series else None))
    return results
