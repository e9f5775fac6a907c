"""The SQL of each kind of insight, kept as text: a change of it is seen in review.

After a change that is meant: `HEDGEROW_WRITE_GOLDEN=1 pytest tests/unit/test_golden_sql.py`.
"""

import os
from pathlib import Path
from typing import Any

import pytest

from hedgerow.directory.project_settings import RevenueEvent
from hedgerow.directory.resource_kinds import ActionStep
from hedgerow.query.insight_runner import plan_insight
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.kinds import INSIGHT_KINDS

GOLDEN = Path(__file__).parents[1] / "golden"
# 2026-03-08T12:00:00Z.
CONTEXT = InsightContext(
    project_id=1,
    now_us=1_772_971_200_000_000,
    actions=lambda: [(7, "Bought")],
    action_steps=lambda _id: [ActionStep(event="purchase")],
    revenue_events=(RevenueEvent(event="purchase", property="amount"),),
)
RANGE = {"date_from": "2026-03-02", "date_to": "2026-03-04"}
VIEW = {"kind": "EventsNode", "event": "$pageview"}
TRENDS = {"kind": "TrendsQuery", "series": [VIEW], "dateRange": RANGE}
FUNNEL = {
    "kind": "FunnelsQuery",
    "series": [VIEW, {"kind": "EventsNode", "event": "purchase"}],
    "dateRange": RANGE,
}
USERS = VIEW | {"math": "dau"}

QUERIES: dict[str, dict[str, Any]] = {
    "trends_total": TRENDS,
    "trends_users_by_browser": TRENDS
    | {"series": [USERS], "breakdownFilter": {"breakdown": "$browser"}},
    "trends_percentile": TRENDS
    | {"series": [VIEW | {"math": "p90", "math_property": "load_ms"}], "interval": "hour"},
    "trends_weekly_active": TRENDS | {"series": [VIEW | {"math": "weekly_active"}]},
    "trends_first_time": TRENDS
    | {
        "series": [
            VIEW
            | {
                "math": "first_time_for_user",
                "properties": [{"key": "plan", "operator": "is_not", "value": ["it's free"]}],
            }
        ]
    },
    "trends_per_actor_by_week": TRENDS
    | {"series": [VIEW | {"math": "avg_count_per_actor"}], "interval": "week"},
    "trends_of_groups": TRENDS | {"series": [USERS], "aggregation_group_type_index": 0},
    "trends_current_person": TRENDS
    | {
        "modifiers": {"personsOnEventsMode": "person_id_override_properties_joined"},
        "properties": [{"key": "plan", "type": "person", "value": "pro"}],
    },
    "trends_calendar": TRENDS | {"series": [USERS], "trendsFilter": {"display": "CalendarHeatmap"}},
    "web_overview": {
        "kind": "WebOverviewQuery",
        "dateRange": RANGE,
        "compareFilter": {"compare": True},
    },
    "web_pages": {
        "kind": "WebStatsTableQuery",
        "breakdownBy": "Page",
        "includeBounceRate": True,
        "dateRange": RANGE,
    },
    "web_revenue": {"kind": "WebOverviewQuery", "dateRange": RANGE, "includeRevenue": True},
    "web_time_on_page": {
        "kind": "WebStatsTableQuery",
        "breakdownBy": "Page",
        "includeAvgTimeOnPage": True,
        "includeHost": True,
        "dateRange": RANGE,
    },
    "web_channels": {
        "kind": "WebStatsTableQuery",
        "breakdownBy": "InitialReferringDomain",
        "conversionGoal": {"customEventName": "purchase"},
        "dateRange": RANGE,
    },
    "web_vitals_paths": {
        "kind": "WebVitalsPathBreakdownQuery",
        "metric": "LCP",
        "percentile": "p75",
        "thresholds": [2500, 4000],
        "dateRange": RANGE,
    },
    "web_goals": {"kind": "WebGoalsQuery", "dateRange": RANGE},
    "web_links_out": {"kind": "WebExternalClicksTableQuery", "dateRange": RANGE},
    "stickiness": {"kind": "StickinessQuery", "series": [VIEW], "dateRange": RANGE},
    "lifecycle": {"kind": "LifecycleQuery", "series": [VIEW], "dateRange": RANGE},
    "funnel": FUNNEL,
    "funnel_strict_with_exclusion": FUNNEL
    | {
        "funnelsFilter": {
            "funnelOrderType": "strict",
            "exclusions": [{"event": "cancel", "funnelFromStep": 0, "funnelToStep": 1}],
        }
    },
    "funnel_in_any_order": FUNNEL | {"funnelsFilter": {"funnelOrderType": "unordered"}},
    "funnel_time_to_convert": FUNNEL | {"funnelsFilter": {"funnelVizType": "time_to_convert"}},
    "funnel_over_time": FUNNEL | {"funnelsFilter": {"funnelVizType": "trends"}},
    "funnel_by_browser": FUNNEL | {"breakdownFilter": {"breakdown": "$browser"}},
    "retention": {
        "kind": "RetentionQuery",
        "dateRange": {"date_from": "2026-03-02"},
        "retentionFilter": {
            "period": "Week",
            "retentionType": "retention_recurring",
            "targetEntity": {"id": "$pageview", "type": "events"},
            "returningEntity": {"id": "$pageview", "type": "events"},
        },
    },
    "paths": {"kind": "PathsQuery", "dateRange": RANGE, "pathsFilter": {"startPoint": "/"}},
    "paths_of_a_funnel": {
        "kind": "PathsQuery",
        "dateRange": RANGE,
        "funnelPathsFilter": {
            "funnelPathType": "funnel_path_between_steps",
            "funnelSource": FUNNEL,
            "funnelStep": 2,
        },
    },
    "events": {
        "kind": "EventsQuery",
        "select": ["*", "properties.plan"],
        "where": ["properties.amount > 3"],
        "after": "2026-03-02",
    },
    "sessions": {
        "kind": "SessionsQuery",
        "select": ["session_id", "$entry_pathname"],
        "event": "purchase",
        "after": "2026-03-02",
        "properties": [
            {"type": "session", "key": "$is_bounce", "operator": "exact", "value": "true"}
        ],
    },
    "groups": {"kind": "GroupsQuery", "group_type_index": 0, "search": "acme"},
    "actors": {
        "kind": "ActorsQuery",
        "select": ["actor", "event_count"],
        "source": {"kind": "InsightActorsQuery", "source": TRENDS, "day": "2026-03-03"},
    },
}


@pytest.mark.parametrize("name", QUERIES)
def test_the_sql_is_as_it_was(name: str) -> None:
    plan = plan_insight(QUERIES[name], CONTEXT)
    text = ";\n\n".join(statement.sql() for statement in plan.statements) + "\n"
    path = GOLDEN / f"{name}.sql"
    if os.environ.get("HEDGEROW_WRITE_GOLDEN"):
        path.write_text(text, "utf-8")

    assert path.read_text("utf-8") == text


def test_every_kind_has_golden_sql() -> None:
    assert {query["kind"] for query in QUERIES.values()} == INSIGHT_KINDS.keys()


def test_planning_the_same_query_gives_the_same_text() -> None:
    """The cache names a question by its statements."""
    for query in QUERIES.values():
        first, second = (plan_insight(query, CONTEXT).statements for _ in range(2))
        assert [item.sql() for item in first] == [item.sql() for item in second]
