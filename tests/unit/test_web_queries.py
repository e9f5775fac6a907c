"""Questions about web traffic, and sessions in other insights, through the real API."""

import itertools
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from hedgerow.store.client import connect
from hedgerow.store.event_store import ChdbEventStore
from hedgerow.testing.insight_vectors import (
    InsightInstance,
    VectorEngine,
    VectorFailedError,
    insight_instance,
)

_project_ids = itertools.count(960_001)
RANGE = {"date_from": "2026-03-02", "date_to": "2026-03-03"}


def session_id(number: int) -> str:
    return f"019cadfd-8900-7001-8000-{number:012d}"


def seen(
    time: str, who: str, session: int, path: str, name: str = "$pageview", **properties: Any
) -> dict[str, Any]:
    return {
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{time}{who}{session}{path}{name}")),
        "event": name,
        "distinct_id": who,
        "timestamp": f"2026-03-{time}:00Z",
        "properties": {
            "$session_id": session_id(session),
            "$current_url": f"https://x.test{path}",
            "$pathname": path,
            "$host": "x.test",
            **properties,
        },
    }


DE: dict[str, Any] = {"$geoip_country_code": "DE"}
EVENTS = [
    # Ada, from a search; two pages, a link out, and a purchase.
    seen("02T10:00", "ada", 1, "/", **DE, **{"$referring_domain": "www.google.com"}),
    seen(
        "02T10:01",
        "ada",
        1,
        "/pricing",
        **{
            "$prev_pageview_pathname": "/",
            "$prev_pageview_max_content_percentage": 0.5,
            "$prev_pageview_duration": 60,
            **DE,
        },
    ),
    seen(
        "02T10:02",
        "ada",
        1,
        "/pricing",
        "$autocapture",
        **{"$external_click_url": "https://partner.test/offer?utm=1"},
    ),
    seen("02T10:02", "ada", 1, "/pricing", "buy", amount=10),
    seen("02T10:03", "ada", 1, "/pricing", "buy", amount=20),
    # Bob bounces off the front page.
    seen("02T11:00", "bob", 2, "/", **{"utm_source": "news", "utm_medium": "email", **DE}),
    # Carl stays on one page, and scrolls all of it.
    seen("03T09:00", "carl", 3, "/blog", **{"$geoip_country_code": "FR", "$browser": "Safari"}),
    seen(
        "03T09:01",
        "carl",
        3,
        "/blog",
        "$pageleave",
        **{
            "$prev_pageview_pathname": "/blog",
            "$prev_pageview_max_content_percentage": 1,
            "$prev_pageview_duration": 100_000,
        },
    ),
    seen("03T09:01", "carl", 3, "/blog", "$rageclick"),
    # A server's purchase without a page is no visit.
    seen("03T10:00", "dora", 4, "/", "buy"),
    # Ada again, over midnight into the 4th.
    seen("03T23:58", "ada", 5, "/blog"),
    seen("04T00:02", "ada", 5, "/"),
    # The day before.
    seen("01T12:00", "erik", 6, "/"),
]


@pytest.fixture(scope="module")
def world(event_store: ChdbEventStore) -> Iterator[InsightInstance]:
    engine = VectorEngine(event_store, lambda: connect(event_store._folder))
    with insight_instance(engine, next(_project_ids), {"events": EVENTS}) as instance:
        yield instance


def overview(world: InsightInstance, **fields: Any) -> dict[str, Any]:
    query = {"kind": "WebOverviewQuery", "dateRange": RANGE, "properties": []} | fields
    return {item["key"]: item for item in world.answer(query)["results"]}


def values(tiles: dict[str, Any]) -> dict[str, Any]:
    return {key: item["value"] for key, item in tiles.items()}


def stats(world: InsightInstance, by: str, **fields: Any) -> dict[str, Any]:
    query = {"kind": "WebStatsTableQuery", "breakdownBy": by, "dateRange": RANGE, "properties": []}
    return world.answer(query | fields)


def current(answer: dict[str, Any]) -> list[list[Any]]:
    """The rows without the period before."""
    return [[row[0], *(cell[0] for cell in row[1:])] for row in answer["results"]]


def test_a_session_belongs_to_the_day_on_which_it_starts(world: InsightInstance) -> None:
    assert values(overview(world)) == {
        "visitors": 3,
        "views": 6,
        "sessions": 4,
        "session duration": (180 + 0 + 60 + 240) / 4,
        "bounce rate": 25,
    }
    of_the_4th = overview(world, dateRange={"date_from": "2026-03-04", "date_to": "2026-03-04"})
    assert values(of_the_4th)["sessions"] == 0


