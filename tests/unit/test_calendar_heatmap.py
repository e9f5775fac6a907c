"""Trends by day of the week and hour, through the real API."""

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

_PROJECT_ID = 983_001
# The 2nd and the 9th of March 2026 are Mondays.
RANGE = {"date_from": "2026-03-02", "date_to": "2026-03-10"}


def view(time: str, who: str, amount: int = 1) -> dict[str, Any]:
    return {
        "event": "view",
        "distinct_id": who,
        "timestamp": f"2026-03-{time}:00Z",
        "properties": {"amount": amount},
    }


EVENTS = [
    view("02T00:30", "ada", 5),
    view("02T00:45", "ada"),
    view("09T00:10", "bob"),
    view("02T13:00", "ada"),
    view("04T13:00", "ada"),
    # In Berlin this is Monday the 2nd.
    view("01T23:30", "carl"),
]


@pytest.fixture(scope="module")
def world(event_store: ChdbEventStore) -> Iterator[InsightInstance]:
    engine = VectorEngine(event_store, lambda: connect(event_store._folder))
    vector = {"events": EVENTS, "now": "2026-03-10T12:00:00Z"}
    with insight_instance(engine, _PROJECT_ID, vector) as instance:
        yield instance


def heatmap(world: InsightInstance, math: str = "total", **fields: Any) -> dict[str, Any]:
    series = {"kind": "EventsNode", "event": "view", "math": math, "math_property": "amount"}
    query = {
        "kind": "TrendsQuery",
        "series": [series],
        "dateRange": RANGE,
        "trendsFilter": {"display": "CalendarHeatmap"},
    }
    found: dict[str, Any] = world.answer(query | fields)["results"][0]["calendar_heatmap_data"]
    return found


def cells(found: dict[str, Any]) -> dict[tuple[int, int], float]:
    return {(cell["row"], cell["column"]): cell["value"] for cell in found["data"]}


def test_events_are_counted_by_weekday_and_hour(world: InsightInstance) -> None:
    found = heatmap(world)

    assert cells(found) == {(1, 0): 3, (1, 13): 1, (3, 13): 1}
    assert found["rowAggregations"] == [{"row": 1, "value": 4}, {"row": 3, "value": 1}]
    assert found["columnAggregations"] == [{"column": 0, "value": 3}, {"column": 13, "value": 2}]
    assert found["allAggregations"] == 5


def test_people_are_one_in_each_sum(world: InsightInstance) -> None:
    found = heatmap(world, "dau")

    assert cells(found) == {(1, 0): 2, (1, 13): 1, (3, 13): 1}
    assert found["rowAggregations"] == [{"row": 1, "value": 2}, {"row": 3, "value": 1}]
    assert found["columnAggregations"] == [{"column": 0, "value": 2}, {"column": 13, "value": 1}]
    assert found["allAggregations"] == 2
    assert cells(heatmap(world, "max"))[1, 0] == 5


def test_hours_are_those_of_the_project(event_store: ChdbEventStore) -> None:
    engine = VectorEngine(event_store, lambda: connect(event_store._folder))
    vector = {"events": EVENTS, "now": "2026-03-10T12:00:00Z", "timezone": "Europe/Berlin"}
    with insight_instance(engine, _PROJECT_ID + 1, vector) as berlin:
        found = cells(heatmap(berlin))

    assert found == {(1, 0): 1, (1, 1): 3, (1, 14): 1, (3, 14): 1}


def test_without_events_there_is_nothing(world: InsightInstance) -> None:
    assert heatmap(world, dateRange={"date_from": "2026-01-01", "date_to": "2026-01-02"}) == {
        "data": [],
        "rowAggregations": [],
        "columnAggregations": [],
        "allAggregations": 0,
    }


@pytest.mark.parametrize(
    ("fields", "attribute"),
    [
        ({"breakdownFilter": {"breakdown": "amount"}}, "query.breakdownFilter"),
        ({"series": [{"kind": "EventsNode", "math": "weekly_active"}]}, "query.series.0.math"),
    ],
)
def test_what_has_no_heatmap_is_refused(
    world: InsightInstance, fields: dict[str, Any], attribute: str
) -> None:
    with pytest.raises(VectorFailedError, match=f'"attr":"{attribute}"'):
        heatmap(world, **fields)
