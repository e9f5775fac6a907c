"""The demo shop: the same every time, and with something for every page."""

import uuid
from collections import Counter, defaultdict
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from hedgerow.demo.shop import DAYS, shop_events

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def events() -> list[dict[str, Any]]:
    return shop_events(NOW)


def test_the_same_day_gives_the_same_events(events: list[dict[str, Any]]) -> None:
    assert shop_events(NOW) == events


def test_nothing_lies_ahead_and_all_days_are_covered(events: list[dict[str, Any]]) -> None:
    assert max(event["timestamp"] for event in events) <= "2026-03-02T15:00:00Z"
    assert len({event["timestamp"][:10] for event in events}) == DAYS


def test_every_event_has_an_id_of_its_own(events: list[dict[str, Any]]) -> None:
    assert len({event["uuid"] for event in events}) == len(events)


def test_the_funnel_loses_people_at_every_step(events: list[dict[str, Any]]) -> None:
    counts = Counter(event["event"] for event in events)
    steps = ("product viewed", "product added to cart", "checkout started", "order completed")

    assert all(counts[step] > counts[following] > 50 for step, following in pairwise(steps))


def test_session_ids_carry_the_time_of_their_first_event(events: list[dict[str, Any]]) -> None:
    """Else ingestion would not take them for sessions (read-api §4.7)."""
    starts: dict[str, str] = {}
    for event in events:
        session = event["properties"].get("$session_id")
        if session is not None:
            starts[session] = min(starts.get(session, "9"), event["timestamp"])
    assert len(starts) > 1000
    for session, start in starts.items():
        first_ms = int(datetime.fromisoformat(start).timestamp() * 1000)
        assert 0 <= first_ms - (uuid.UUID(session).int >> 80) < 1000


def test_people_come_back_identified_and_belong_to_groups(events: list[dict[str, Any]]) -> None:
    days = defaultdict(set)
    for event in events:
        if "distinct_id" in event["properties"]:
            days[event["properties"]["distinct_id"]].add(event["timestamp"][:10])
    identified = [event for event in events if event["event"] == "$identify"]
    types = {
        event["properties"]["$group_type"] for event in events if event["event"] == "$groupidentify"
    }

    assert sum(len(found) > 1 for found in days.values()) > 100
    assert len(identified) > 100
    assert all(event["properties"]["$anon_distinct_id"] in days for event in identified)
    assert types == {"company", "store"}
