"""A distinct id that floods its project takes a lane of its own; nothing else does (ingestion §17)."""

import msgspec
import pytest

from hedgerow.edge.floods import Floods
from hedgerow.people.cookieless import SENTINEL
from hedgerow.wire.record import DroppedEvents, LoggedEvent, LoggedRequest

NOW_US = 1_760_000_000_000_000
SECOND_US = 1_000_000
DROPPED = DroppedEvents("missing_distinct_id", 1)


def event(distinct_id: str, lane: str = "main") -> LoggedEvent:
    return LoggedEvent("u", "e", distinct_id, NOW_US, lane, msgspec.Raw(b"{}"))


def request(
    *events: LoggedEvent,
    token: str = "phc_a",
    at_seconds: int = 0,
    historical: bool = False,
    dropped: list[DroppedEvents] | None = None,
) -> LoggedRequest:
    now_us = NOW_US + at_seconds * SECOND_US
    lanes = (historical, list(events), dropped or [])
    return LoggedRequest(1, token, now_us, None, "", "/batch/", "", *lanes)


def overflow(parts: list[LoggedRequest]) -> int:
    return sum(len(part.events) for part in parts if part.overflow)


def test_a_thousand_events_at_once_are_no_flood_and_one_more_is() -> None:
    floods = Floods()
    thousand = [event("busy")] * 1000
    assert overflow(floods.split(request(*thousand))) == 0
    assert overflow(floods.split(request(event("busy")))) == 1


def test_only_the_flooding_id_of_a_request_is_set_apart_and_every_event_stays() -> None:
    floods = Floods()
    events = [event("busy"), event("quiet")] * 1001
    events = events[:2001]  # 1001 of the one, 1000 of the other
    parts = floods.split(request(*events, dropped=[DROPPED]))
    ordinary, flood = parts
    assert [item.distinct_id for item in ordinary.events] == ["quiet"] * 1000
    assert [item.distinct_id for item in flood.events] == ["busy"] * 1001
    assert (ordinary.dropped, flood.dropped) == ([DROPPED], [])
    assert (ordinary.overflow, flood.overflow) == (False, True)


def test_a_request_of_a_flood_alone_stays_one_request() -> None:
    floods = Floods()
    (part,) = floods.split(request(*[event("busy")] * 1001))
    assert part.overflow


def test_the_same_id_of_another_project_is_not_concerned() -> None:
    floods = Floods()
    floods.split(request(*[event("busy")] * 1001))
    assert overflow(floods.split(request(event("busy"), token="phc_b"))) == 0


def test_one_event_a_second_is_no_flood_for_ever_and_two_are() -> None:
    floods = Floods()
    assert sum(overflow(floods.split(request(event("a"), at_seconds=n))) for n in range(3000)) == 0
    twice = [floods.split(request(event("b"), event("b"), at_seconds=n)) for n in range(1200)]
    assert overflow(twice[990]) == 0
    assert overflow(twice[1001]) == 2


def test_a_flood_ends_after_five_quiet_minutes() -> None:
    floods = Floods()
    floods.split(request(*[event("busy")] * 1001))
    assert overflow(floods.split(request(event("busy"), at_seconds=299))) == 1
    assert overflow(floods.split(request(event("busy"), at_seconds=300))) == 0


@pytest.mark.parametrize("lane", ["historical", "replay"])
def test_lanes_of_their_own_are_not_counted(lane: str) -> None:
    floods = Floods()
    assert overflow(floods.split(request(*[event("busy", lane)] * 3000))) == 0
    assert overflow(floods.split(request(event("busy")))) == 0


def test_a_migration_is_not_counted() -> None:
    floods = Floods()
    assert overflow(floods.split(request(*[event("busy")] * 3000, historical=True))) == 0
    assert overflow(floods.split(request(event("busy")))) == 0


def test_visitors_without_cookies_share_an_id_and_are_not_counted() -> None:
    assert overflow(Floods().split(request(*[event(SENTINEL)] * 3000))) == 0


def test_a_busy_id_is_known_among_any_number_of_others() -> None:
    floods = Floods(kept_ids=100)
    found = 0
    for number in range(1100):
        others = [event(f"{number} {other}") for other in range(60)]
        found += overflow(floods.split(request(event("busy"), *others)))
    assert found == 100
