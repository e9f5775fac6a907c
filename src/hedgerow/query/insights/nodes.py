"""The query nodes as they come over the wire (read-api §3.3), typed.

Python names are ours, wire names are PostHog's. Fields that only steer how PostHog's own pages
draw a chart are not listed and are let pass. `read_node.py` makes these from JSON.
"""

from typing import Any, Literal

from msgspec import Struct, field

Interval = Literal["second", "minute", "hour", "day", "week", "month"]


class Node(Struct, frozen=True, kw_only=True):
    """The root of all nodes."""


class DateRangeNode(Node, frozen=True, kw_only=True):
    date_from: str | None = None
    date_to: str | None = None
    explicit_date: bool | None = field(default=None, name="explicitDate")


class FilterNode(Node, frozen=True, kw_only=True):
    """A property filter, or a group of them where `values` is there."""

    type: str | None = None
    values: "list[FilterNode] | None" = None
    key: Any = None
    value: Any = None
    operator: str | None = None
    group_type_index: int | None = None


# A list means that all must match.
Filters = list[FilterNode] | FilterNode | None


class SeriesNode(Node, frozen=True, kw_only=True):
    """EventsNode (`event`, or None for every event) or ActionsNode (`id`)."""

    kind: str = "EventsNode"
    event: str | None = None
    id: int | str | None = None
    name: str | None = None
    custom_name: str | None = None
    math: str | None = None
    math_property: str | None = None
    math_property_type: str | None = None
    math_hogql: str | None = None
    math_group_type_index: int | None = None
    properties: Filters = None
    fixed_properties: Filters = field(default=None, name="fixedProperties")


class BreakdownPart(Node, frozen=True, kw_only=True):
    """One of several breakdowns."""

    property: str | int
    type: str | None = None
    group_type_index: int | None = None
    histogram_bin_count: int | None = None
    normalize_url: bool | None = None


class BreakdownFilter(Node, frozen=True, kw_only=True):
    breakdown: str | int | list[str | int] | None = None
    breakdown_type: str | None = None
    breakdown_limit: int | None = None
    breakdown_group_type_index: int | None = None
    breakdown_histogram_bin_count: int | None = None
    breakdown_normalize_url: bool | None = None
    breakdown_hide_other_aggregation: bool | None = None
    breakdowns: list[BreakdownPart] | None = None


class CompareFilter(Node, frozen=True, kw_only=True):
    compare: bool | None = None
    compare_to: str | None = None


class InsightNode(Node, frozen=True, kw_only=True):
    """What all insights share."""

    date_range: DateRangeNode = field(default_factory=DateRangeNode, name="dateRange")
    properties: Filters = None
    filter_test_accounts: bool | None = field(default=None, name="filterTestAccounts")
    aggregation_group_type_index: int | None = None
    modifiers: dict[str, Any] | None = None


class TrendsFilter(Node, frozen=True, kw_only=True):
    display: str | None = None
    formula: str | None = None
    formulas: list[str] | None = None
    formula_nodes: list[dict[str, Any]] | None = field(default=None, name="formulaNodes")
    smoothing_intervals: int | None = field(default=None, name="smoothingIntervals")


class SeriesInsightNode(InsightNode, frozen=True, kw_only=True):
    """Insights over series of events."""

    series: list[SeriesNode]
    interval: Interval | None = None


class TrendsNode(SeriesInsightNode, frozen=True, kw_only=True):
    trends_filter: TrendsFilter = field(default_factory=TrendsFilter, name="trendsFilter")
    breakdown_filter: BreakdownFilter | None = field(default=None, name="breakdownFilter")
    compare_filter: CompareFilter | None = field(default=None, name="compareFilter")


class StickinessCriteria(Node, frozen=True, kw_only=True):
    operator: Literal["gte", "lte", "exact"]
    value: int


class StickinessFilter(Node, frozen=True, kw_only=True):
    computed_as: Literal["cumulative", "non_cumulative"] | None = field(
        default=None, name="computedAs"
    )
    criteria: StickinessCriteria | None = field(default=None, name="stickinessCriteria")


class StickinessNode(SeriesInsightNode, frozen=True, kw_only=True):
    interval_count: int | None = field(default=None, name="intervalCount")
    stickiness_filter: StickinessFilter = field(
        default_factory=StickinessFilter, name="stickinessFilter"
    )
    compare_filter: CompareFilter | None = field(default=None, name="compareFilter")


class LifecycleNode(SeriesInsightNode, frozen=True, kw_only=True):
    pass


class ActorsPoint(Node, frozen=True, kw_only=True):
    """Which point of an insight: the fields of InsightActorsQuery and its relatives.

    `source` is the insight itself and is read apart.
    """

    day: str | int | float | None = None
    series: int | None = None
    interval: int | None = None
    breakdown: Any = None
    compare: Literal["current", "previous"] | None = None
    status: str | None = None
    operator: str | None = None
    funnel_step: int | None = field(default=None, name="funnelStep")
    funnel_custom_steps: list[int] | None = field(default=None, name="funnelCustomSteps")
    funnel_step_breakdown: Any = field(default=None, name="funnelStepBreakdown")
    funnel_trends_drop_off: bool | None = field(default=None, name="funnelTrendsDropOff")
    funnel_trends_entrance_period_start: str | None = field(
        default=None, name="funnelTrendsEntrancePeriodStart"
    )
