"""Cohorts by what people did in sequence, regularly, no more, and again."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from hedgerow.store.client import connect
from hedgerow.store.event_store import ChdbEventStore
from hedgerow.testing.insight_vectors import InsightInstance, VectorEngine, insight_instance

_project_ids = itertools.count(973_001)
_HEADERS = {"authorization": "Bearer phl_vector"}


def event(when: str, who: str, name: str = "view", **properties: Any) -> dict[str, Any]:
    month_and_day, _, time = when.partition("T")
    return {
        "event": name,
        "distinct_id": who,
        "timestamp": f"2026-{month_and_day}T{time or '10:00:00'}Z",
        "properties": properties,
    }


# Asked on 8 March 2026, a Sunday, at noon.
EVENTS = [
    # Every day of the last four, twice on the 6th, and today.
    *(event(f"03-0{day}", "daily") for day in (4, 5, 6, 7, 8)),
    event("03-06T11:00:00", "daily"),
    # On two of the last four days, and long before.
    event("02-01", "often"),
    event("03-04", "often"),
    event("03-07", "often"),
    # Long ago, then not, now again.
    event("02-01", "back"),
    event("03-07", "back"),
    # Not since the 2nd.
    event("03-02", "gone"),
    # For the first time.
    event("03-07", "new"),
    # A view, then what it leads to: in two hours, in two days, before it, and of another event.
    event("03-01T10:00:00", "quick", "open"),
    event("03-01T12:00:00", "quick", "buy"),
    event("03-01T10:00:00", "slow", "open"),
    event("03-03T10:00:00", "slow", "buy"),
    event("03-01T12:00:00", "backwards", "open"),
    event("03-01T10:00:00", "backwards", "buy"),
    event("03-01T10:00:00", "once", "buy", plan="pro"),
    event("03-01T10:30:00", "twice", "buy", plan="pro"),
    event("03-01T11:00:00", "twice", "buy"),
    # Merged: opened before signing in.
    event("03-01T10:00:00", "merged-anonymous", "open"),
    event("03-01T10:30:00", "merged", "$identify", **{"$anon_distinct_id": "merged-anonymous"}),
    event("03-01T11:00:00", "merged", "buy"),
]


@pytest.fixture(scope="module")
def world(event_store: ChdbEventStore) -> Iterator[InsightInstance]:
    engine = VectorEngine(event_store, lambda: connect(event_store._folder))
    with insight_instance(engine, next(_project_ids), {"events": EVENTS}) as instance:
        yield instance


VIEWED = {"type": "behavioral", "event_type": "events", "key": "view"}


def path(world: InsightInstance, rest: str) -> str:
    return f"/api/projects/{world._project_id}/{rest}"


def made(world: InsightInstance, wanted: dict[str, Any]) -> Any:
    filters = {"properties": {"type": "AND", "values": [wanted]}}
    body = {"name": "C", "filters": filters}
    return world._client.post(path(world, "cohorts/"), headers=_HEADERS, json=body)


def members(world: InsightInstance, **wanted: Any) -> set[str]:
    cohort = made(world, VIEWED | wanted)
    assert cohort.status_code == 201, cohort.text
    persons = path(world, f"persons/?cohort={cohort.json()['id']}")
    answer = world._client.get(persons, headers=_HEADERS)
    return {min(person["distinct_ids"], key=len) for person in answer.json()["results"]}


def regularly(world: InsightInstance, **wanted: Any) -> set[str]:
    asked = {
        "value": "performed_event_regularly",
        "operator": "gte",
        "operator_value": 1,
        "time_value": 1,
        "time_interval": "day",
        "min_periods": 2,
        "total_periods": 4,
    }
    return members(world, **asked | wanted)


def test_regularly_means_in_so_many_of_the_last_periods(world: InsightInstance) -> None:
    """The last four days are the 4th to the 7th: today is not over."""
    assert regularly(world) == {"daily", "often"}
    assert regularly(world, min_periods=4) == {"daily"}
    assert regularly(world, min_periods=1, operator_value=2) == {"daily"}
    assert regularly(world, min_periods=1, total_periods=1) == {"daily", "often", "back", "new"}
    # Two periods of two days: 4th and 5th, 6th and 7th.
    assert regularly(world, time_value=2, total_periods="2") == {"daily", "often"}
    # The last two weeks begin on 22 February, the last two months on 8 January.
    week = {"time_interval": "week", "min_periods": 1, "total_periods": 2}
    assert regularly(world, **week) == {"daily", "often", "back", "gone", "new"}
    month = {"time_interval": "month", "min_periods": 2, "total_periods": 2}
    assert regularly(world, **month) == {"often", "back"}
    exactly = {"operator": "exact", "operator_value": 1, "min_periods": 4}
    assert regularly(world, **exactly) == set()


def sequence(world: InsightInstance, **wanted: Any) -> set[str]:
    asked = {
        "value": "performed_event_sequence",
        "key": "open",
        "seq_event": "buy",
        "seq_event_type": "events",
        "seq_time_value": 1,
        "seq_time_interval": "day",
        "time_value": 30,
        "time_interval": "day",
    }
    return members(world, **asked | wanted)


def test_a_sequence_is_one_event_and_another_soon_after(world: InsightInstance) -> None:
    assert sequence(world) == {"quick", "merged"}
    assert sequence(world, seq_time_value=2) == {"quick", "merged", "slow"}
    assert sequence(world, seq_time_value=90, seq_time_interval="minute") == {"merged"}
    assert sequence(world, time_value=3) == set()
    # One event is not two.
    assert sequence(world, key="buy") == {"twice"}
    pro = [{"key": "plan", "value": "pro", "operator": "exact", "type": "event"}]
    assert sequence(world, key="buy", event_filters=pro) == {"twice"}
    free = [{"key": "plan", "value": "free", "operator": "exact", "type": "event"}]
    assert sequence(world, key="buy", event_filters=free) == set()


def test_who_stopped_did_it_in_the_window_but_not_lately(world: InsightInstance) -> None:
    stopped = {
        "value": "stopped_performing_event",
        "time_value": 2,
        "time_interval": "week",
        "seq_time_value": 3,
        "seq_time_interval": "day",
    }

    assert members(world, **stopped) == {"gone"}
    assert members(world, **stopped, negation=True) >= {"daily", "new", "quick"}
    assert members(world, **stopped | {"time_value": 4, "time_interval": "day"}) == set()


def test_who_restarted_did_it_lately_and_long_ago_but_not_between(world: InsightInstance) -> None:
    restarted = {
        "value": "restarted_performing_event",
        "time_value": 2,
        "time_interval": "week",
        "seq_time_value": 3,
        "seq_time_interval": "day",
    }

    assert members(world, **restarted) == {"back"}
    assert members(world, **restarted | {"seq_time_value": 4}) == {"back", "often"}


@pytest.mark.parametrize(
    ("wanted", "attribute"),
    [
        ({"value": "performed_event_regularly"}, "total_periods"),
        (
            {"value": "performed_event_regularly", "total_periods": 3, "time_value": 0},
            "time_value",
        ),
        (
            {
                "value": "performed_event_regularly",
                "total_periods": 2,
                "time_value": 1,
                "min_periods": 3,
            },
            "min_periods",
        ),
        ({"value": "performed_event_regularly", "total_periods": 1000}, "total_periods"),
        ({"value": "performed_event_sequence", "seq_time_value": 1}, "seq_event"),
        ({"value": "performed_event_sequence", "seq_event": "buy"}, "seq_time_value"),
        ({"value": "stopped_performing_event", "seq_time_value": "soon"}, "seq_time_value"),
        ({"value": "restarted_performing_event", "seq_time_value": 1}, "time_value"),
    ],
)
def test_what_is_missing_is_named(
    world: InsightInstance, wanted: dict[str, Any], attribute: str
) -> None:
    answer = made(world, VIEWED | wanted)

    assert answer.status_code == 400
    assert answer.json()["attr"] == f"filters.properties.values.0.{attribute}"
