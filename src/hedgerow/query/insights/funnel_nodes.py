"""The funnel's node as it comes over the wire (read-api §3.3), and what it means where silent."""

from datetime import timedelta
from typing import Annotated, Final, Literal

from msgspec import Meta, field

from hedgerow.core.errors import QueryError
from hedgerow.query.insights.nodes import BreakdownFilter, Node, SeriesInsightNode, SeriesNode

STEPS_MAX: Final = 30
EXCLUSIONS_MAX: Final = 30
WINDOW_DEFAULT: Final = 14

_UNITS: Final = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=30),
}


class ExclusionNode(SeriesNode, frozen=True, kw_only=True):
    """An event that must not come between two steps, numbered from 0."""

    from_step: int = field(name="funnelFromStep")
    to_step: int = field(name="funnelToStep")


class FunnelsFilter(Node, frozen=True, kw_only=True):
    order: Literal["ordered", "strict", "unordered"] = field(
        default="ordered", name="funnelOrderType"
    )
    shown_as: Literal["steps", "time_to_convert", "trends"] = field(
        default="steps", name="funnelVizType"
    )
    window_interval: Annotated[int, Meta(ge=1, le=100_000)] = field(
        default=WINDOW_DEFAULT, name="funnelWindowInterval"
    )
    window_unit: Literal["second", "minute", "hour", "day", "week", "month"] = field(
        default="day", name="funnelWindowIntervalUnit"
    )
    exclusions: Annotated[list[ExclusionNode], Meta(max_length=EXCLUSIONS_MAX)] | None = None
    attribution: Literal["first_touch", "last_touch", "all_events", "step"] = field(
        default="first_touch", name="breakdownAttributionType"
    )
    attribution_step: int | None = field(default=None, name="breakdownAttributionValue")
    from_step: int | None = field(default=None, name="funnelFromStep")
    to_step: int | None = field(default=None, name="funnelToStep")
    bin_count: Annotated[int, Meta(ge=1, le=90)] | None = field(default=None, name="binCount")
    aggregate_by: str | None = field(default=None, name="funnelAggregateByHogQL")


class FunnelsNode(SeriesInsightNode, frozen=True, kw_only=True):
    funnels_filter: FunnelsFilter = field(default_factory=FunnelsFilter, name="funnelsFilter")
    breakdown_filter: BreakdownFilter | None = field(default=None, name="breakdownFilter")

    @property
    def last_step(self) -> int:
        return len(self.series) - 1

    @property
    def window_us(self) -> int:
        unit = _UNITS[self.funnels_filter.window_unit]
        return unit * self.funnels_filter.window_interval // timedelta(microseconds=1)

    @property
    def from_step(self) -> int:
        asked = self.funnels_filter.from_step
        return 0 if asked is None else asked

    @property
    def to_step(self) -> int:
        asked = self.funnels_filter.to_step
        return self.last_step if asked is None else asked

    @property
    def attribution(self) -> str:
        """In a funnel in any order no step is a certain one, so the first value counts."""
        asked = self.funnels_filter.attribution
        is_unordered = self.funnels_filter.order == "unordered"
        return "first_touch" if asked == "step" and is_unordered else asked

    @property
    def attribution_step(self) -> int:
        return self.funnels_filter.attribution_step or 0

    @property
    def exclusions(self) -> list[ExclusionNode]:
        return self.funnels_filter.exclusions or []


def check_funnel(node: FunnelsNode) -> None:
    """What the types alone cannot tell. Raises `QueryError` naming the wrong field."""
    if not 2 <= len(node.series) <= STEPS_MAX:
        raise QueryError(f"A funnel has 2 to {STEPS_MAX} steps.", attribute="query.series")
    path = "query.funnelsFilter"
    if not 0 <= node.from_step < node.to_step <= node.last_step:
        raise QueryError(
            f"The steps must be from 0 to {node.last_step}, the first before the last.",
            attribute=f"{path}.funnelFromStep",
        )
    for index, exclusion in enumerate(node.exclusions):
        _check_exclusion(node, exclusion, f"{path}.exclusions.{index}")
    if node.attribution == "step" and not 0 <= node.attribution_step <= node.last_step:
        raise QueryError(
            f"The step must be from 0 to {node.last_step}.",
            attribute=f"{path}.breakdownAttributionValue",
        )


def _check_exclusion(node: FunnelsNode, exclusion: ExclusionNode, path: str) -> None:
    if not 0 <= exclusion.from_step < exclusion.to_step <= node.last_step:
        raise QueryError(
            f"An exclusion lies between steps 0 and {node.last_step}, from an earlier to a "
            "later one.",
            attribute=f"{path}.funnelFromStep",
        )
    is_whole = (exclusion.from_step, exclusion.to_step) == (0, node.last_step)
    if node.funnels_filter.order == "unordered" and not is_whole:
        raise QueryError(
            "In a funnel in any order an exclusion covers all steps.",
            attribute=f"{path}.funnelFromStep",
        )
