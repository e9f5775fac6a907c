"""Items of an answer with series: values by bucket, with their names, days and labels."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, Final

from hedgerow.core.errors import QueryError
from hedgerow.query.insights.date_range import InsightRange
from hedgerow.query.insights.nodes import CompareFilter, SeriesNode

ALL_EVENTS: Final = "All events"
# Formulas name series by one letter.
SERIES_MAX: Final = 26


@dataclass(frozen=True, slots=True)
class Period:
    """`label` is current or previous where periods are compared."""

    range: InsightRange
    label: str | None = None


def periods(current: InsightRange, compare: CompareFilter | None) -> list[Period]:
    """The period asked for and, if they are compared, the one before."""
    if compare is None or not (compare.compare or compare.compare_to):
        return [Period(current)]
    return [
        Period(current, "current"),
        Period(current.previous(compare.compare_to), "previous"),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesItem:
    """One line of a chart. A total value is a list of one number. `name` is a formula's."""

    index: int
    period: Period
    values: Sequence[float]
    is_total_value: bool = False
    breakdown_value: Any = None
    has_breakdown: bool = False
    name: str | None = None
    is_cumulative: bool = False

    def smoothed(self, count: int) -> "SeriesItem":
        """Each point is the mean of itself and up to `count` - 1 before it."""
        values = [
            _mean(self.values[max(0, end - count) : end]) for end in range(1, len(self.values) + 1)
        ]
        return replace(self, values=values)

    def cumulative(self) -> "SeriesItem":
        return replace(self, values=list(accumulate(self.values)), is_cumulative=True)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def check_series(series: Sequence[object]) -> None:
    if not 1 <= len(series) <= SERIES_MAX:
        raise QueryError(f"There must be 1 to {SERIES_MAX} series.", attribute="query.series")


def series_name(series: SeriesNode) -> str:
    return series.name or series.event or (str(series.id) if series.id else ALL_EVENTS)


def item_result(item: SeriesItem, series: SeriesNode | None, label: str | None) -> dict[str, Any]:
    """The item as the API shows it. `series` is None for a formula."""
    days, labels = item.period.range.days, item.period.range.labels
    shown = item.name or label or ""
    result: dict[str, Any] = {
        "label": shown,
        "action": None if series is None else _action(series, item.index, days),
    }
    if item.is_total_value:
        result |= {
            "aggregated_value": whole(item.values[0]),
            "data": [],
            "days": [],
            "labels": [],
            "count": 0,
        }
    else:
        last = item.values[-1] if item.values else 0
        result |= {
            "data": [whole(value) for value in item.values],
            "days": days,
            "labels": labels,
            "count": whole(last if item.is_cumulative else sum(item.values)),
        }
    if item.has_breakdown:
        result["breakdown_value"] = item.breakdown_value
    if item.period.label is not None:
        result |= {"compare": True, "compare_label": item.period.label}
    return result


def _action(series: SeriesNode, order: int, days: list[str]) -> dict[str, Any]:
    return {
        "id": series.event if series.kind == "EventsNode" else series.id,
        "type": "events" if series.kind == "EventsNode" else "actions",
        "order": order,
        "name": series_name(series),
        "custom_name": series.custom_name,
        "math": series.math,
        "math_property": series.math_property,
        "math_hogql": series.math_hogql,
        "math_group_type_index": series.math_group_type_index,
        "days": days,
    }


def whole(value: float) -> float | int:
    """Counts are shown as whole numbers."""
    return int(value) if float(value).is_integer() and abs(value) < 2**53 else value
