"""The insight kinds by the name they have in a query."""

from typing import Any, Final

from hedgerow.query.insights.actors_query import actors_planner
from hedgerow.query.insights.cohort_breakdown import (
    actors_within_cohort,
    funnel_of_cohort,
    planner_with_cohorts,
    retention_of_cohort,
)
from hedgerow.query.insights.events_query import plan_events
from hedgerow.query.insights.funnel_actors import funnel_actors
from hedgerow.query.insights.funnel_nodes import FunnelsNode
from hedgerow.query.insights.funnels import plan_funnel
from hedgerow.query.insights.groups_query import plan_groups
from hedgerow.query.insights.lifecycle import lifecycle_actors, plan_lifecycle
from hedgerow.query.insights.nodes import LifecycleNode, StickinessNode, TrendsNode
from hedgerow.query.insights.paths import paths_actors, plan_paths
from hedgerow.query.insights.paths_nodes import PathsNode
from hedgerow.query.insights.plan import InsightKind
from hedgerow.query.insights.retention import plan_retention, retention_actors
from hedgerow.query.insights.retention_nodes import RetentionNode
from hedgerow.query.insights.sessions_query import plan_sessions
from hedgerow.query.insights.stickiness import plan_stickiness, stickiness_actors
from hedgerow.query.insights.table_nodes import ActorsNode, EventsNode, GroupsNode, SessionsNode
from hedgerow.query.insights.trends import plan_trends
from hedgerow.query.insights.trends_actors import trends_actors
from hedgerow.query.insights.web_external_clicks import plan_web_external_clicks
from hedgerow.query.insights.web_goals import plan_web_goals
from hedgerow.query.insights.web_nodes import (
    WebExternalClicksNode,
    WebGoalsNode,
    WebOverviewNode,
    WebStatsTableNode,
    WebTrendsNode,
)
from hedgerow.query.insights.web_overview import plan_web_overview
from hedgerow.query.insights.web_stats import plan_web_stats
from hedgerow.query.insights.web_trends import plan_web_trends
from hedgerow.query.insights.web_vitals import WebVitalsPathsNode, plan_web_vitals_paths

_WITH_ACTORS: Final[dict[str, InsightKind[Any]]] = {
    "TrendsQuery": InsightKind(node=TrendsNode, plan=plan_trends, actors=trends_actors),
    "StickinessQuery": InsightKind(
        node=StickinessNode, plan=plan_stickiness, actors=stickiness_actors
    ),
    "FunnelsQuery": InsightKind(
        node=FunnelsNode,
        plan=planner_with_cohorts(plan_funnel, funnel_of_cohort),
        actors=actors_within_cohort(funnel_actors),
    ),
    "RetentionQuery": InsightKind(
        node=RetentionNode,
        plan=planner_with_cohorts(plan_retention, retention_of_cohort),
        actors=actors_within_cohort(retention_actors),
    ),
    "PathsQuery": InsightKind(node=PathsNode, plan=plan_paths, actors=paths_actors),
    "LifecycleQuery": InsightKind(node=LifecycleNode, plan=plan_lifecycle, actors=lifecycle_actors),
}

INSIGHT_KINDS: Final[dict[str, InsightKind[Any]]] = {
    **_WITH_ACTORS,
    "WebOverviewQuery": InsightKind(node=WebOverviewNode, plan=plan_web_overview),
    "WebTrendsQuery": InsightKind(node=WebTrendsNode, plan=plan_web_trends),
    "WebStatsTableQuery": InsightKind(node=WebStatsTableNode, plan=plan_web_stats),
    "WebGoalsQuery": InsightKind(node=WebGoalsNode, plan=plan_web_goals),
    "WebExternalClicksTableQuery": InsightKind(
        node=WebExternalClicksNode, plan=plan_web_external_clicks
    ),
    "WebVitalsPathBreakdownQuery": InsightKind(node=WebVitalsPathsNode, plan=plan_web_vitals_paths),
    "EventsQuery": InsightKind(node=EventsNode, plan=plan_events),
    "SessionsQuery": InsightKind(node=SessionsNode, plan=plan_sessions),
    "ActorsQuery": InsightKind(node=ActorsNode, plan=actors_planner(_WITH_ACTORS)),
    "GroupsQuery": InsightKind(node=GroupsNode, plan=plan_groups),
}