def test_without_a_visit_there_is_no_mean_and_no_change(world: InsightInstance) -> None:
    tiles = overview(
        world,
        dateRange={"date_from": "2026-02-01", "date_to": "2026-02-01"},
        compareFilter={"compare": True},
    )

    assert [tiles[key]["value"] for key in ("visitors", "session duration", "bounce rate")] == [
        *(0, None, None)
    ]
    assert {item["changeFromPreviousPct"] for item in tiles.values()} == {None}
    assert tiles["visitors"]["previous"] == 0


def test_a_comparison_may_be_with_a_period_long_ago(world: InsightInstance) -> None:
    tiles = overview(
        world,
        dateRange={"date_from": "2026-03-08", "date_to": "2026-03-08"},
        compareFilter={"compare_to": "-1w"},
    )

    assert (tiles["visitors"]["value"], tiles["visitors"]["previous"]) == (0, 1)
    assert tiles["visitors"]["changeFromPreviousPct"] == -100


def test_filters_choose_pages_and_leave_sessions_whole(world: InsightInstance) -> None:
    pricing = [{"key": "$pathname", "value": "/pricing", "operator": "exact", "type": "event"}]

    assert values(overview(world, properties=pricing)) == {
        "visitors": 1,
        "views": 1,
        "sessions": 1,
        "session duration": 180,
        "bounce rate": 0,
    }


def test_a_session_property_filters_visits(world: InsightInstance) -> None:
    search = [
        {
            "key": "$channel_type",
            "value": ["Organic Search"],
            "operator": "exact",
            "type": "session",
        }
    ]

    assert values(overview(world, properties=search))["views"] == 2


def test_a_goal_counts_those_who_reach_it_in_a_visit(world: InsightInstance) -> None:
    tiles = overview(world, conversionGoal={"customEventName": "buy"})

    assert values(tiles) == {
        "visitors": 3,
        "total conversions": 2,
        "unique conversions": 1,
        "conversion rate": pytest.approx(100 / 3),
    }


def test_visitors_are_people_after_merges(world: InsightInstance) -> None:
    (item,) = world.answer(
        {
            "kind": "TrendsQuery",
            "series": [{"kind": "EventsNode", "event": "$pageview", "math": "dau"}],
            "dateRange": RANGE,
            "trendsFilter": {"display": "BoldNumber"},
        }
    )["results"]

    assert item["aggregated_value"] == values(overview(world))["visitors"]


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        ("Page", [["/", 2, 3], ["/blog", 2, 2], ["/pricing", 1, 1]]),
        ("InitialPage", [["/", 2, 3], ["/blog", 2, 3]]),
        ("ExitPage", [["/", 2, 3], ["/pricing", 1, 2], ["/blog", 1, 1]]),
        ("ExitClick", [["https://partner.test/offer?utm=1", 1, 2]]),
        ("PreviousPage", [["/", 1, 1]]),
        ("InitialChannelType", [["Unknown", 2, 3], ["Organic Search", 1, 2], ["Email", 1, 1]]),
        ("InitialReferringDomain", [["www.google.com", 1, 2]]),
        ("InitialUTMSource", [[None, 2, 5], ["news", 1, 1]]),
        (
            "InitialUTMSourceMediumCampaign",
            [
                ["(none) / (none) / (none)", 2, 3],
                ["www.google.com / (none) / (none)", 1, 2],
                ["news / email / (none)", 1, 1],
            ],
        ),
        ("Country", [["DE", 2, 3], ["FR", 1, 1]]),
        ("Browser", [["Safari", 1, 1]]),
        ("ScreenName", []),
        ("Viewport", []),
        ("Region", []),
    ],
)
def test_traffic_is_split_by(world: InsightInstance, by: str, rows: list[list[Any]]) -> None:
    answer = stats(world, by)

    assert current(answer) == rows
    assert answer["columns"] == [
        *("context.columns.breakdown_value", "context.columns.visitors", "context.columns.views")
    ]
    assert all(cell[1] is None for row in answer["results"] for cell in row[1:])


def test_a_place_is_named_with_what_it_lies_in(world: InsightInstance) -> None:
    events = [
        seen("02T10:00", "a", 1, "/", **{"$geoip_city_name": "Berlin", **DE}),
        seen("02T10:01", "a", 1, "/", **DE),
    ]
    engine = world._engine
    with insight_instance(engine, next(_project_ids), {"events": events}) as other:
        assert current(stats(other, "City")) == [[["DE", "Berlin"], 1, 1]]


