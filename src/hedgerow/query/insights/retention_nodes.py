"""The retention node as it comes over the wire (read-api §3.3), and what it means where silent."""

from typing import Annotated, Final, Literal

from msgspec import Meta, field

from hedgerow.query.insights.nodes import (
    BreakdownFilter,
    Filters,
    InsightNode,
    Interval,
    Node,
    SeriesNode,
)

INTERVALS_DEFAULT: Final = 8
INTERVALS_MAX: Final = 100
_INTERVALS: Final[dict[str, Interval]] = {
    "Hour": "hour",
    "Day": "day",
    "Week": "week",
    "Month": "month",
}


class EntityNode(Node, frozen=True, kw_only=True):
    """The event (`id` is its name, None for every event) or action that starts or returns."""

    id: str | int | None = None
    type: Literal["events", "actions"] | None = None
    kind: str | None = None
    event: str | None = None
    properties: Filters = None

    def as_series(self) -> SeriesNode:
        if self.type == "actions" or self.kind == "ActionsNode":
            return SeriesNode(kind="ActionsNode", id=self.id, properties=self.properties)
        name = self.id if self.id is not None else self.event
        return SeriesNode(event=None if name is None else str(name), properties=self.properties)


class RetentionFilter(Node, frozen=True, kw_only=True):
    type: Literal[
        "retention_recurring", "retention_first_time", "retention_first_ever_occurrence"
    ] = field(default="retention_first_time", name="retentionType")
    period: Literal["Hour", "Day", "Week", "Month"] = "Day"
    total_intervals: Annotated[int, Meta(ge=1, le=INTERVALS_MAX)] = field(
        default=INTERVALS_DEFAULT, name="totalIntervals"
    )
    target: EntityNode = field(default_factory=EntityNode, name="targetEntity")
    returning: EntityNode = field(default_factory=EntityNode, name="returningEntity")
    is_cumulative: bool | None = field(default=None, name="cumulative")
    occurrences_min: Annotated[int, Meta(ge=1)] = field(default=1, name="minimumOccurrences")
    brackets: Annotated[list[Annotated[int, Meta(ge=1)]], Meta(max_length=30)] | None = field(
        default=None, name="retentionCustomBrackets"
    )
    windows: Literal["strict_calendar_dates", "24_hour_windows"] = field(
        default="strict_calendar_dates", name="timeWindowMode"
    )


class RetentionNode(InsightNode, frozen=True, kw_only=True):
    retention_filter: RetentionFilter = field(
        default_factory=RetentionFilter, name="retentionFilter"
    )
    breakdown_filter: BreakdownFilter | None = field(default=None, name="breakdownFilter")

    @property
    def interval(self) -> Interval:
        return _INTERVALS[self.retention_filter.period]

    @property
    def by_window(self) -> bool:
        """Whether intervals begin at the actor's own start."""
        return self.retention_filter.windows == "24_hour_windows"

    @property
    def columns(self) -> list[tuple[int, int]]:
        """The first and last interval of each column, counted from the start's own, 0.

        Brackets are widths: [1, 3] are interval 1, then 2 to 4.
        """
        brackets = self.retention_filter.brackets
        if not brackets:
            return [(number, number) for number in range(self.retention_filter.total_intervals)]
        found, first = [(0, 0)], 1
        for width in brackets:
            found.append((first, first + width - 1))
            first += width
        return found
