"""The demo shop: the same every time, and with something for every page."""

import uuid
from collections import Counter, defaultdict
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from tests.unit.conftest import Api

from hedgerow.api.demo_definitions import make_demo_definitions
from hedgerow.demo.flags import FLAGS, flag_value
from hedgerow.demo.shop import DAYS, shop_events
from hedgerow.demo.survey import QUESTIONS, survey_id
from hedgerow.directory.projects import project_by_token

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
SURVEY_ID = "0192f0a0-0000-7000-8000-000000000001"


@pytest.fixture(scope="module")
def events() -> list[dict[str, Any]]:
    return shop_events(NOW, SURVEY_ID)


def test_the_same_day_gives_the_same_events(events: list[dict[str, Any]]) -> None:
    assert shop_events(NOW, SURVEY_ID) == events


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


def test_visitors_get_the_flags_that_the_definitions_give_them(
    events: list[dict[str, Any]],
) -> None:
    newsletter: dict[str, bool] = {}
    answers: dict[str, Counter[Any]] = defaultdict(Counter)
    for event in events:
        properties = event["properties"]
        distinct_id = properties.get("distinct_id", "")
        if event["event"] == "$identify":
            newsletter[distinct_id] = properties["$set"]["newsletter"]
        if event["event"] != "$feature_flag_called":
            continue
        key = properties["$feature_flag"]
        known = {"newsletter": newsletter[distinct_id]} if distinct_id in newsletter else {}
        answers[key][properties["$feature_flag_response"]] += 1
        assert properties["$feature_flag_response"] == flag_value(key, distinct_id, known, NOW)

    assert set(answers) == {flag["key"] for flag in FLAGS if flag.get("active", True)}
    assert all(count > 50 for counts in answers.values() for count in counts.values())
    assert set(answers["new-checkout"]) == {"control", "test"}
    assert set(answers["free-delivery"]) == {True, False}


def test_every_question_of_the_survey_is_answered(events: list[dict[str, Any]]) -> None:
    sent = [event["properties"] for event in events if event["event"] == "survey sent"]

    assert len(sent) > 30
    assert {properties["$survey_id"] for properties in sent} == {SURVEY_ID}
    for question in QUESTIONS:
        given = [properties[f"$survey_response_{question['id']}"] for properties in sent]
        assert sum(answer not in ("", []) for answer in given) > 15


def test_flags_and_the_survey_are_made_once_and_what_was_changed_stays(api: Api) -> None:
    project = project_by_token(api.directory, api.project_key)
    assert project is not None
    make_demo_definitions(api.services, project)
    api.client.patch(api.path("feature_flags/new-checkout/"), json={"active": False})

    make_demo_definitions(api.services, project)

    flags = api.client.get(api.path("feature_flags/")).json()["results"]
    surveys = api.client.get(api.path("surveys/")).json()["results"]
    assert [(flag["key"], flag["active"]) for flag in flags] == [
        ("new-checkout", False),
        ("free-delivery", True),
        ("spring-banner", False),
    ]
    assert [survey["id"] for survey in surveys] == [survey_id(api.project_key)]
    assert surveys[0]["start_date"] < surveys[0]["created_at"]
