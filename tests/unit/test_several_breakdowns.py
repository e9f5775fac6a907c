"""Several breakdowns and bins of numbers in funnels and retention, on the real engine."""

from collections.abc import Iterator
from typing import Any

import pytest

from hedgerow.store.client import connect
from hedgerow.store.event_store import ChdbEventStore
from hedgerow.testing.insight_vectors import InsightInstance, VectorEngine, insight_instance

_PROJECT_ID = 985_001
RANGE = {"date_from": "2026-03-02", "date_to": "2026-03-03"}
BOTH = {"breakdowns": [{"property": "plan"}, {"property": "$browser", "type": "event"}]}
BINS = {"breakdown": "amount", "breakdown_histogram_bin_count": 2}


def event(day: int, who: str, name: str, **properties: Any) -> dict[str, Any]:
    return {
        "event": name,
        "distinct_id": who,
        "timestamp": f"2026-03-0{day}T10:00:00Z",
        "properties": properties,
    }


EVENTS = [
    event(2, "ada", "view", plan="pro", amount=1, **{"$browser": "Safari"}),
    event(3, "ada", "buy"),
    event(3, "ada", "view", plan="pro", amount=1, **{"$browser": "Safari"}),
    event(2, "bob", "view", plan="pro", amount=2, **{"$browser": "Firefox"}),
    event(2, "carl", "view", plan="free", amount=90),
    event(3, "carl", "buy"),
    event(2, "dora", "view", plan="free", amount=100),
]


@pytest.fixture(scope="module")
def world(event_store: ChdbEventStore) -> Iterator[InsightInstance]:
    engine = VectorEngine(event_store, lambda: connect(event_store._folder))
    with insight_instance(engine, _PROJECT_ID, {"events": EVENTS}) as instance:
        yield instance


def funnel(world: InsightInstance, breakdown: dict[str, Any]) -> dict[str, list[int]]:
    series = [{"kind": "EventsNode", "event": name} for name in ("view", "buy")]
    query = {"kind": "FunnelsQuery", "series": series, "dateRange": RANGE}
    results = world.answer(query | {"breakdownFilter": breakdown})["results"]
    return {
        str(steps[0]["breakdown_value"]): [step["count"] for step in steps] for steps in results
    }


def retention(world: InsightInstance, breakdown: dict[str, Any]) -> dict[str, list[int]]:
    query = {
        "kind": "RetentionQuery",
        "dateRange": {"date_from": "2026-03-02", "date_to": "2026-03-02"},
        "breakdownFilter": breakdown,
        "retentionFilter": {
            "period": "Day",
            "totalIntervals": 2,
            "targetEntity": {"id": "view", "type": "events"},
            "returningEntity": {"id": "view", "type": "events"},
        },
    }
    rows = world.answer(query)["results"]
    return {str(row["breakdown_value"]): [cell["count"] for cell in row["values"]] for row in rows}


def test_a_funnel_takes_several_breakdowns(world: InsightInstance) -> None:
    assert funnel(world, BOTH) == {
        "['pro', 'Safari']": [1, 1],
        "['pro', 'Firefox']": [1, 0],
        "['free', '$$_posthog_breakdown_null_$$']": [2, 1],
    }


def test_a_retention_takes_several_breakdowns(world: InsightInstance) -> None:
    assert retention(world, BOTH) == {
        "['pro', 'Safari']": [1, 1],
        "['pro', 'Firefox']": [1, 0],
        "['free', '$$_posthog_breakdown_null_$$']": [2, 0],
    }


def test_numbers_are_put_in_bins(world: InsightInstance) -> None:
    """With about as many events in each: of the five views, and of the four that start."""
    assert sorted(funnel(world, BINS).values()) == [[1, 1], [3, 1]]
    assert sorted(retention(world, BINS).values()) == [[2, 0], [2, 1]]
