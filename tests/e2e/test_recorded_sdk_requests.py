"""Requests recorded from released SDKs, old and new, sent byte for byte to a real server.

What is stored must be what `body_json` of the recording says. Recordings without it are plain JSON.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from tests.e2e.recordings import PROJECT_KEY, RECORDINGS, recorded_requests, send

from hedgerow.testing.server import HedgerowServer

CAPTURE = ("/batch", "/e/", "/i/v0/e/", "/i/v0/ai/batch", "/i/v1/analytics/events")
# Sent to lanes that are no events.
NO_EVENTS = {"$$heatmap", "$snapshot"}
# One uuid that two recordings have for the same event of the same person: stored once, as the first.
IN_TWO_RECORDINGS = ("python-v0-all-calls.json", "with timestamp")
# Ingestion takes these off the event or writes its own.
REWRITTEN = {"$process_person_profile", "$set", "$set_once", "$unset", "$elements", "$ip"}
REWRITTEN |= {"$elements_chain", "token", "distinct_id", "$groups"}


def events_of(request: dict[str, Any]) -> list[dict[str, Any]]:
    body = request.get("body_json") or json.loads(request["body_raw_text"])
    if isinstance(body, list):
        return body
    events: list[dict[str, Any]] = body.get("batch", [body])
    return events


def capture_requests(name: str) -> list[dict[str, Any]]:
    return [
        item
        for item in recorded_requests(name)
        if item["target"].startswith(CAPTURE) and "method" not in item
    ]


class Stored:
    """What the server holds after every recording was sent."""

    def __init__(self, server: HedgerowServer, statuses: dict[str, list[int]]) -> None:
        self.statuses = statuses
        self.by_uuid: dict[tuple[str, str, str], list[list[Any]]] = defaultdict(list)
        self.by_name: dict[tuple[str, str], list[list[Any]]] = defaultdict(list)
        rows = server.query_all(
            "SELECT toString(uuid), event, distinct_id, timestamp, properties, elements_chain"
            " FROM events ORDER BY toString(uuid)"
        )
        for row in rows:
            row[4] = json.loads(row[4])
            self.by_uuid[row[0], row[1], row[2]].append(row)
            self.by_name[row[1], row[2]].append(row)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stored]:
    folder = tmp_path_factory.mktemp("recorded") / "data"
    server = HedgerowServer(folder)
    server.project_key = PROJECT_KEY
    with server:
        statuses = {
            name: [send(server, request).status_code for request in capture_requests(name)]
            for name in RECORDINGS
        }
        server.wait_until_ingested()
        yield Stored(server, statuses)


@pytest.mark.parametrize("name", RECORDINGS)
def test_every_recorded_request_is_accepted(stored: Stored, name: str) -> None:
    expected = [
        204 if "beacon=1" in request["target"] else 200 for request in capture_requests(name)
    ]

    assert stored.statuses[name] == expected


@pytest.mark.parametrize("name", RECORDINGS)
def test_every_recorded_event_is_stored_once_as_it_was_sent(stored: Stored, name: str) -> None:
    for request in capture_requests(name):
        library = library_of(request)
        for event in events_of(request):
            if event["event"] not in NO_EVENTS and (name, event["event"]) != IN_TWO_RECORDINGS:
                check(stored, event, library)


def library_of(request: dict[str, Any]) -> dict[str, Any]:
    """v1 clients name their library in a header only."""
    info = dict(request["headers"]).get("PostHog-Sdk-Info")
    if info is None:
        return {}
    name, version = info.split("/")
    return {"$lib": name, "$lib_version": version}


def check(stored: Stored, event: dict[str, Any], library: dict[str, Any]) -> None:
    properties = event.get("properties", {})
    row = found(stored, event)
    assert row[1:3] == [event["event"], distinct_id_of(event)]
    for key, value in {**properties, **library}.items():
        if key not in REWRITTEN and is_kept(event, key):
            assert row[4].get(key) == value, (event["event"], key)
    for key in ("$session_id", "$window_id"):
        lifted = event.get(key.removeprefix("$"))
        if lifted is not None:
            assert row[4][key] == lifted
    if "$elements_chain" in properties:
        assert row[5] == properties["$elements_chain"]
    if "$set" in event and "$set" in row[4]:
        assert event["$set"].items() <= row[4]["$set"].items()


def is_kept(event: dict[str, Any], key: str) -> bool:
    """Of a `$feature_flag_called` whose response is no string, a list of properties is kept (§10)."""
    response = event.get("properties", {}).get("$feature_flag_response")
    if event["event"] != "$feature_flag_called" or isinstance(response, str):
        return True
    return key in ("$feature_flag", "$feature_flag_response", "$lib", "$lib_version")


def is_corrected(event: dict[str, Any]) -> bool:
    """Whether its time is one that the server corrects by the client's clock."""
    as_it_is = event.get("options", {}).get("disable_skew_correction", False)
    return "timestamp" in event and not as_it_is and event["event"] not in NO_EVENTS


def distinct_id_of(event: dict[str, Any]) -> str:
    return str(event.get("distinct_id") or event["properties"]["distinct_id"])


def found(stored: Stored, event: dict[str, Any]) -> list[Any]:
    """The one row of the event: by its uuid, or by what it says where the SDK sent none."""
    distinct_id = distinct_id_of(event)
    if event.get("uuid"):
        (row,) = stored.by_uuid[event["uuid"], event["event"], distinct_id]
        return row
    sent = event.get("properties", {})
    rows = [
        row
        for row in stored.by_name[event["event"], distinct_id]
        if all(
            row[4].get(key) == value
            for key, value in sent.items()
            if key not in REWRITTEN and is_kept(event, key)
        )
    ]
    assert rows, event["event"]
    return rows[0]


@pytest.mark.parametrize("name", RECORDINGS)
def test_the_times_within_a_request_keep_their_distances(stored: Stored, name: str) -> None:
    for request in capture_requests(name):
        sent, kept = [], []
        for event in events_of(request):
            if (name, event["event"]) == IN_TWO_RECORDINGS:
                continue
            if event.get("uuid") and is_corrected(event):
                row = found(stored, event)
                sent.append(datetime.fromisoformat(event["timestamp"]))
                kept.append(datetime.fromisoformat(row[3]))
        assert [time - kept[0] for time in kept] == [time - sent[0] for time in sent]
