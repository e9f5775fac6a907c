"""Trends shown as a calendar: one value for each hour of the week, where the project is."""

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

_project_ids = itertools.count(970_001)
CALENDAR: dict[str, Any] = {
    "kind": "TrendsQuery",
    "series": [{"kind": "EventsNode", "event": "view", "math": "dau"}],
    "dateRange": {"date_from": "2026-03-01", "date_to": "2026-03-14"},
    "trendsFilter": {"display": "CalendarHeatmap"},
}


def view(time: str, who: str) -> dict[str, Any]:
    return {"event": "view", "distinct_id": who, "timestamp": f"2026-03-{time}:00Z"}


EVENTS = [
    # Monday at 10 in Berlin: Ada twice on one day and once a week later, Bob once.
    *(view("02T09:00", "ada"), view("02T09:30", "ada"), view("09T09:10", "ada")),
    view("02T09:59", "bob"),
    # Sunday night in London is Monday in Berlin.
    view("08T23:30", "carl"),
]


@pytest.fixture(scope="module")
def world(event_store: ChdbEventStore) -> Iterator[InsightInstance]:
    engine = VectorEngine(event_store, lambda: connect(event_store._folder))
    vector = {"events": EVENTS, "timezone": "Europe/Berlin"}
    with insight_instance(engine, next(_project_ids), vector) as instance:
        yield instance


def test_people_count_once_in_each_hour_of_the_week(world: InsightInstance) -> None:
    results = world.answer(CALENDAR)["results"]

    assert [(item["breakdown_value"], item["aggregated_value"]) for item in results] == [
        (["1", "10"], 2),
        (["1", "0"], 1),
    ]


def test_the_people_of_an_hour_can_be_listed(world: InsightInstance) -> None:
    source = {"kind": "InsightActorsQuery", "source": CALENDAR, "breakdown": ["1", "10"]}
    answer = world.answer(
        {"kind": "ActorsQuery", "source": source, "select": ["actor", "event_count"]}
    )

    assert [row[1] for row in answer["results"]] == [3, 1]


def test_a_calendar_has_no_other_breakdown(world: InsightInstance) -> None:
    with pytest.raises(VectorFailedError, match="by hours only"):
        world.answer(CALENDAR | {"breakdownFilter": {"breakdown": "plan"}})
