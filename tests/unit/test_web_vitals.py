"""Pages by how quick they are, through the real API."""

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

_PROJECT_ID = 982_001
RANGE = {"date_from": "2026-03-02", "date_to": "2026-03-03"}


def measured(path: str, value: Any, day: int = 2) -> dict[str, Any]:
    return {
        "event": "$web_vitals",
        "distinct_id": "ada",
        "timestamp": f"2026-03-0{day}T10:00:00Z",
        "properties": {"$pathname": path, "$web_vitals_INP_value": value},
    }


EVENTS = [
    *(measured("/mixed", value) for value in (50, 100, 150, 200, 250, 300)),
    measured("/quick", 50),
    measured("/edge", 100),
    measured("/middling", 150.5),
    measured("/quick", 5000, day=5),
    measured("/unknown", "fast"),
    *(measured(f"/many/{number:02}", 10) for number in range(30)),
]


@pytest.fixture(scope="module")
def world(event_store: ChdbEventStore) -> Iterator[InsightInstance]:
    engine = VectorEngine(event_store, lambda: connect(event_store._folder))
    with insight_instance(engine, _PROJECT_ID, {"events": EVENTS}) as instance:
        yield instance


def bands(world: InsightInstance, **fields: Any) -> dict[str, list[dict[str, Any]]]:
    query = {
        "kind": "WebVitalsPathBreakdownQuery",
        "metric": "INP",
        "percentile": "p75",
        "thresholds": [100, 200],
        "dateRange": RANGE,
        "properties": [{"key": "$pathname", "value": "/many", "operator": "not_icontains"}],
    }
    (found,) = world.answer(query | fields)["results"]
    answer: dict[str, list[dict[str, Any]]] = found
    return answer


def test_a_page_is_in_the_band_of_its_percentile(world: InsightInstance) -> None:
    assert bands(world) == {
        "good": [{"path": "/quick", "value": 50}, {"path": "/edge", "value": 100}],
        "needs_improvements": [{"path": "/middling", "value": 150.5}],
        "poor": [{"path": "/mixed", "value": 237.5}],
    }
    assert bands(world, percentile="p90")["poor"] == [{"path": "/mixed", "value": 275}]
    assert bands(world, metric="LCP") == {"good": [], "needs_improvements": [], "poor": []}


def test_a_band_shows_its_twenty_quickest_pages(world: InsightInstance) -> None:
    good = bands(world, properties=[])["good"]

    assert [item["path"] for item in good] == [f"/many/{number:02}" for number in range(20)]


def test_the_trends_inside_a_web_vitals_query_are_answered(world: InsightInstance) -> None:
    series = {
        "kind": "EventsNode",
        "event": "$web_vitals",
        "math": "p75",
        "math_property": "$web_vitals_INP_value",
        "properties": [{"key": "$pathname", "value": "/mixed", "operator": "exact"}],
    }
    trends = {"kind": "TrendsQuery", "series": [series], "dateRange": RANGE}

    answer = world.answer({"kind": "WebVitalsQuery", "source": trends})

    assert answer["results"][0]["data"] == [237.5, 0]


@pytest.mark.parametrize(
    ("fields", "attribute"),
    [
        ({"metric": "TTFB"}, "query.metric"),
        ({"percentile": "p50"}, "query.percentile"),
        ({"thresholds": [1]}, "query.thresholds"),
        ({"thresholds": [200, 100]}, "query.thresholds"),
    ],
)
def test_what_is_no_measure_is_named(
    world: InsightInstance, fields: dict[str, Any], attribute: str
) -> None:
    with pytest.raises(VectorFailedError, match=f'"attr":"{attribute}"'):
        bands(world, **fields)
