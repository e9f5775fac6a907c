"""The paths node as it comes over the wire (read-api §3.3)."""

from typing import Annotated, Final, Literal

from msgspec import Meta, field

from hedgerow.query.insights.funnel_paths import FunnelPathsFilter
from hedgerow.query.insights.nodes import InsightNode, Node

STEPS_DEFAULT: Final = 5
EDGES_DEFAULT: Final = 50

EventType = Literal["$pageview", "$screen", "custom_event", "hogql"]


class CleaningRule(Node, frozen=True, kw_only=True):
    """What `regex` finds becomes `alias`."""

    alias: str | None = None
    regex: str | None = None


class PathsFilter(Node, frozen=True, kw_only=True):
    event_types: list[EventType] | None = field(default=None, name="includeEventTypes")
    step_limit: Annotated[int, Meta(ge=2, le=20)] = field(default=STEPS_DEFAULT, name="stepLimit")
    edge_limit: Annotated[int, Meta(ge=1, le=1000)] = field(default=EDGES_DEFAULT, name="edgeLimit")
    start_point: str | None = field(default=None, name="startPoint")
    end_point: str | None = field(default=None, name="endPoint")
    excluded: list[str] | None = field(default=None, name="excludeEvents")
    groupings: Annotated[list[str], Meta(max_length=100)] | None = field(
        default=None, name="pathGroupings"
    )
    cleaning: Annotated[list[CleaningRule], Meta(max_length=100)] | None = field(
        default=None, name="localPathCleaningFilters"
    )
    edge_weight_min: int | None = field(default=None, name="minEdgeWeight")
    edge_weight_max: int | None = field(default=None, name="maxEdgeWeight")
    expression: str | None = field(default=None, name="pathsHogQLExpression")
    # The edge whose actors are asked for.
    start_key: str | None = field(default=None, name="pathStartKey")
    end_key: str | None = field(default=None, name="pathEndKey")


class PathsNode(InsightNode, frozen=True, kw_only=True):
    paths_filter: PathsFilter = field(default_factory=PathsFilter, name="pathsFilter")
    funnel_paths_filter: FunnelPathsFilter | None = field(default=None, name="funnelPathsFilter")
