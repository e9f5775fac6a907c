"""Every type of ingestion warning, and an input that brings it, on a real server (ingestion §18)."""

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from hedgerow.ingest.warnings import REGISTRY
from hedgerow.testing import run_ingestion_vector
from hedgerow.testing.server import PROJECT_KEY, HedgerowServer

NOW = "2026-01-01T00:00:00Z"
SESSION = "018eebf3-79cd-70da-895f-b6cf352bd688"
DROPPED_ID = "switched-off"
OK = frozenset((200, 204))


def ev(name: str = "e", properties: Any = None, *, by: str = "u") -> dict[str, Any]:
    return {"event": name, "distinct_id": by, "properties": properties or {}}


def replay(**properties: Any) -> list[dict[str, Any]]:
    item = {"type": 3, "timestamp": time.time() * 1000, "data": {}}
    shape = {"$session_id": SESSION, "$snapshot_data": [item], "distinct_id": "u"}
    sent = {name: value for name, value in {**shape, **properties}.items() if value is not ...}
    return [{"event": "$snapshot", "properties": sent}]


def v1(*changes: dict[str, Any], **batch: Any) -> dict[str, Any]:
    plain = {"event": "e", "distinct_id": "u", "timestamp": NOW}
    events = [{**plain, "uuid": str(uuid.uuid4()), **change} for change in changes]
    return {"created_at": NOW, "batch": events, **batch}


def cookieless(**properties: Any) -> list[dict[str, Any]]:
    known = {"$raw_user_agent": "agent", "$host": "example.org", "$cookieless_mode": True}
    return [ev("e", {**known, **properties}, by="$posthog_cookieless")]


@dataclass(frozen=True)
class Cause:
    """What to send to a new project, event by event, and what it is answered with."""

    body: Any
    path: str = "/batch/"
    settings: dict[str, Any] = field(default_factory=dict)
    statuses: frozenset[int] = OK


def batch(*events: dict[str, Any], **settings: Any) -> Cause:
    return Cause(list(events), settings=settings)


def v1_batch(*changes: dict[str, Any], **more: Any) -> Cause:
    return Cause(v1(*changes, **more), "/i/v1/analytics/events")


def v1_refused(*changes: dict[str, Any], **more: Any) -> Cause:
    return Cause(v1(*changes, **more), "/i/v1/analytics/events", statuses=frozenset((400,)))


def recording(changes: dict[str, Any], statuses: frozenset[int] = OK) -> Cause:
    return Cause(replay(**changes), "/s/", {"session_recording_opt_in": True}, statuses)


def cookieless_event(**properties: Any) -> Cause:
    return Cause(cookieless(**properties), settings={"cookieless_server_hash_mode": 1})


def telemetry(path: str, body: dict[str, Any]) -> Cause:
    return Cause(body, path)


REFUSED = frozenset((400,))
BIG = "x" * 600_000
ONE = "018eebf3-79cd-70da-895f-b6cf352bd600"
POINTS = {"$viewport_width": 1600, "$viewport_height": 800}
NO_PERSON = {"$process_person_profile": False}

