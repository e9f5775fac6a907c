"""The demo shop's recordings: of its own sessions, and good enough for a player."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hedgerow.demo.recordings import RECORDINGS, shop_recordings
from hedgerow.demo.shop import shop_events

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
SURVEY_ID = "0190a0a0-0000-7000-8000-000000000001"
META, FULL_SNAPSHOT = 4, 2


@pytest.fixture(scope="module")
def events() -> list[dict[str, Any]]:
    return shop_events(NOW, SURVEY_ID)


@pytest.fixture(scope="module")
def recordings(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return shop_recordings(events)


def test_the_same_events_give_the_same_recordings(
    events: list[dict[str, Any]], recordings: list[dict[str, Any]]
) -> None:
    assert len(recordings) == RECORDINGS
    assert shop_recordings(events) == recordings


def test_later_on_the_same_day_they_are_the_same(recordings: list[dict[str, Any]]) -> None:
    assert shop_recordings(shop_events(NOW.replace(hour=21), SURVEY_ID)) == recordings


def test_each_pageview_of_the_session_is_a_page_of_the_recording(
    events: list[dict[str, Any]], recordings: list[dict[str, Any]]
) -> None:
    for recording in recordings:
        properties = recording["properties"]
        viewed = [
            event["properties"]["$current_url"]
            for event in events
            if event["event"] == "$pageview"
            and event["properties"]["$session_id"] == properties["$session_id"]
        ]
        items = properties["$snapshot_data"]

        assert [item["data"]["href"] for item in items if item["type"] == META] == viewed
        assert sum(item["type"] == FULL_SNAPSHOT for item in items) == len(viewed)


def test_every_node_of_a_page_has_an_id_of_its_own(recordings: list[dict[str, Any]]) -> None:
    def ids(node: dict[str, Any]) -> list[int]:
        return [node["id"], *(one for child in node.get("childNodes", []) for one in ids(child))]

    for recording in recordings:
        for item in recording["properties"]["$snapshot_data"]:
            if item["type"] == FULL_SNAPSHOT:
                found = ids(item["data"]["node"])
                assert len(found) == len(set(found)) > 20
