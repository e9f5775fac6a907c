"""What posthog-ios sends, after its sources: nobody has recorded it.

It compresses batches and recordings and says so, writes uuids in capitals and every slash escaped,
and leaves the last slash off its paths.
"""

import gzip
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from tests.e2e.described_sdks import person

from hedgerow.testing.server import HedgerowServer

HEADERS = {
    "User-Agent": "posthog-ios/3.69.0",
    "Content-Type": "application/json; charset=utf-8",
    "Accept-Language": "en-GB,en;q=0.9",
}
COMPRESSED = {**HEADERS, "Accept-Encoding": "gzip", "Content-Encoding": "gzip"}
START_MS = 1_790_000_000_000
GOLD = {"key": "tier", "value": "gold", "operator": "exact", "type": "group"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HedgerowServer]:
    with HedgerowServer(tmp_path_factory.mktemp("ios") / "data") as server:
        call(server, "PATCH", "", {"session_recording_opt_in": True})
        yield server


def call(server: HedgerowServer, method: str, path: str, body: Any) -> None:
    url = f"{server.url}/api/projects/@current/{path}"
    headers = {"authorization": f"Bearer {server.personal_key}"}
    requests.request(method, url, json=body, headers=headers, timeout=10).raise_for_status()


def ios_json(body: Any) -> bytes:
    return json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode()


def ios_uuid() -> str:
    return str(uuid.uuid4()).upper()


def send(server: HedgerowServer, path: str, body: Any) -> None:
    answer = requests.post(
        server.url + path, data=gzip.compress(ios_json(body)), headers=COMPRESSED, timeout=30
    )
    assert (answer.status_code, isinstance(answer.json(), dict)) == (200, True)


def event(name: str, distinct_id: str, **properties: Any) -> dict[str, Any]:
    common = {"$lib": "posthog-ios", "$lib_version": "3.69.0", "$is_emulator": False}
    return {
        "event": name,
        "uuid": ios_uuid(),
        "distinct_id": distinct_id,
        "timestamp": "2026-11-20T10:00:00.000Z",
        "properties": {**common, **properties},
    }


def batch(server: HedgerowServer, events: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "api_key": server.project_key,
        "batch": events,
        "sent_at": "2026-11-20T10:00:01.000Z",
    }


def test_a_batch_sent_again_is_stored_once_and_its_visitor_identified(
    server: HedgerowServer,
) -> None:
    anonymous, user = ios_uuid(), "ios-user"
    events = [
        event("Application Opened", anonymous, **{"$session_id": ios_uuid()}),
        event("$screen", anonymous, **{"$screen_name": "Home/Start"}),
        event(
            "$identify",
            user,
            **{"$anon_distinct_id": anonymous, "$set": {"plan": "pro"}, "$set_once": {"first": 1}},
        ),
    ]
    for _ in range(3):
        send(server, "/batch", batch(server, events))
    server.wait_until_ingested()

    found = person(server, user)
    assert set(found["distinct_ids"]) == {anonymous, user}
    assert (found["properties"]["plan"], found["properties"]["first"]) == ("pro", 1)
    rows = server.query(
        "SELECT event, toString(uuid), properties.$screen_name FROM events"
        " WHERE properties.$lib = 'posthog-ios' ORDER BY event"
    )
    assert [row[:2] for row in rows] == sorted(
        [item["event"], item["uuid"].lower()] for item in events
    )
    assert [row[2] for row in rows if row[0] == "$screen"] == ["Home/Start"]


def test_flags_are_asked_with_the_configuration_and_by_the_older_path(
    server: HedgerowServer,
) -> None:
    everybody = {"groups": [{"properties": [], "rollout_percentage": 100}]}
    gold = {
        "groups": [{"properties": [GOLD], "rollout_percentage": 100}],
        "aggregation_group_type_index": 0,
    }
    group = {"$group_type": "company", "$group_key": "acme", "$group_set": {"tier": "gold"}}
    send(server, "/batch", batch(server, [event("$groupidentify", "ios-member", **group)]))
    server.wait_until_ingested()
    for key, filters in {"ios-on": everybody, "ios-gold": gold}.items():
        call(server, "POST", "feature_flags/", {"key": key, "filters": filters})
    common = {
        "api_key": server.project_key,
        "distinct_id": "ios-member",
        "$anon_distinct_id": "ios-before",
    }
    newer = {
        **common,
        "groups": {"company": "acme"},
        "person_properties": {"$app_version": "1.0", "$device_type": "Mobile"},
        "evaluation_contexts": ["production"],
    }
    older = {**common, "$groups": {"company": "acme"}}

    flags = ask(server, "/flags?v=2&config=true", newer)
    decided = ask(server, "/decide?v=3", older)
    config = requests.get(
        f"{server.url}/array/{server.project_key}/config", headers=HEADERS, timeout=10
    ).json()

    assert {key: flag["enabled"] for key, flag in flags["flags"].items()} == {
        "ios-on": True,
        "ios-gold": True,
    }
    assert flags["sessionRecording"]["endpoint"] == config["sessionRecording"]["endpoint"] == "/s/"
    assert decided["featureFlags"] == {"ios-on": True, "ios-gold": True}
    assert decided["sessionRecording"]["endpoint"] == "/s/"


def ask(server: HedgerowServer, target: str, body: Any) -> dict[str, Any]:
    """Flags are asked for uncompressed."""
    answer = requests.post(server.url + target, data=ios_json(body), headers=HEADERS, timeout=10)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def snapshot(server: HedgerowServer, session: str, items: Any) -> dict[str, Any]:
    properties = {"$session_id": session, "$snapshot_source": "mobile", "$snapshot_data": items}
    return {"api_key": server.project_key, **event("$snapshot", "ios-viewer", **properties)}


def item(after_ms: int, kind: int, **data: Any) -> dict[str, Any]:
    return {"type": kind, "timestamp": START_MS + after_ms, "data": data}


def test_a_recording_of_wireframes_and_touches_is_kept_as_it_was_sent(
    server: HedgerowServer,
) -> None:
    session = str(uuid.uuid4())
    screen = item(0, 4, width=390, height=844, href="Home/Start")
    wireframe = {"id": 1, "x": 0, "y": 0, "width": 390, "height": 844, "type": "screenshot"}
    picture = item(
        10, 2, initialOffset={"top": 0, "left": 0}, wireframes=[{**wireframe, "base64": "AA/="}]
    )
    touches = [
        item(500, 3, id=0, pointerType=2, source=2, type=7, x=10, y=20),
        item(600, 3, id=0, pointerType=2, source=2, type=9, x=10, y=20),
    ]
    printed = item(700, 6, plugin="rrweb/console@1", payload={"level": "error", "payload": "no"})
    send(server, "/s/", [snapshot(server, session, touches), snapshot(server, session, [printed])])
    # Older releases send one object, and not a list of it.
    send(server, "/s/", [snapshot(server, session, screen), snapshot(server, session, [picture])])
    server.wait_until_ingested()

    base = f"/api/projects/@current/session_recordings/{session}/"
    shown = server.get(base)
    played = server.get(f"{base}snapshots/")["snapshots"]

    assert [{key: value for key, value in got.items() if key != "windowId"} for got in played] == [
        screen,
        picture,
        *touches,
        printed,
    ]
    assert (shown["click_count"], shown["console_error_count"]) == (1, 1)
    assert (shown["start_url"], shown["distinct_id"]) == ("Home/Start", "ios-viewer")
    assert (shown["snapshot_source"], shown["recording_duration"]) == ("mobile", 0.7)