CAUSES: dict[str, Cause] = {
    "missing_event_name": batch({"distinct_id": "u"} | {"event": ""}),
    "missing_distinct_id": batch({"event": "e"}),
    "performance_event": batch(ev("$performance_event"), ev()),
    "event_name_too_long": v1_batch({"event": "x" * 201}),
    "distinct_id_too_large": v1_batch({"distinct_id": "x" * 201}),
    "invalid_event_timestamp": v1_batch({"timestamp": "yesterday"}),
    "malformed_event_properties": v1_batch({"properties": [1]}),
    "invalid_options": v1_batch({"options": {"cookieless_mode": "perhaps"}}),
    "event_too_big": v1_batch({"properties": {"a": BIG + BIG}}),
    "ai_event_too_big": v1_batch({"event": "$ai_span", "properties": {"a": BIG * 15}}),
    "empty_batch": v1_refused(),
    "invalid_batch": v1_refused({}, created_at="yesterday"),
    "missing_event_uuid": v1_refused({"uuid": " "}),
    "invalid_event_uuid": v1_refused({"uuid": "nope"}),
    "duplicate_event_uuid": v1_refused({"uuid": ONE}, {"uuid": ONE}),
    "invalid_event_when_process_person_profile_is_false": batch(ev("$identify", NO_PERSON)),
    "invalid_process_person_profile": batch(ev("e", {"$process_person_profile": "false"})),
    "ignored_invalid_timestamp": batch({**ev(), "timestamp": "yesterday"}),
    "event_timestamp_in_future": batch({**ev(), "timestamp": "2100-01-01T00:00:00Z"}),
    "distinct_id_truncated": batch(ev("e", by="x" * 201)),
    "event_uuid_not_v7": batch({**ev(), "uuid": str(uuid.uuid4())}),
    "person_properties_size_violation": batch(ev("$set", {"$set": {"a": BIG, "b": BIG[:90_000]}})),
    "group_upsert_message_size_too_large": batch(
        ev("$groupidentify", {"$group_type": "t", "$group_key": "k", "$group_set": {"a": BIG}}),
        ev("$groupidentify", {"$group_type": "t", "$group_key": "k", "$group_set": {"b": BIG}}),
    ),
    "cannot_merge_already_identified": batch(
        ev("$identify", {"$anon_distinct_id": "a0"}, by="a"),
        ev("$identify", {"$anon_distinct_id": "b0"}, by="b"),
        ev("$identify", {"$anon_distinct_id": "b"}, by="a"),
    ),
    "cannot_merge_with_illegal_distinct_id": batch(ev("$identify", {"$anon_distinct_id": "null"})),
    "invalid_anon_distinct_id": batch(ev("$identify", {"$anon_distinct_id": {"a": 1}})),
    "invalid_alias": batch(ev("$create_alias", {"alias": ["a"]})),
    "group_key_too_long": batch(
        ev("$groupidentify", {"$group_type": "t", "$group_key": "k" * 401})
    ),
    "invalid_group_set": batch(
        ev("$groupidentify", {"$group_type": "t", "$group_key": "k", "$group_set": "text"})
    ),
    "event_dropped_too_old": batch(
        {**ev(), "timestamp": "2020-01-01T00:00:00Z"}, drop_events_older_than_seconds=3600
    ),
    "message_size_too_large": batch(ev("$set", {"$set": {"a": BIG}}), ev("e", {"b": BIG})),
    "invalid_event_session_id": batch(ev("e", {"$session_id": "none"})),
    "missing_session_id_with_window_id": batch(ev("e", {"$window_id": "w"})),
    "invalid_ai_token_property": batch(ev("$ai_generation", {"$ai_input_tokens": "many"})),
    "invalid_heatmap_data": batch(ev("$$heatmap", {"$heatmap_data": "none", **POINTS})),
    "rejecting_heatmap_data_with_invalid_url": batch(
        ev("$$heatmap", {"$heatmap_data": {"": [{"x": 1, "y": 1}]}, **POINTS})
    ),
    "rejecting_heatmap_data_with_invalid_items": batch(
        ev("$$heatmap", {"$heatmap_data": {"https://a/": "none"}, **POINTS})
    ),
    "high_volume_distinct_id": batch(*[ev()] * 1001),
    "cookieless_missing_user_agent": cookieless_event(**{"$raw_user_agent": ""}),
    "cookieless_missing_host": cookieless_event(**{"$host": ""}),
    "cookieless_timestamp_out_of_range": Cause(
        [{**cookieless()[0], "timestamp": "2020-01-01T00:00:00Z"}],
        settings={"cookieless_server_hash_mode": 1},
    ),
    "client_ingestion_warning": batch(
        ev("$$client_ingestion_warning", {"$$client_ingestion_warning_message": "odd"})
    ),
    "session_recording_switched_off": Cause(replay(), "/s/"),
    "session_recording_over_quota": Cause(
        replay(),
        "/s/",
        {"session_recording_opt_in": True, "session_recording_quota_megabytes": 0},
    ),
    "missing_session_id": recording({"$session_id": ...}, REFUSED),
    "invalid_session_id": recording({"$session_id": "a_b"}, REFUSED),
    "missing_snapshot_data": recording({"$snapshot_data": ...}, REFUSED),
    "message_contained_no_valid_rrweb_events": recording({"$snapshot_data": [{"a": 1}]}),
    "replay_timestamp_invalid": recording(
        {"$snapshot_data": [*replay()[0]["properties"]["$snapshot_data"], {"type": 3}]}
    ),
    "replay_timestamp_too_far": recording(
        {"$snapshot_data": [{"type": 3, "timestamp": 1_577_836_800_000}]}
    ),
    "replay_lib_version_too_old": recording({"$lib": "web", "$lib_version": "1.74.2"}),
    "logs_not_kept": telemetry(
        "/i/v1/logs", {"resourceLogs": [{"scopeLogs": [{"logRecords": [{"body": {}}]}]}]}
    ),
    "metrics_not_kept": telemetry(
        "/i/v1/metrics", {"resourceMetrics": [{"scopeMetrics": [{"metrics": [{"name": "m"}]}]}]}
    ),
    "traces_not_kept": telemetry(
        "/i/v1/traces", {"resourceSpans": [{"scopeSpans": [{"spans": [{"name": "s"}]}]}]}
    ),
}
# No request brings these about: the edge cuts ids, knows every address, and has no such quota.
# `number_out_of_range` and `token_dropper` have tests of their own below.
NOT_BY_A_REQUEST = {
    "skipping_event_invalid_distinct_id",
    "cookieless_missing_ip",
    "quota_limited",
}
OWN_TESTS = {"number_out_of_range", "token_dropper"}


