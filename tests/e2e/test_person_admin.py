"""What an operator does to persons, and a migration's own lane, on a real server."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from hedgerow.testing.server import HedgerowServer

SECRET = "forget-me-7f3a9c"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HedgerowServer]:
    with HedgerowServer(tmp_path_factory.mktemp("admin") / "data") as running:
        yield running


def send(server: HedgerowServer, *events: dict[str, Any], **batch: Any) -> None:
    body = {"api_key": server.project_key, "batch": list(events), **batch}
    assert requests.post(server.url + "/batch/", json=body, timeout=30).status_code == 200


def event(name: str, distinct_id: str, **properties: Any) -> dict[str, Any]:
    return {"event": name, "distinct_id": distinct_id, "properties": properties}


def api(server: HedgerowServer, method: str, path: str, **arguments: Any) -> requests.Response:
    return requests.request(
        method,
        f"{server.url}/api/projects/@current/{path}",
        headers={"authorization": f"Bearer {server.personal_key}"},
        timeout=60,
        **arguments,
    )


def person(server: HedgerowServer, distinct_id: str) -> dict[str, Any] | None:
    found = api(server, "GET", f"persons/?distinct_id={distinct_id}").json()["results"]
    return found[0] if found else None


def test_a_split_gives_each_distinct_id_its_own_person(server: HedgerowServer) -> None:
    send(server, event("view", "phone"), event("view", "tom", **{"$set": {"plan": "pro"}}))
    send(server, event("$identify", "tom", **{"$anon_distinct_id": "phone"}))
    server.wait_until_ingested()
    merged = person(server, "phone")
    assert merged is not None
    assert sorted(merged["distinct_ids"]) == ["phone", "tom"]
    answer = api(server, "POST", f"persons/{merged['id']}/split", json={"main_distinct_id": "tom"})
    assert answer.status_code == 201
    phone, tom = person(server, "phone"), person(server, "tom")
    assert phone is not None
    assert tom is not None
    assert phone["distinct_ids"] == ["phone"]
    assert phone["properties"] == {}
    assert tom["properties"]["plan"] == "pro"
    rows = server.query(
        "SELECT distinct_id, person_id FROM events WHERE event = 'view' "
        "AND distinct_id IN ('phone', 'tom')"
    )
    assert sorted(rows) == [["phone", phone["id"]], ["tom", tom["id"]]]


def test_a_persons_properties_are_set_and_removed(server: HedgerowServer) -> None:
    send(server, event("view", "vera", **{"$set": {"plan": "free", "seats": 3}}))
    server.wait_until_ingested()
    vera = person(server, "vera")
    assert vera is not None
    one = f"persons/{vera['id']}/"

    patched = api(server, "PATCH", one, json={"properties": {"plan": "pro", "tags": ["a"]}})
    updated = api(server, "POST", one + "update_property/", json={"key": "seats", "value": 5})
    deleted = api(server, "POST", one + "delete_property/", json={"$unset": "tags"})

    assert [answer.status_code for answer in (patched, updated, deleted)] == [200, 200, 200]
    assert patched.json()["properties"] == {"plan": "pro", "seats": 3, "tags": ["a"]}
    assert deleted.json()["properties"] == {"plan": "pro", "seats": 5}
    assert person(server, "vera") == deleted.json()
    stored = f"SELECT properties.plan, properties.seats, properties.tags FROM persons WHERE id = '{vera['id']}'"
    assert server.query(stored) == [["pro", 5, None]]

    # What comes later counts on from there.
    send(server, event("view", "vera", **{"$set_once": {"plan": "free", "seen": True}}))
    server.wait_until_ingested()
    later = person(server, "vera")
    assert later is not None
    assert later["properties"] == {"plan": "pro", "seats": 5, "seen": True}


def test_a_wrong_change_of_a_person_is_named(server: HedgerowServer) -> None:
    send(server, event("view", "walt", **{"$set": {"plan": "free"}}))
    server.wait_until_ingested()
    walt = person(server, "walt")
    assert walt is not None

    for method, path, body, attribute in (
        ("PATCH", "", {"properties": []}, "properties"),
        ("POST", "update_property/", {"value": 1}, "key"),
        ("POST", "update_property/", {"key": "plan"}, "value"),
        ("POST", "update_property/", {"key": "plan", "value": "x" * 40_000}, "properties"),
        ("POST", "delete_property/", {}, "$unset"),
    ):
        refused = api(server, method, f"persons/{walt['id']}/{path}", json=body)
        assert (refused.status_code, refused.json()["attr"]) == (400, attribute)
    assert person(server, "walt") == walt


def test_a_person_that_is_none_is_not_changed(server: HedgerowServer) -> None:
    for method, path in (
        ("POST", "persons/{}/split"),
        ("DELETE", "persons/{}"),
        ("POST", "persons/{}/update_property"),
    ):
        for person_id in ("018ff3a0-1111-7abc-8def-0123456789ab", "none"):
            body = {"key": "a", "value": 1}
            assert api(server, method, path.format(person_id), json=body).status_code == 404


def test_the_command_line_deletes_a_person_but_not_its_events(server: HedgerowServer) -> None:
    send(server, event("view", "kim@example.org"))
    server.wait_until_ingested()
    command = [sys.executable, "-m", "hedgerow", "person"]
    folder = ["--data", str(server.data)]
    shown = subprocess.run(
        [*command, "show", "kim@example.org", *folder], capture_output=True, text=True, check=True
    )
    assert "kim@example.org" in shown.stdout
    subprocess.run([*command, "delete", "kim@example.org", *folder], check=True)
    assert person(server, "kim@example.org") is None
    counted = "SELECT count() FROM events WHERE distinct_id = 'kim@example.org'"
    assert server.query(counted) == [[1]]
    again = subprocess.run(
        [*command, "delete", "kim@example.org", *folder],
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode != 0
    assert "no person" in again.stderr


def test_old_events_of_a_migration_are_ingested_in_their_own_lane(server: HedgerowServer) -> None:
    old = {**event("old", "migrant", **{"$set": {"at": 1}}), "timestamp": "2020-01-01T00:00:00Z"}
    older = {**old, "properties": {"$set": {"at": 2}}}
    send(server, old, older, historical_migration=True)
    send(server, event("live", "migrant"))
    # What was put off counts as not yet ingested.
    server.wait_until_ingested()
    counted = "SELECT event, count() FROM events WHERE distinct_id = 'migrant' GROUP BY event"
    assert sorted(server.query(counted)) == [["live", 1], ["old", 2]]
    migrant = person(server, "migrant")
    assert migrant is not None
    assert migrant["properties"]["at"] == 2


def test_a_deleted_person_is_gone_from_the_files_of_store_and_directory(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with HedgerowServer(data) as server:
        api(server, "PATCH", "", json={"session_recording_opt_in": True}).raise_for_status()
        send(
            server,
            event("view", SECRET, **{"$set": {"name": SECRET}, "$session_id": "no session"}),
            event("$identify", SECRET, **{"$anon_distinct_id": "anon"}),
            event("view", "somebody else"),
        )
        # Rows that grow and move leave their earlier states in the file.
        for number in range(40):
            about = f"{SECRET} {number}" * number
            send(server, event("$set", SECRET, **{"$set": {"about": about}}))
            send(server, event("$set", f"other {number}", **{"$set": {"about": "x" * 900}}))
        record(server, SECRET)
        server.wait_until_ingested()
        assert files_that_hold(data, SECRET.encode(), ("store", "directory"))
        found = person(server, SECRET)
        assert found is not None
        path = f"persons/{found['id']}?delete_events=true"
        assert api(server, "DELETE", path).status_code == 204
        assert server.query(
            f"SELECT count() FROM events WHERE distinct_id IN ('{SECRET}', 'anon')"
        ) == [[0]]
        # An id that is seen again begins anew.
        send(server, event("view", "anon"))
        server.wait_until_ingested()
        again = person(server, "anon")
        assert again is not None
        assert again["distinct_ids"] == ["anon"]
    # The directory's file is written anew at the first cleanup after a start.
    with HedgerowServer(data) as server:
        wait_for_log_line(server, "directory_rewritten")
    clean_up(data)
    assert files_that_hold(data, SECRET.encode(), ("store", "directory")) == []
    # The log keeps what was sent until its retention ends.
    assert files_that_hold(data, SECRET.encode(), ("log",))


def record(server: HedgerowServer, distinct_id: str) -> None:
    properties = {
        "$session_id": "s",
        "$snapshot_data": [{"type": 3, "timestamp": time.time() * 1000, "data": {}}],
        "distinct_id": distinct_id,
        "token": server.project_key,
    }
    body = [{"event": "$snapshot", "properties": properties}]
    requests.post(server.url + "/s/", json=body, timeout=30).raise_for_status()


def wait_for_log_line(server: HedgerowServer, line: str, seconds_max: float = 30) -> None:
    deadline = time.monotonic() + seconds_max
    while line not in server.output.read_text(errors="replace"):
        assert time.monotonic() < deadline, f"the server never logged {line}"
        time.sleep(0.1)


CLEAN_UP = """
import sys, time
from pathlib import Path
from hedgerow.store.client import connect

