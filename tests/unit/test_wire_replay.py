"""Session replay requests, rule by rule (capture-protocol §12)."""

import json
from typing import Any

import pytest

from hedgerow.core import limits
from hedgerow.core.errors import CaptureRefusal
from hedgerow.wire.capture import CaptureOutcome, CaptureRules
from hedgerow.wire.profiles import Profile
from hedgerow.wire.quotas import Resource
from hedgerow.wire.record import LoggedEvent
from hedgerow.wire.replay import capture_replay
from hedgerow.wire.request import CaptureRequest

NOW_US = 1_700_000_000_000_000
UUID = "a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d"


def snapshot(**changes: Any) -> dict[str, Any]:
    properties = {
        "$session_id": "s-1",
        "$snapshot_data": [{"type": 1}],
        "distinct_id": "u",
        "token": "phc_a",
        **changes.pop("properties", {}),
    }
    kept = {name: value for name, value in properties.items() if value is not ...}
    return {"event": "$snapshot", "uuid": UUID, "properties": kept, **changes}


def send(
    body: Any, *, query: str = "", profile: Profile = "documented", limited: bool = False
) -> CaptureOutcome:
    request = CaptureRequest(
        "POST", "/s/", query, "text/plain", None, json.dumps(body).encode(), "ip",
        "posthog-android/3.0", NOW_US,
    )  # fmt: skip
    rules = CaptureRules(
        profile=profile,
        accepts_key=lambda key: key != "phc_unknown",
        dropped_ids={},
        is_limited=lambda resource, _token: limited and resource is Resource.RECORDINGS,
    )
    return capture_replay(request, rules)


def only_event(outcome: CaptureOutcome) -> LoggedEvent:
    assert outcome.logged is not None
    (event,) = outcome.logged.events
    return event


def properties(outcome: CaptureOutcome) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bytes(only_event(outcome).properties))
    return found


def refused(body: Any, profile: Profile = "documented") -> tuple[int, str]:
    with pytest.raises(CaptureRefusal) as raised:
        send(body, profile=profile)
    return raised.value.status, raised.value.text


def test_the_events_of_a_request_become_one_record_in_their_order() -> None:
    second = snapshot(uuid=UUID.replace("a1", "b2"), properties={"$snapshot_data": {"type": 2}})

    record = properties(send([snapshot(), second]))

    assert record["$snapshot_items"] == [{"type": 1}, {"type": 2}]
    assert [count for _uuid, count in record["$snapshot_chunks"]] == [1, 1]
    assert record["$window_id"] == record["$session_id"] == "s-1"
    assert record["$snapshot_source"] == "web"
    assert record["$lib"] == "posthog-android"


def test_one_event_need_not_be_in_an_array() -> None:
    assert properties(send(snapshot()))["distinct_id"] == "u"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"$session_id": ...}, "replay event submitted without session id"),
        ({"$session_id": 7}, "replay event has invalid session id"),
        ({"$session_id": "a" * 71}, "replay event has invalid session id"),
        ({"$session_id": "a_b"}, "replay event has invalid session id"),
        ({"$session_id": ""}, "replay event has invalid session id"),
        ({"$snapshot_data": ...}, "replay event submitted without snapshot data"),
        ({"$snapshot_data": "text"}, "replay event submitted without snapshot data"),
    ],
)
def test_what_cannot_be_a_recording_is_a_bad_request(changes: dict[str, Any], text: str) -> None:
    assert refused([snapshot(properties=changes)]) == (400, text)


def test_a_session_id_of_seventy_characters_is_taken() -> None:
    assert properties(send([snapshot(properties={"$session_id": "a" * 70})]))


def test_the_token_is_the_first_events_and_must_be_known() -> None:
    assert refused([snapshot(properties={"token": ...})])[0] == 401
    assert refused([snapshot(properties={"token": "phc_unknown"})])[0] == 401
    assert properties(send([snapshot(properties={"token": ...}, api_key="phc_b")]))


def test_without_a_distinct_id_the_profile_decides() -> None:
    body = [snapshot(properties={"distinct_id": ...})]

    documented = send(body)

    assert refused(body, "upstream") == (400, "event submitted without a distinct_id")
    assert documented.logged is not None
    assert [(item.reason, item.count) for item in documented.logged.dropped] == [
        ("missing_distinct_id", 1)
    ]


def test_an_event_without_a_uuid_gets_one_of_its_content() -> None:
    body = [snapshot(uuid=None)]
    other = [snapshot(uuid=None, properties={"$snapshot_data": [{"type": 5}]})]

    assert only_event(send(body)).uuid == only_event(send(body)).uuid
    assert only_event(send(body)).uuid != only_event(send(other)).uuid


def test_a_spent_quota_is_told_and_counted() -> None:
    outcome = send([snapshot(), snapshot()], limited=True)

    assert json.loads(outcome.body) == {"status": "Ok", "quota_limited": ["recordings"]}
    assert outcome.logged is not None
    assert outcome.logged.events == []
    assert [item.count for item in outcome.logged.dropped] == [2]


def test_a_beacon_is_answered_without_a_body() -> None:
    assert send([snapshot()], query="beacon=1").status == 204


def test_a_deep_page_is_taken_and_a_bottomless_one_refused() -> None:
    def nested(depth: int) -> Any:
        node: Any = []
        for _ in range(depth):
            node = [node]
        return node

    assert send([snapshot(properties={"$snapshot_data": [{"data": nested(300)}]})]).status == 200
    too_deep = [
        snapshot(properties={"$snapshot_data": [{"d": nested(limits.REPLAY_JSON_DEPTH_MAX)}]})
    ]
    assert refused(too_deep)[0] == 400


@pytest.mark.parametrize("body", [[], {}, 7, [7], [{"properties": 7}]])
def test_other_shapes_are_bad_requests(body: Any) -> None:
    assert refused(body)[0] == 400