def test_every_type_has_its_cause() -> None:
    assert CAUSES.keys() | NOT_BY_A_REQUEST | OWN_TESTS == REGISTRY.keys()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HedgerowServer]:
    environment = {"HEDGEROW_DROP_EVENTS": f"{PROJECT_KEY}:{DROPPED_ID}"}
    data = tmp_path_factory.mktemp("warnings") / "data"
    with HedgerowServer(data, environment) as running:
        yield running


def api(server: HedgerowServer, method: str, path: str, body: Any = None) -> Any:
    answer = requests.request(
        method,
        server.url + path,
        json=body,
        headers={"authorization": f"Bearer {server.personal_key}"},
        timeout=30,
    )
    answer.raise_for_status()
    return answer.json()


def post(server: HedgerowServer, cause: Cause, key: str) -> int:
    headers = {}
    body = cause.body
    if cause.path == "/batch/":
        body = {"api_key": key, "batch": body}
    elif cause.path == "/s/":
        body = [{**body[0], "api_key": key}]
    else:
        headers = {
            "authorization": f"Bearer {key}",
            "posthog-sdk-info": "test/1",
            "posthog-attempt": "1",
            "posthog-request-id": str(uuid.uuid4()),
            "posthog-request-timestamp": NOW,
            "user-agent": "test",
        }
    answer = requests.post(server.url + cause.path, json=body, headers=headers, timeout=30)
    return answer.status_code


def warnings(server: HedgerowServer, project_id: int | str) -> dict[str, dict[str, Any]]:
    server.wait_until_ingested()
    found = api(server, "GET", f"/api/projects/{project_id}/ingestion_warnings/")["results"]
    return {item["type"]: item for item in found}


@pytest.mark.parametrize("type_", CAUSES)
def test_the_input_brings_the_warning(server: HedgerowServer, type_: str) -> None:
    cause = CAUSES[type_]
    project = api(server, "POST", "/api/projects/", {"name": type_})
    if cause.settings:
        api(server, "PATCH", f"/api/projects/{project['id']}/", cause.settings)
    assert post(server, cause, project["api_token"]) in cause.statuses
    found = warnings(server, project["id"])[type_]
    assert (found["category"], found["severity"]) == REGISTRY[type_]
    assert found["count"] >= 1
    assert found["warnings"]


def test_a_number_that_64_bits_cannot_hold(server: HedgerowServer) -> None:
    body = f'{{"api_key":"{PROJECT_KEY}","event":"e","distinct_id":"u","properties":{{"a":1e400}}}}'
    assert requests.post(server.url + "/e/", data=body, timeout=30).status_code == 200
    assert "number_out_of_range" in warnings(server, "@current")


def test_a_distinct_id_that_the_operator_has_switched_off(server: HedgerowServer) -> None:
    assert post(server, batch(ev(by=DROPPED_ID)), PROJECT_KEY) == 200
    assert warnings(server, "@current")["token_dropper"]["count"] == 1


def test_an_address_that_is_not_known_is_warned_about() -> None:
    event = {**cookieless()[0], "_request": {"ip": ""}}
    result = run_ingestion_vector(
        {"events": [event], "settings": {"cookieless_server_hash_mode": 1}}
    )
    assert [item["type"] for item in result["warnings"]] == ["cookieless_missing_ip"]
