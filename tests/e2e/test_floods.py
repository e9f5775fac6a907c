"""A project that floods one distinct id does not delay the events of another (ingestion §17).

The core stands still while both send, so that what it does first is its choice and not chance.
"""

import os
import signal
from pathlib import Path
from typing import Any

import requests

from hedgerow.log.reader import SegmentLogReader
from hedgerow.testing.server import HedgerowServer
from hedgerow.wire.control import IngestOverflow, decode_control, is_control
from hedgerow.wire.record import decode_request

FLOODS, A_FLOOD = 60, 500
WARNING = "high_volume_distinct_id"


def event(distinct_id: str, **properties: Any) -> dict[str, Any]:
    return {"event": "e", "distinct_id": distinct_id, "properties": properties}


def send(server: HedgerowServer, key: str, *events: dict[str, Any], **batch: Any) -> None:
    body = {"api_key": key, "batch": list(events), **batch}
    requests.post(server.url + "/batch/", json=body, timeout=30).raise_for_status()


def second_project(server: HedgerowServer) -> dict[str, Any]:
    answer = requests.post(
        server.url + "/api/projects/",
        json={"name": "trickle"},
        headers={"authorization": f"Bearer {server.personal_key}"},
        timeout=30,
    )
    answer.raise_for_status()
    project: dict[str, Any] = answer.json()
    return project


def warnings(server: HedgerowServer) -> dict[str, int]:
    found = server.get("/api/projects/@current/ingestion_warnings/")["results"]
    return {item["type"]: item["count"] for item in found}


def test_a_flood_of_one_project_waits_and_a_trickle_of_another_does_not(tmp_path: Path) -> None:
    with HedgerowServer(tmp_path / "data") as server:
        trickle = second_project(server)
        core = server.pid("core")
        os.kill(core, signal.SIGSTOP)
        try:
            for number in range(FLOODS):
                send(server, server.project_key, *[event("flood")] * A_FLOOD, event("calm"))
                send(server, trickle["api_token"], event("drop", number=number))
        finally:
            os.kill(core, signal.SIGCONT)
        server.wait_until_ingested()

        assert server.query("SELECT distinct_id, count() FROM events GROUP BY 1 ORDER BY 1") == [
            ["calm", FLOODS],
            ["flood", FLOODS * A_FLOOD],
        ]
        assert warnings(server) == {WARNING: (FLOODS - 2) * A_FLOOD}
        body = {"query": {"kind": "HogQLQuery", "query": "SELECT count() FROM events"}}
        assert server.status()["ingest"]["overflow_waiting_bytes"] == 0
        answer = requests.post(
            f"{server.url}/api/projects/{trickle['id']}/query/",
            json=body,
            headers={"authorization": f"Bearer {server.personal_key}"},
            timeout=30,
        )
        assert answer.json()["results"] == [[FLOODS]]
    assert_flood_came_last(tmp_path / "data", trickle["api_token"])


def assert_flood_came_last(data: Path, trickle_key: str) -> None:
    """By the log: the flood was ingested where its control records lie, behind every other event."""
    reader = SegmentLogReader(data / "log")
    frames = reader.read(reader.start, 1 << 30)
    asked = [
        frame.position
        for frame in frames
        if is_control(frame.payload) and isinstance(decode_control(frame.payload), IngestOverflow)
    ]
    sent = [
        (frame.position, decode_request(frame.payload))
        for frame in frames
        if not is_control(frame.payload)
    ]
    flood = [position for position, request in sent if request.overflow]
    others = [position for position, request in sent if not request.overflow]
    trickle = [position for position, request in sent if request.token == trickle_key]
    assert len(flood) == FLOODS - 2
    assert len(trickle) == FLOODS
    assert flood[0] < trickle[-1], "the trickle came after a part of the flood"
    assert max(others) < min(asked)


def test_a_migration_is_no_flood(tmp_path: Path) -> None:
    with HedgerowServer(tmp_path / "data") as server:
        old = event("flood") | {"timestamp": "2020-01-01T00:00:00Z"}
        send(server, server.project_key, *[old] * 2000, historical_migration=True)
        server.wait_until_ingested()
        assert server.query("SELECT count() FROM events") == [[2000]]
        assert warnings(server) == {}