def test_a_bounce_is_blamed_on_the_page_where_the_visit_began(world: InsightInstance) -> None:
    answer = stats(world, "Page", includeBounceRate=True, includeScrollDepth=True)

    assert answer["columns"][3:] == [
        "context.columns.bounce_rate",
        "context.columns.average_scroll_percentage",
        "context.columns.scroll_gt80_percentage",
    ]
    assert current(answer) == [
        ["/", 2, 3, 0.5, 0.5, 0],
        ["/blog", 2, 2, 0, 1, 1],
        ["/pricing", 1, 1, None, None, None],
    ]


def test_how_long_a_visit_lasts_that_is_no_bounce_can_be_set(world: InsightInstance) -> None:
    """Carl stayed a minute on one page."""
    longer = {"modifiers": {"bounceRateDurationSeconds": 61}}

    assert values(overview(world))["bounce rate"] == 25
    assert values(overview(world, **longer))["bounce rate"] == 50
    with pytest.raises(VectorFailedError, match=r"query\.modifiers\.bounceRateDurationSeconds"):
        overview(world, modifiers={"bounceRateDurationSeconds": "long"})


def test_a_goal_is_counted_for_each_source(world: InsightInstance) -> None:
    goal = {"customEventName": "buy"}

    assert current(stats(world, "InitialPage", conversionGoal=goal)) == [
        ["/", 2, 2, 1, 0.5],
        ["/blog", 2, 0, 0, 0],
    ]
    assert current(stats(world, "Page", conversionGoal=goal)) == [
        ["/", 2, 2, 1, 0.5],
        ["/blog", 2, 0, 0, 0],
        ["/pricing", 1, 2, 1, 1],
    ]


def test_the_period_before_stands_beside(world: InsightInstance) -> None:
    answer = stats(
        world,
        "InitialPage",
        dateRange={"date_from": "2026-03-03", "date_to": "2026-03-03"},
        compareFilter={"compare": True},
    )

    assert answer["results"] == [["/blog", [2, 0], [3, 0]], ["/", [0, 2], [0, 3]]]


def test_a_table_comes_a_page_at_a_time_in_the_asked_order(world: InsightInstance) -> None:
    asked = {"orderBy": ["Views", "ASC"], "limit": 1}

    first = stats(world, "Page", **asked)
    last = stats(world, "Page", **asked, offset=2)

    assert (current(first), first["hasMore"]) == ([["/pricing", 1, 1]], True)
    assert (current(last), last["hasMore"]) == ([["/", 2, 3]], False)


def test_annoyed_visitors_are_counted_by_page(world: InsightInstance) -> None:
    answer = stats(world, "FrustrationMetrics")

    assert current(answer) == [["/blog", 1, 0, 0]]
    assert answer["columns"][1] == "context.columns.rage_clicks"


def test_links_out_are_counted(world: InsightInstance) -> None:
    query = {
        "kind": "WebExternalClicksTableQuery",
        "dateRange": RANGE,
        "properties": [],
        "stripQueryParams": True,
    }

    answer = world.answer(query)

    assert answer["results"] == [["https://partner.test/offer", [1, None], [1, None]]]
    assert answer["columns"] == [
        *("context.columns.url", "context.columns.visitors", "context.columns.clicks")
    ]


def test_goals_are_the_projects_actions(world: InsightInstance) -> None:
    query = {"kind": "WebGoalsQuery", "dateRange": RANGE, "properties": []}
    assert world.answer(query)["results"] == []

    for name, event in (("Bought", "buy"), ("Angry", "$rageclick")):
        made = world._client.post(
            f"/api/projects/{world._project_id}/actions/",
            headers={"authorization": "Bearer phl_vector"},
            json={"name": name, "steps": [{"event": event}]},
        )
        assert made.status_code == 201, made.text

    assert world.answer(query)["results"] == [
        ["Angry", [1, None], [1, None], [pytest.approx(1 / 3), None]],
        ["Bought", [1, None], [2, None], [pytest.approx(1 / 3), None]],
    ]


