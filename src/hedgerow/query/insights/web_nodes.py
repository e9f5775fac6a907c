"""The wire nodes of the questions about web traffic (read-api §3.3, §4.7)."""

from typing import Literal

from msgspec import field

from hedgerow.query.insights.nodes import CompareFilter, InsightNode, Interval, Node, SeriesNode

WebBreakdown = Literal[
    "Page",
    "InitialPage",
    "ExitPage",
    "ExitClick",
    "PreviousPage",
    "ScreenName",
    "InitialChannelType",
    "InitialReferringDomain",
    "InitialReferringURL",
    "InitialUTMSource",
    "InitialUTMCampaign",
    "InitialUTMMedium",
    "InitialUTMTerm",
    "InitialUTMContent",
    "InitialUTMSourceMediumCampaign",
    "Browser",
    "OS",
    "Viewport",
    "DeviceType",
    "Country",
    "Region",
    "City",
    "Timezone",
    "Language",
    "FrustrationMetrics",
]


class ConversionGoal(Node, frozen=True, kw_only=True):
    """An action by its number, or an event by its name."""

    action_id: int | None = field(default=None, name="actionId")
    custom_event_name: str | None = field(default=None, name="customEventName")

    @property
    def series(self) -> SeriesNode | None:
        """The goal as a series; None where neither is given."""
        if self.action_id is not None:
            return SeriesNode(kind="ActionsNode", id=self.action_id)
        if self.custom_event_name is not None:
            return SeriesNode(event=self.custom_event_name)
        return None


WebMetric = Literal["UniqueUsers", "PageViews", "Sessions", "SessionDuration", "Bounces"]


class WebNode(InsightNode, frozen=True, kw_only=True):
    """What all questions about web traffic share."""

    interval: Interval | None = None
    compare_filter: CompareFilter | None = field(default=None, name="compareFilter")
    conversion_goal: ConversionGoal | None = field(default=None, name="conversionGoal")


class WebTableNode(WebNode, frozen=True, kw_only=True):
    """`order_by` is a column's name and ASC or DESC."""

    order_by: list[str] | None = field(default=None, name="orderBy")
    limit: int | None = None
    offset: int | None = None


class WebOverviewNode(WebNode, frozen=True, kw_only=True):
    include_revenue: bool | None = field(default=None, name="includeRevenue")


class WebTrendsNode(WebNode, frozen=True, kw_only=True):
    """`metrics` are those of the answer; all of them where none is named."""

    metrics: list[WebMetric] | None = None


class WebStatsTableNode(WebTableNode, frozen=True, kw_only=True):
    breakdown_by: WebBreakdown = field(name="breakdownBy")
    include_bounce_rate: bool | None = field(default=None, name="includeBounceRate")
    include_scroll_depth: bool | None = field(default=None, name="includeScrollDepth")
    include_revenue: bool | None = field(default=None, name="includeRevenue")
    include_host: bool | None = field(default=None, name="includeHost")
    include_time_on_page: bool | None = field(default=None, name="includeAvgTimeOnPage")


class WebGoalsNode(WebTableNode, frozen=True, kw_only=True):
    pass


class WebExternalClicksNode(WebTableNode, frozen=True, kw_only=True):
    strip_query_parameters: bool | None = field(default=None, name="stripQueryParams")
