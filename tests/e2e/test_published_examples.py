"""Every request of the published capture page, sent as printed there, and what can be read then."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from hedgerow.testing.server import HedgerowServer

SESSION_ID = "0195b4f0-1c00-7000-8000-000000000001"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HedgerowServer]:
    with HedgerowServer(tmp_path_factory.mktemp("published") / "data") as server:
        yield server


def published_requests(key: str) -> list[tuple[str, dict[str, Any]]]:
    """Path and body, in the order of the page."""
    single = "/i/v0/e/"
    return [
        (
            single,
            {
                "api_key": key,
                "event": "event name",
                "distinct_id": "user distinct id",
                "properties": {"account_type": "pro"},
                "timestamp": "2020-08-16T09:03:11.913767",
            },
        ),
        (
            single,
            {
                "api_key": key,
                "event": "anonymous event",
                "distinct_id": "anonymous id",
                "properties": {"$process_person_profile": False},
            },
        ),
        (
            "/batch/",
            {
                "api_key": key,
                "historical_migration": False,
                "batch": [
                    {"event": "batched 1", "properties": {"distinct_id": "user 1", "p": "v"}},
                    {"event": "batched 2", "properties": {"distinct_id": "user 2"}},
                ],
            },
        ),
        (
            "/batch/",
            {
                "api_key": key,
                "historical_migration": True,
                "batch": [
                    {
                        "event": "migrated",
                        "properties": {"distinct_id": "user 3"},
                        "timestamp": "2024-04-03T12:00:00Z",
                    }
                ],
            },
        ),
        (
            single,
            {
                "api_key": key,
                "event": "$create_alias",
                "distinct_id": "123",
                "properties": {"alias": "456"},
            },
        ),
        (
            single,
            {
                "api_key": key,
                "event": "$groupidentify",
                "distinct_id": "groups_setup_id",
                "properties": {
                    "$group_type": "company",
                    "$group_key": "acme",
                    "$group_set": {"name": "Acme", "subscription": "premium"},
                },
            },
        ),
        (
            single,
            {
                "api_key": key,
                "event": "group event",
                "distinct_id": "user in a group",
                "properties": {"$groups": {"company": "acme"}},
            },
        ),
        (
            single,
            {
                "api_key": key,
                "event": "$identify",
                "distinct_id": "identified user",
                "properties": {"$set": {"email": "user@example.com", "is_cool": True}},
            },
        ),
        (
            single,
            {
                "api_key": key,
                "event": "$pageview",
                "distinct_id": "identified user",
                "properties": {
                    "$current_url": "https://example.com/pricing",
                    "$session_id": SESSION_ID,
                },
            },
        ),
        (
            single,
            {
                "api_key": key,
                "event": "$screen",
                "distinct_id": "identified user",
                "properties": {"$screen_name": "Home"},
            },
        ),
        (
            single,
            {
                "api_key": key,
                "event": "survey sent",
                "distinct_id": "identified user",
                "properties": {"$survey_id": "s1", "$survey_response": "great"},
            },
        ),
    ]


def names(body: dict[str, Any]) -> list[str]:
    return [event["event"] for event in body.get("batch", [body])]


def counts(server: HedgerowServer) -> dict[str, int]:
    server.wait_until_ingested()
    return dict(server.query("SELECT event, count() FROM events GROUP BY event"))


def test_every_published_request_works_with_requests(server: HedgerowServer) -> None:
    before = counts(server)
    for path, body in published_requests(server.project_key):
        response = requests.post(server.url + path, json=body, timeout=10)
        assert (response.status_code, response.json()) == (200, {"status": "Ok"}), body

    after = counts(server)

    for _, body in published_requests(server.project_key):
        for name in names(body):
            assert after[name] == before.get(name, 0) + 1, name


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_every_published_request_works_with_curl(server: HedgerowServer) -> None:
    before = counts(server)
    for path, body in published_requests(server.project_key):
        command = ["curl", "-sS", "-f", "--json", json.dumps(body), server.url + path]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert json.loads(done.stdout) == {"status": "Ok"}

    after = counts(server)

    for _, body in published_requests(server.project_key):
        for name in names(body):
            assert after[name] == before.get(name, 0) + 1, name


def test_properties_and_persons_of_the_published_events_can_be_read(
    server: HedgerowServer,
) -> None:
    for path, body in published_requests(server.project_key):
        requests.post(server.url + path, json=body, timeout=10).raise_for_status()
    server.wait_until_ingested()

    person = server.get("/api/projects/@current/persons/?distinct_id=identified%20user")
    anonymous = server.get("/api/projects/@current/persons/?distinct_id=anonymous%20id")
    events = server.get("/api/projects/@current/events/?event=%24screen&limit=1")
    pageviews = server.query(
        "SELECT DISTINCT properties.$current_url, properties.$session_id, "
        "person.properties.email FROM events WHERE event = '$pageview'"
    )
    (old,) = server.query("SELECT DISTINCT toYear(timestamp) FROM events WHERE event = 'migrated'")

    assert person["results"][0]["properties"]["email"] == "user@example.com"
    assert anonymous["results"] == []
    assert events["results"][0]["properties"]["$screen_name"] == "Home"
    assert pageviews == [["https://example.com/pricing", SESSION_ID, "user@example.com"]]
    assert old == [2024]


def test_an_event_without_a_distinct_id_is_dropped_alone_and_shown(
    server: HedgerowServer,
) -> None:
    body = {
        "api_key": server.project_key,
        "batch": [{"event": "no id"}, {"event": "with an id", "distinct_id": "u"}],
    }

    response = requests.post(f"{server.url}/batch/", json=body, timeout=10)
    seen = counts(server)
    warnings = server.get("/api/projects/@current/ingestion_warnings/")["results"]

    assert response.status_code == 200
    assert seen["with an id"] == 1
    assert "no id" not in seen
    (warning,) = [item for item in warnings if item["type"] == "missing_distinct_id"]
    assert warning["count"] >= 1
    assert "no id" in warning["warnings"][0]["details"]["sample"]


def test_an_unknown_project_key_is_refused_with_the_documented_text(
    server: HedgerowServer,
) -> None:
    body = {"api_key": "phc_nobody", "event": "e", "distinct_id": "u"}

    response = requests.post(f"{server.url}/i/v0/e/", json=body, timeout=10)

    assert response.status_code == 401
    assert response.text.startswith("API key does not belong to any project.")


def test_a_new_project_can_send_at_once_and_is_read_apart(server: HedgerowServer) -> None:
    made = requests.post(
        f"{server.url}/api/projects/",
        json={"name": "Second"},
        headers={"Authorization": f"Bearer {server.personal_key}"},
        timeout=10,
    ).json()
    body = {"api_key": made["api_token"], "event": "only in the second", "distinct_id": "u"}
    assert requests.post(f"{server.url}/e/", json=body, timeout=10).status_code == 200

    first = counts(server)
    second = server.get(f"/api/projects/{made['id']}/events/")["results"]

    assert "only in the second" not in first
    assert [event["event"] for event in second] == ["only in the second"]


def test_errors_can_be_read_across_origins_and_nothing_is_ever_redirected(
    server: HedgerowServer,
) -> None:
    for path in ("/e", "/e/", "/batch", "/batch/", "/i/v0/e", "/i/v0/e/", "/capture", "/capture/"):
        response = requests.post(
            server.url + path,
            data=b"{",
            headers={"Origin": "https://example.com"},
            timeout=10,
            allow_redirects=False,
        )
        assert response.status_code == 400, path
        assert response.headers["access-control-allow-origin"] == "https://example.com"


def test_a_resent_request_changes_no_count(server: HedgerowServer) -> None:
    body = {
        "api_key": server.project_key,
        "event": "sent four times",
        "distinct_id": "u",
        "uuid": "0195b4f0-1c00-7000-8000-0000000000aa",
        "timestamp": "2026-01-01T00:00:00Z",
        "properties": {"$set": {"plan": "pro"}},
    }
    for _ in range(4):
        requests.post(f"{server.url}/i/v0/e/", json=body, timeout=10).raise_for_status()

    assert counts(server)["sent four times"] == 1


def test_the_command_line_answers_about_the_same_events(server: HedgerowServer) -> None:
    def run(*words: str) -> Any:
        command = [sys.executable, "-m", "hedgerow", *words, "--data", str(server.data), "--json"]
        return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)

    expected = counts(server)

    rows = run("query", "SELECT event, count() AS n FROM events GROUP BY event")
    status = run("status")

    assert {row["event"]: row["n"] for row in rows} == expected
    outcomes = status["outcomes"]
    assert outcomes["received"] == (
        outcomes["stored"]
        + outcomes["duplicates"]
        + outcomes["dead_lettered"]
        + sum(outcomes["dropped"].values())
    )


def test_the_log_folder_holds_no_secret_in_clear(server: HedgerowServer) -> None:
    files = [server.data / "directory.sqlite", server.data / "directory.sqlite-wal"]

    contents = b"".join(path.read_bytes() for path in files if path.exists())

    assert server.project_key.encode() in contents
    assert server.personal_key.encode() not in contents


def test_a_second_server_on_the_same_folder_is_refused(server: HedgerowServer) -> None:
    command = [sys.executable, "-m", "hedgerow", "serve", "--data", str(server.data)]

    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)

    assert done.returncode != 0
    assert "Another Hedgerow server is using the data folder" in done.stderr
    assert Path(server.data).name in done.stderr