@pytest.mark.parametrize(
    ("fields", "attribute"),
    [
        ({"breakdownBy": "Nothing"}, "query.breakdownBy"),
        ({"breakdownBy": "OS", "includeScrollDepth": True}, "query.includeScrollDepth"),
        ({"breakdownBy": "OS", "includeAvgTimeOnPage": True}, "query.includeAvgTimeOnPage"),
        ({"breakdownBy": "OS", "includeRevenue": True}, "query.includeRevenue"),
        ({"breakdownBy": "OS", "orderBy": ["Clicks", "ASC"]}, "query.orderBy"),
        ({"breakdownBy": "OS", "limit": 0}, "query.limit"),
        ({"breakdownBy": "OS", "conversionGoal": {}}, "query.conversionGoal"),
        ({"breakdownBy": "OS", "conversionGoal": {"actionId": 99}}, "query.conversionGoal.id"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(
    world: InsightInstance, fields: dict[str, Any], attribute: str
) -> None:
    with pytest.raises(VectorFailedError, match=attribute):
        world.answer({"kind": "WebStatsTableQuery", "dateRange": RANGE} | fields)


# Sessions in other insights.


def trends(world: InsightInstance, **fields: Any) -> dict[str, list[float]]:
    query = {
        "kind": "TrendsQuery",
        "series": [{"kind": "EventsNode", "event": "$pageview"}],
        "dateRange": RANGE,
    } | fields
    return {str(x.get("breakdown_value")): x["data"] for x in world.answer(query)["results"]}


def test_events_are_split_by_their_session(world: InsightInstance) -> None:
    found = trends(
        world, breakdownFilter={"breakdown": "$entry_pathname", "breakdown_type": "session"}
    )

    assert found == {"/": [3, 0], "/blog": [0, 2]}


def test_a_session_is_whole_even_where_the_range_cuts_it(world: InsightInstance) -> None:
    """The page of the 4th belongs to a visit that began on the 3rd, on another page."""
    of_the_4th = {"date_from": "2026-03-04", "date_to": "2026-03-04"}

    by_duration = {"breakdown": "$session_duration", "breakdown_type": "session"}
    assert trends(world, dateRange=of_the_4th, breakdownFilter=by_duration) == {"240": [1]}

    long = [{"key": "$session_duration", "value": 200, "operator": "gt", "type": "session"}]
    assert trends(world, dateRange=of_the_4th, properties=long) == {"None": [1]}
    of_the_3rd = {"date_from": "2026-03-03", "date_to": "2026-03-03"}
    assert trends(world, dateRange=of_the_3rd, properties=long) == {"None": [1]}


def test_sessions_are_made_of_the_asked_days_and_a_few_around_them(world: InsightInstance) -> None:
    answer = world.answer(
        {
            "kind": "TrendsQuery",
            "series": [{"kind": "EventsNode", "event": "$pageview"}],
            "dateRange": RANGE,
            "properties": [
                {"key": "$is_bounce", "value": "true", "operator": "exact", "type": "session"}
            ],
        }
    )

    assert answer["results"][0]["data"] == [1, 0]
    assert (
        "toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC') - toIntervalDay(3)"
        in (answer["hogql"])
    )


def test_an_unknown_session_property_is_named(world: InsightInstance) -> None:
    with pytest.raises(VectorFailedError, match="entry_pathname"):
        trends(world, properties=[{"key": "$entry_pathnam", "value": "/", "type": "session"}])


def web_trends(world: InsightInstance, **fields: Any) -> list[dict[str, Any]]:
    query = {"kind": "WebTrendsQuery", "dateRange": RANGE, "properties": []} | fields
    results: list[dict[str, Any]] = world.answer(query)["results"]
    return results


_METRICS = {
    "visitors": "UniqueUsers",
    "views": "PageViews",
    "sessions": "Sessions",
    "session duration": "SessionDuration",
    "bounce rate": "Bounces",
}


@pytest.mark.parametrize("filters", [[], [{"key": "$pathname", "value": "/", "type": "event"}]])
def test_each_day_of_the_chart_is_the_overview_of_that_day(
    world: InsightInstance, filters: list[dict[str, Any]]
) -> None:
    week = {"date_from": "2026-02-28", "date_to": "2026-03-05"}
    for item in web_trends(world, dateRange=week, properties=filters):
        day = {"date_from": item["bucket"], "date_to": item["bucket"]}
        tiles = values(overview(world, dateRange=day, properties=filters))
        assert item["metrics"] == {_METRICS[key]: value for key, value in tiles.items()}


def test_the_chart_of_one_metric_has_the_days_it_is_compared_with(world: InsightInstance) -> None:
    items = web_trends(world, metrics=["Sessions"], compareFilter={"compare": True}, interval="day")

    assert [item["previous"]["bucket"] for item in items] == ["2026-02-28", "2026-03-01"]
    assert [(item["metrics"], item["previous"]["metrics"]) for item in items] == [
        ({"Sessions": 2}, {"Sessions": 0}),
        ({"Sessions": 2}, {"Sessions": 1}),
    ]


def test_a_chart_of_a_goal_is_refused(world: InsightInstance) -> None:
    with pytest.raises(VectorFailedError, match="goal has no trend"):
        web_trends(world, conversionGoal={"customEventName": "buy"})
