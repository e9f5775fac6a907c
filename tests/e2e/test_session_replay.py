"""Session replay by HTTP: off until switched on, exact under resends, deleted for good."""

import gzip
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from hedgerow.testing.server import HedgerowServer

START_MS = 1_790_000_000_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HedgerowServer]:
    with HedgerowServer(tmp_path_factory.mktemp("replay") / "data") as server:
        switch(server, session_recording_opt_in=True)
        yield server


def switch(server: HedgerowServer, **settings: Any) -> None:
    response = requests.patch(
        f"{server.url}/api/projects/@current/",
        json=settings,
        headers={"authorization": f"Bearer {server.personal_key}"},
        timeout=10,
    )
    assert response.status_code == 200, response.text


def item(after_ms: int, kind: int, **data: Any) -> dict[str, Any]:
    return {"type": kind, "timestamp": START_MS + after_ms, "data": data}


def snapshot(
    server: HedgerowServer, session_id: str, items: list[dict[str, Any]], window: str = "w1"
) -> dict[str, Any]:
    return {
        "event": "$snapshot",
        "uuid": str(uuid.uuid4()),
        "properties": {
            "token": server.project_key,
            "distinct_id": f"visitor of {session_id}",
            "$session_id": session_id,
            "$window_id": window,
            "$snapshot_data": items,
            "$lib": "web",
        },
    }


def post(server: HedgerowServer, events: list[dict[str, Any]]) -> requests.Response:
    """As posthog-js does: gzip, and nothing that says so."""
    return requests.post(
        f"{server.url}/s/",
        data=gzip.compress(json.dumps(events).encode()),
        headers={"content-type": "text/plain", "origin": "https://example.com"},
        timeout=10,
    )


def recording(server: HedgerowServer, session_id: str) -> dict[str, Any]:
    found: dict[str, Any] = server.get(f"/api/projects/@current/session_recordings/{session_id}/")
    return found


def snapshots(server: HedgerowServer, session_id: str) -> list[dict[str, Any]]:
    path = f"/api/projects/@current/session_recordings/{session_id}/snapshots/"
    page = server.get(path)
    assert page["next"] is None
    found: list[dict[str, Any]] = page["snapshots"]
    return found


def test_a_recording_is_listed_and_returned_in_order(server: HedgerowServer) -> None:
    later = snapshot(
        server,
        "ordered",
        [
            item(5000, 3, source=2, type=2, id=1, x=1, y=1),
            item(6000, 3, source=5, id=1, text="a"),
            item(9500, 6, plugin="rrweb/console@1", payload={"level": "error", "payload": []}),
        ],
    )
    first = snapshot(
        server, "ordered", [item(0, 4, href="https://example.com/start"), item(100, 2, node={})]
    )
    for events in ([later], [first]):
        assert post(server, events).json() == {"status": "Ok"}
    server.wait_until_ingested()

    shown = recording(server, "ordered")
    played = snapshots(server, "ordered")

    assert shown["recording_duration"] == 9.5
    assert shown["start_url"] == "https://example.com/start"
    assert (shown["click_count"], shown["keypress_count"]) == (1, 1)
    assert (shown["console_log_count"], shown["console_error_count"]) == (1, 1)
    assert (shown["event_count"], shown["window_count"]) == (5, 1)
    assert shown["size_bytes"] > 0
    assert shown["distinct_id"] == "visitor of ordered"
    assert [event["timestamp"] - START_MS for event in played] == [0, 100, 5000, 6000, 9500]
    assert played[0]["data"] == {"href": "https://example.com/start"}
    assert {event["windowId"] for event in played} == {"w1"}
    listed = server.get("/api/projects/@current/session_recordings/")["results"]
    assert "ordered" in [entry["id"] for entry in listed]


def test_events_sent_again_in_other_groups_change_nothing(server: HedgerowServer) -> None:
    one, two, three = (
        snapshot(server, "resent", [item(number * 1000, 3, source=5)]) for number in range(3)
    )
    for events in ([one, two], [one, two], [two, three], [three], [one]):
        assert post(server, events).status_code == 200
    server.wait_until_ingested()

    assert recording(server, "resent")["event_count"] == 3
    assert len(snapshots(server, "resent")) == 3


