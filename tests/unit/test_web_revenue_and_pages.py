"""Revenue, hosts and time on page in questions about web traffic, through the real API."""

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

from .test_web_queries import EVENTS, current, overview, seen, stats, values

_PROJECT_ID = 961_901
_HEADERS = {"authorization": "Bearer phl_vector"}
ELSEWHERE = seen("02T12:00", "bob", 7, "/", **{"$host": "shop.test"})
ELSEWHERE["properties"]["$current_url"] = "https://shop.test/"
LEFT = seen("03T23:59", "ada", 5, "/blog", "$pageleave")
LEFT["properties"] |= {"$prev_pageview_pathname": "/blog", "$prev_pageview_duration": 240}
REVENUE = {
    "events": [
        {"eventName": "buy", "revenueProperty": "amount"},
        {"eventName": "$rageclick", "revenueProperty": "$pathname"},
    ]
}


@pytest.fixture(scope="module")
def world(event_store: ChdbEventStore) -> Iterator[InsightInstance]:
    engine = VectorEngine(event_store, lambda: connect(event_store._folder))
    vector = {"events": [*EVENTS, ELSEWHERE, LEFT]}
    with insight_instance(engine, _PROJECT_ID, vector) as instance:
        changed = instance._client.patch(
            f"/api/projects/{_PROJECT_ID}/",
            headers=_HEADERS,
            json={"revenue_analytics_config": REVENUE},
        )
        assert changed.json()["revenue_analytics_config"] == REVENUE
        yield instance


def test_visits_earn_what_their_revenue_events_name(world: InsightInstance) -> None:
    """Dora's purchase lies in no visit, and a path is no number."""
    tiles = overview(world, includeRevenue=True)

    assert tiles["revenue"]["value"] == 30
    assert tiles["revenue"]["kind"] == "currency"
    assert "revenue" not in overview(world)


def test_with_a_goal_only_what_reaches_it_earns(world: InsightInstance) -> None:
    bought = {"customEventName": "buy"}

    assert values(overview(world, includeRevenue=True, conversionGoal=bought)) == {
        "visitors": 3,
        "total conversions": 2,
        "unique conversions": 1,
        "conversion rate": pytest.approx(100 / 3),
        "conversion revenue": 30,
    }
    clicked = {"customEventName": "$rageclick"}
    tiles = overview(world, includeRevenue=True, conversionGoal=clicked)
    assert tiles["conversion revenue"]["value"] == 0


def test_revenue_is_split_as_visits_are(world: InsightInstance) -> None:
    by_channel = stats(world, "InitialChannelType", includeRevenue=True)
    by_page = stats(world, "Page", includeRevenue=True, conversionGoal={"customEventName": "buy"})

    assert current(by_channel) == [
        ["Unknown", 3, 4, 0],
        ["Organic Search", 1, 2, 30],
        ["Email", 1, 1, 0],
    ]
    assert by_channel["columns"][3] == "context.columns.revenue"
    assert by_page["columns"][5] == "context.columns.conversion_revenue"
    # A visit stands in each of its pages, once.
    assert {row[0]: row[5] for row in current(by_page)} == {"/": 30, "/blog": 0, "/pricing": 30}


def test_a_project_without_revenue_events_is_told_to_name_them(world: InsightInstance) -> None:
    with (
        insight_instance(world._engine, _PROJECT_ID + 1, {"events": EVENTS}) as other,
        pytest.raises(VectorFailedError, match="revenue_analytics_config"),
    ):
        overview(other, includeRevenue=True)


@pytest.mark.parametrize(
    ("config", "attribute"),
    [
        ({"events": [{"eventName": "buy"}]}, "revenue_analytics_config.events[0].revenueProperty"),
        ({"goals": []}, "revenue_analytics_config.goals"),
        ([], "revenue_analytics_config"),
    ],
)
def test_a_wrong_revenue_config_is_named(
    world: InsightInstance, config: Any, attribute: str
) -> None:
    refused = world._client.patch(
        f"/api/projects/{_PROJECT_ID}/",
        headers=_HEADERS,
        json={"revenue_analytics_config": config},
    )

    assert (refused.status_code, refused.json()["attr"]) == (400, attribute)


def test_pages_of_several_hosts_are_told_apart(world: InsightInstance) -> None:
    def pages(by: str, **more: Any) -> list[list[Any]]:
        return current(stats(world, by, includeHost=True, **more))

    assert pages("Page", includeBounceRate=True) == [
        ["x.test/", 2, 3, 0.5],
        ["x.test/blog", 2, 2, 0],
        ["shop.test/", 1, 1, 1],
        ["x.test/pricing", 1, 1, None],
    ]
    assert pages("InitialPage") == [["x.test/", 2, 3], ["x.test/blog", 2, 3], ["shop.test/", 1, 1]]
    assert pages("ExitPage")[0] == ["x.test/", 2, 3]
    # What is no page has no host.
    assert pages("Browser") == [["Safari", 1, 1]]


def test_time_on_a_page_is_what_nine_of_ten_stays_do_not_exceed(world: InsightInstance) -> None:
    """Stays of 240 s and of more than a day, which counts as one."""
    answer = stats(world, "Page", includeAvgTimeOnPage=True, includeHost=True)
    rows = {row[0]: row[3] for row in current(answer)}

    assert answer["columns"][3] == "context.columns.avg_time_on_page"
    assert rows == {
        "x.test/": 60,
        "x.test/blog": pytest.approx(240 + 0.9 * (86_400 - 240)),
        "x.test/pricing": None,
        "shop.test/": None,
    }
    ordered = stats(world, "Page", includeAvgTimeOnPage=True, orderBy=["AvgTimeOnPage", "DESC"])
    assert [row[0] for row in current(ordered)[:2]] == ["/blog", "/"]
