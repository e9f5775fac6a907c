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


def call(server: HedgerowServer, method: str, path: str, body: Any = None) -> Any:
    answer = requests.request(
        method,
        f"{server.url}/api/projects/@current/{path}",
        json=body,
        headers={"authorization": f"Bearer {server.personal_key}"},
        timeout=30,
    )
    answer.raise_for_status()
    return answer.json()


def static_cohort(server: HedgerowServer, distinct_ids: list[str]) -> int:
    cohort = call(server, "POST", "cohorts/", {"name": "list", "is_static": True})
    path = f"cohorts/{cohort['id']}/add_persons_to_static_cohort/"
    call(server, "PATCH", path, {"distinct_ids": distinct_ids})
    return int(cohort["id"])


def members(server: HedgerowServer, cohort: int) -> list[str]:
    found = call(server, "GET", f"persons/?cohort={cohort}")["results"]
    return sorted(name for item in found for name in item["distinct_ids"] if "user" in name)


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
        cohort = static_cohort(server, ["user-4", "user-5"])
        for action in (
            ["split", "user-2"],
            ["delete", "user-3", "--with-events"],
            ["delete", "user-6"],
        ):
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
    for folder in (data, other):
        with HedgerowServer(folder) as server:
            assert members(server, cohort) == ["user-4", "user-5"]
    again = run("hedgerow", "replay", "--data", str(data), "--into", str(other))
    assert "is not empty" in again.stderr