client = connect(Path(sys.argv[1]))
tables = (
    *("events", "persons", "person_distinct_ids", "person_overrides", "heatmaps"),
    "session_recordings",
)
for table in tables:
    client.command(f"ALTER TABLE {table} MODIFY SETTING old_parts_lifetime = 1")
    client.command(f"ALTER TABLE {table} MODIFY SETTING cleanup_delay_period = 1")
    client.command(f"DETACH TABLE {table}")
    client.command(f"ATTACH TABLE {table}")
deadline = time.monotonic() + 30
count = f"SELECT count() FROM system.parts WHERE NOT active AND table IN {tables}"
while client.query(count).result_rows[0][0] and time.monotonic() < deadline:
    time.sleep(0.2)
"""


def clean_up(data: Path) -> None:
    """What the engine does by itself some minutes later: remove the parts that were rewritten.

    In a process of its own, since a process has one engine.
    """
    subprocess.run([sys.executable, "-c", CLEAN_UP, str(data / "store")], check=True)


def files_that_hold(data: Path, content: bytes, prefixes: tuple[str, ...]) -> list[Path]:
    """Files whose path in the data folder begins with one of the prefixes, `-wal` files included."""
    return [
        path
        for path in data.rglob("*")
        if path.is_file()
        and str(path.relative_to(data)).startswith(prefixes)
        and content in path.read_bytes()
    ]
