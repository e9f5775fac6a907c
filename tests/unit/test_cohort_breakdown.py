"""Insights broken down by cohorts, on the real engine."""

import itertools
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

_project_ids = itertools.count(972_001)
_HEADERS = {"authorization": "Bearer phl_vector"}
RANGE = {"date_from": "2026-03-02", "date_to": "2026-03-04"}
VIEW = {"kind": "EventsNode", "event": "view"}
BUY = {"kind": "EventsNode", "event": "buy"}


def event(day: int, who: str, name: str, **properties: Any) -> dict[str, Any]:
    return {
        "event": name,
        "distinct_id": who,
        "timestamp": f"2026-03-0{day}T10:00:00Z",
        "properties": properties,
    }


# Ada is on both lists, Carl on neither.
EVENTS = [
    event(2, "ada", "view", **{"$set": {"plan": "pro", "country": "DE"}}),
    event(3, "ada", "buy"),
    event(2, "bob", "view", **{"$set": {"plan": "pro"}}),
    event(3, "bob", "view"),
    event(2, "carl", "view", **{"$set": {"plan": "free"}}),
    event(4, "carl", "buy"),
    event(3, "dora", "view", **{"$set": {"country": "DE"}}),
]


@pytest.fixture(scope="module")
def world(event_store: ChdbEventStore) -> Iterator[InsightInstance]:
    engine = VectorEngine(event_store, lambda: connect(event_store._folder))
    with insight_instance(engine, next(_project_ids), {"events": EVENTS}) as instance:
        yield instance


def cohort(world: InsightInstance, key: str, value: str) -> int:
    wanted = {"type": "person", "key": key, "value": [value], "operator": "exact"}
    body = {"name": key, "filters": {"properties": {"type": "AND", "values": [wanted]}}}
    answer = world._client.post(
        f"/api/projects/{world._project_id}/cohorts/", headers=_HEADERS, json=body
    )
    number: int = answer.json()["id"]
    return number


@pytest.fixture(scope="module")
def cohorts(world: InsightInstance) -> list[Any]:
    return [cohort(world, "plan", "pro"), cohort(world, "country", "DE"), "all"]


def by_cohort(cohorts: list[Any]) -> dict[str, Any]:
    return {"breakdown": cohorts, "breakdown_type": "cohort"}


def funnel(cohorts: list[Any], **fields: Any) -> dict[str, Any]:
    query = {"kind": "FunnelsQuery", "series": [VIEW, BUY], "dateRange": RANGE}
    return query | {"breakdownFilter": by_cohort(cohorts)} | fields


def retention(cohorts: list[Any]) -> dict[str, Any]:
    return {
        "kind": "RetentionQuery",
        "dateRange": {"date_from": "2026-03-02"},
        "breakdownFilter": by_cohort(cohorts),
        "retentionFilter": {
            "period": "Day",
            "totalIntervals": 2,
            "targetEntity": {"id": "view", "type": "events"},
            "returningEntity": {"id": "view", "type": "events"},
        },
    }


def test_a_funnel_counts_each_cohort_on_its_own(world: InsightInstance, cohorts: list[Any]) -> None:
    results = world.answer(funnel(cohorts))["results"]

    assert [[step["count"] for step in steps] for steps in results] == [[2, 1], [2, 1], [4, 2]]
    assert [steps[0]["breakdown_value"] for steps in results] == cohorts
    assert results[0][1]["breakdown"] == cohorts[:1]


def test_a_funnel_over_time_has_a_line_for_each_cohort(
    world: InsightInstance, cohorts: list[Any]
) -> None:
    results = world.answer(funnel(cohorts, funnelsFilter={"funnelVizType": "trends"}))["results"]

    assert [line["data"] for line in results] == [[50, 0, 0], [100, 0, 0], [66.67, 0, 0]]
    assert [line["breakdown_value"] for line in results] == cohorts


def test_a_retention_has_rows_for_each_cohort(world: InsightInstance, cohorts: list[Any]) -> None:
    rows = world.answer(retention(cohorts))["results"]

    assert [[cell["count"] for cell in row["values"]] for row in rows] == [
        *([2, 1], [0, 0]),
        *([1, 0], [1, 0]),
        *([3, 1], [1, 0]),
    ]
    assert [row["breakdown_value"] for row in rows[::2]] == cohorts


def people(world: InsightInstance, source: dict[str, Any]) -> set[str]:
    query = {"kind": "ActorsQuery", "select": ["distinct_ids"], "source": source}
    return {row[0][0] for row in world.answer(query)["results"]}


def test_the_actors_of_a_cohorts_point_are_in_the_cohort(
    world: InsightInstance, cohorts: list[Any]
) -> None:
    pro, german, _ = cohorts
    entered = {"kind": "FunnelsActorsQuery", "source": funnel(cohorts), "funnelStep": 1}
    started = {"kind": "InsightActorsQuery", "source": retention(cohorts), "interval": 0}

    assert people(world, entered | {"funnelStepBreakdown": [pro]}) == {"ada", "bob"}
    assert people(world, entered | {"funnelStepBreakdown": german}) == {"ada", "dora"}
    assert people(world, entered) == {"ada", "bob", "carl", "dora"}
    assert people(world, started | {"breakdown": pro}) == {"ada", "bob"}


def test_the_actors_of_a_funnels_interval_may_be_those_of_one_value(
    world: InsightInstance,
) -> None:
    source = funnel([], funnelsFilter={"funnelVizType": "trends"}) | {
        "breakdownFilter": {"breakdown": "plan", "breakdown_type": "person"}
    }
    entered = {
        "kind": "FunnelsActorsQuery",
        "source": source,
        "funnelTrendsEntrancePeriodStart": "2026-03-02",
        "funnelTrendsDropOff": False,
    }

    assert people(world, entered) == {"ada", "carl"}
    assert people(world, entered | {"funnelStepBreakdown": ["free"]}) == {"carl"}


def test_the_actors_of_a_retention_may_be_those_of_one_value(world: InsightInstance) -> None:
    source = retention([]) | {"breakdownFilter": {"breakdown": "plan", "breakdown_type": "person"}}
    started = {"kind": "InsightActorsQuery", "source": source, "interval": 0}

    assert people(world, started | {"breakdown": "free"}) == {"carl"}


@pytest.mark.parametrize(
    ("breakdown", "attribute"),
    [
        ({"breakdown": [99_999], "breakdown_type": "cohort"}, "query.breakdownFilter.breakdown"),
        ({"breakdown": "pros", "breakdown_type": "cohort"}, "query.breakdownFilter.breakdown"),
        (
            {"breakdowns": [{"property": 1, "type": "cohort"}]},
            "query.breakdownFilter.breakdowns.0.type",
        ),
    ],
)
def test_a_cohort_that_cannot_be_used_is_named(
    world: InsightInstance, breakdown: dict[str, Any], attribute: str
) -> None:
    for query in (funnel([]), retention([])):
        with pytest.raises(VectorFailedError, match=attribute):
            world.answer(query | {"breakdownFilter": breakdown})
