"""Paths before, after and between the steps of a funnel, on the real engine."""

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

_project_ids = itertools.count(977_001)
RANGE = {"date_from": "2026-03-02", "date_to": "2026-03-04"}
FUNNEL = {
    "kind": "FunnelsQuery",
    "series": [
        {"kind": "EventsNode", "event": "signed up"},
        {"kind": "EventsNode", "event": "bought"},
    ],
    "dateRange": RANGE,
    "funnelsFilter": {"funnelWindowInterval": 1, "funnelWindowIntervalUnit": "hour"},
}


def event(time: str, who: str, name: str, **properties: Any) -> dict[str, Any]:
    return {
        "event": name,
        "distinct_id": who,
        "timestamp": f"2026-03-02T{time}:00Z",
        "properties": properties,
    }


EVENTS = [
    # All the way, with something before, between and after; signed in on the way.
    event("10:00", "anonymous-1", "home"),
    event("10:01", "anonymous-1", "signed up"),
    event("10:02", "anonymous-1", "tour"),
    event("10:03", "ada", "$identify", **{"$anon_distinct_id": "anonymous-1"}),
    event("10:04", "ada", "bought"),
    event("10:05", "ada", "thanks"),
    # Signed up, and did not buy: what came within the hour, and after it.
    event("11:00", "bob", "prices"),
    event("11:01", "bob", "signed up"),
    event("11:02", "bob", "help"),
    event("12:10", "bob", "chat"),
    event("12:11", "bob", "bye"),
    # Never in the funnel.
    event("10:00", "carl", "home"),
    event("10:01", "carl", "prices"),
]


@pytest.fixture(scope="module")
def world(event_store: ChdbEventStore) -> Iterator[InsightInstance]:
    engine = VectorEngine(event_store, lambda: connect(event_store._folder))
    with insight_instance(engine, next(_project_ids), {"events": EVENTS}) as instance:
        yield instance


def paths(type_: str, step: int, **source: Any) -> dict[str, Any]:
    return {
        "kind": "PathsQuery",
        "dateRange": RANGE,
        "pathsFilter": {"includeEventTypes": ["custom_event"]},
        "funnelPathsFilter": {
            "funnelPathType": f"funnel_path_{type_}",
            "funnelSource": FUNNEL | source,
            "funnelStep": step,
        },
    }


def edges(world: InsightInstance, type_: str, step: int, **source: Any) -> set[tuple[str, str]]:
    results = world.answer(paths(type_, step, **source))["results"]
    assert all(edge["value"] == 1 for edge in results)
    return {(edge["source"], edge["target"]) for edge in results}


def test_before_a_step_are_the_ways_that_led_to_it(world: InsightInstance) -> None:
    assert edges(world, "before_step", 1) == {
        ("1_home", "2_signed up"),
        ("1_prices", "2_signed up"),
    }
    assert edges(world, "before_step", 2) == {
        ("1_home", "2_signed up"),
        ("2_signed up", "3_tour"),
        ("3_tour", "4_bought"),
    }
    assert edges(world, "before_step", -2) == {("1_prices", "2_signed up")}


def test_between_steps_is_what_was_done_from_one_to_the_next(world: InsightInstance) -> None:
    assert edges(world, "between_steps", 2) == {("1_signed up", "2_tour"), ("2_tour", "3_bought")}


def test_after_a_step_is_where_people_went(world: InsightInstance) -> None:
    assert edges(world, "after_step", 2) == {("1_bought", "2_thanks")}
    assert ("1_signed up", "2_help") in edges(world, "after_step", 1)


def test_after_dropping_off_the_window_is_over(world: InsightInstance) -> None:
    assert edges(world, "after_step", -2) == {("1_chat", "2_bye")}


def test_a_breakdown_of_the_funnel_counts_nobody_twice(world: InsightInstance) -> None:
    breakdown = {"breakdown": "event", "breakdown_type": "event_metadata"}
    attribution = {**FUNNEL["funnelsFilter"], "breakdownAttributionType": "all_events"}  # type: ignore[dict-item]

    assert edges(world, "after_step", 2, breakdownFilter=breakdown, funnelsFilter=attribution) == {
        ("1_bought", "2_thanks")
    }


def test_the_people_on_an_edge_are_those_of_the_funnel(world: InsightInstance) -> None:
    source = paths("before_step", 1)
    source["pathsFilter"] = source["pathsFilter"] | {"pathEndKey": "2_signed up"}
    wanted = {"kind": "InsightActorsQuery", "source": source}

    answer = world.answer({"kind": "ActorsQuery", "select": ["distinct_ids"], "source": wanted})

    assert sorted("ada" in row[0] for row in answer["results"]) == [False, True]


@pytest.mark.parametrize(
    ("query", "attribute"),
    [
        (paths("between_steps", 1), "query.funnelPathsFilter.funnelStep"),
        (paths("between_steps", -2), "query.funnelPathsFilter.funnelStep"),
        (paths("after_step", 3), "query.funnelPathsFilter.funnelStep"),
        (paths("after_step", -1), "query.funnelPathsFilter.funnelStep"),
        (paths("beside_steps", 1), "query.funnelPathsFilter.funnelPathType"),
        (paths("after_step", 1, kind="TrendsQuery"), "query.funnelPathsFilter.funnelSource.kind"),
        (paths("after_step", 1, series=[]), "query.funnelPathsFilter.funnelSource.series"),
        (
            paths("after_step", 1, aggregation_group_type_index=0),
            "query.funnelPathsFilter.funnelSource.aggregation_group_type_index",
        ),
        (
            paths("after_step", 1, funnelsFilter={"funnelAggregateByHogQL": "distinct_id"}),
            "query.funnelPathsFilter.funnelSource.funnelsFilter.funnelAggregateByHogQL",
        ),
    ],
)
def test_what_is_no_part_of_a_funnel_is_named(
    world: InsightInstance, query: dict[str, Any], attribute: str
) -> None:
    with pytest.raises(VectorFailedError, match=f'"attr":"{attribute}"'):
        world.answer(query)
