"""What was ingested live, and what a replay of the log makes of it, is the same."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import requests

from hedgerow.testing.server import HedgerowServer

PEOPLE = 12


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments], capture_output=True, text=True, check=False
    )


def hashes(data: Path) -> dict[str, Any]:
    done = run("hedgerow.testing.state_hash", str(data))
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def mixed_events(round_number: int) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    for number in range(PEOPLE):
        anonymous, user = f"anon-{round_number}-{number}", f"user-{number}"
        events += [
            {"event": "view", "distinct_id": anonymous, "properties": {"$browser": "Firefox"}},
            {
                "event": "$identify",
                "distinct_id": user,
                "properties": {"$anon_distinct_id": anonymous, "$set": {"n": round_number}},
            },
            {
                "event": "$groupidentify",
                "distinct_id": user,
                "properties": {
                    "$group_type": "org",
                    "$group_key": f"org-{number % 3}",
                    "$group_set": {"size": round_number},
                },
            },
            {
                "event": "quiet",
                "distinct_id": f"quiet-{number}",
                "properties": {"$process_person_profile": False, "$groups": {"team": "a"}},
            },
        ]
    return events


def test_a_replay_gives_the_same_state_in_place_and_in_another_folder(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with HedgerowServer(data) as server:
        for round_number in range(4):
            body: dict[str, Any] = {
                "api_key": server.project_key,
                "batch": mixed_events(round_number),
            }
            requests.post(server.url + "/batch/", json=body, timeout=30).raise_for_status()
            server.wait_until_ingested()
        old = {"event": "old", "distinct_id": "user-1", "timestamp": "2020-01-01T00:00:00Z"}
        body = {"api_key": server.project_key, "batch": [old] * 3, "historical_migration": True}
        requests.post(server.url + "/batch/", json=body, timeout=30).raise_for_status()
        for action in (["split", "user-2"], ["delete", "user-3", "--with-events"]):
            done = run("hedgerow", "person", *action, "--data", str(data))
            assert done.returncode == 0, done.stderr
        server.wait_until_ingested()
        refused = run("hedgerow", "replay", "--data", str(data))
        assert refused.returncode != 0
        assert "Another Hedgerow server" in refused.stderr
    live = hashes(data)
    assert live["store events"][0] > 4 * PEOPLE * 3
    assert live["store events"][1] is not None
    other = tmp_path / "other"
    done = run("hedgerow", "replay", "--data", str(data), "--into", str(other))
    assert done.returncode == 0, done.stderr
    assert hashes(other) == live
    done = run("hedgerow", "replay", "--data", str(data))
    assert done.returncode == 0, done.stderr
    assert hashes(data) == live
    again = run("hedgerow", "replay", "--data", str(data), "--into", str(other))
    assert "is not empty" in again.stderr