def test_parts_that_the_sdk_compressed_are_put_back(server: HedgerowServer) -> None:
    def packed(value: Any) -> str:
        return gzip.compress(json.dumps(value).encode()).decode("latin-1")

    full = {**item(0, 2), "cv": "2024-10", "data": packed({"node": {"é": [1]}})}
    mutation = {**item(1, 3), "cv": "2024-10", "data": {"source": 0, "adds": packed([{"id": 7}])}}
    post(server, [snapshot(server, "packed", [full, mutation])])
    server.wait_until_ingested()

    played = snapshots(server, "packed")

    assert played[0]["data"] == {"node": {"é": [1]}}
    assert played[1]["data"] == {"source": 0, "adds": [{"id": 7}]}
    assert "cv" not in played[0]


def test_a_deleted_recording_is_gone_whatever_arrives_later(server: HedgerowServer) -> None:
    sent = [snapshot(server, "deleted", [item(0, 3, source=5)])]
    post(server, sent)
    server.wait_until_ingested()
    path = "/api/projects/@current/session_recordings/deleted/"
    headers = {"authorization": f"Bearer {server.personal_key}"}

    answer = requests.delete(server.url + path, headers=headers, timeout=30)
    post(server, [snapshot(server, "deleted", [item(1, 3, source=5)])])
    server.wait_until_ingested()

    assert answer.status_code == 204
    assert server.get_status(path) == 401
    assert requests.get(server.url + path, headers=headers, timeout=10).status_code == 404
    listed = server.get("/api/projects/@current/session_recordings/")["results"]
    assert "deleted" not in [entry["id"] for entry in listed]


def test_recordings_are_asked_for_by_person(server: HedgerowServer) -> None:
    post(server, [snapshot(server, "persons", [item(0, 3, source=5)])])
    server.wait_until_ingested()
    path = "/api/projects/@current/session_recordings/?distinct_id="

    theirs = server.get(path + "visitor%20of%20persons")["results"]
    nobodys = server.get(path + "nobody")["results"]

    assert [entry["id"] for entry in theirs] == ["persons"]
    assert nobodys == []


def test_they_survive_a_kill_and_are_counted(server: HedgerowServer) -> None:
    before = server.status()["outcomes"]["stored"]
    events = [snapshot(server, "killed", [item(n, 3, source=5)]) for n in range(20)]
    for event in events:
        assert post(server, [event]).status_code == 200
    server.kill("core")
    server.wait_until_ready()
    server.wait_until_ingested()

    assert recording(server, "killed")["event_count"] == 20
    assert server.status()["outcomes"]["stored"] == before + 20


def test_they_can_be_switched_off_and_a_quota_warns(server: HedgerowServer) -> None:
    try:
        switch(server, session_recording_opt_in=False)
        post(server, [snapshot(server, "off", [item(0, 3, source=5)])])
        server.wait_until_ingested()
        switch(server, session_recording_opt_in=True, session_recording_quota_megabytes=0)
        post(server, [snapshot(server, "quota", [item(0, 3, source=5)])])
        server.wait_until_ingested()
    finally:
        switch(server, session_recording_opt_in=True, session_recording_quota_megabytes=100)

    warnings = server.get("/api/projects/@current/ingestion_warnings/")["results"]
    kinds = {warning["type"] for warning in warnings}
    listed = server.get("/api/projects/@current/session_recordings/")["results"]
    assert {"session_recording_switched_off", "session_recording_over_quota"} <= kinds
    assert not {"off", "quota"} & {entry["id"] for entry in listed}


def test_recordings_are_asked_for_by_start_and_length(server: HedgerowServer) -> None:
    day_ms = 86_400_000
    for name, after_ms, length_ms in (("short", day_ms, 2000), ("long", 2 * day_ms, 90_000)):
        items = [item(after_ms, 3, source=5), item(after_ms + length_ms, 3, source=5)]
        post(server, [snapshot(server, f"asked-{name}", items)])
    server.wait_until_ingested()

    def found(parameters: str) -> set[str]:
        path = f"/api/projects/@current/session_recordings/?limit=500&{parameters}"
        names = {entry["id"] for entry in server.get(path)["results"]}
        return {name for name in names if name.startswith("asked-")}

    first_day = "2026-09-22"

    assert found("") == {"asked-short", "asked-long"}
    assert found("duration_min=60") == found("date_from=2026-09-23") == {"asked-long"}
    assert found("duration_max=2") == found(f"date_to={first_day}") == {"asked-short"}
    assert found(f"date_from={first_day}&date_to={first_day}&duration_min=2") == {"asked-short"}
    assert found("date_from=-1000d&date_to=all") == {"asked-short", "asked-long"}
    answer = requests.get(
        f"{server.url}/api/projects/@current/session_recordings/?date_from=soon",
        headers={"authorization": f"Bearer {server.personal_key}"},
        timeout=10,
    )
    assert (answer.status_code, answer.json()["attr"]) == (400, "date_from")
