"""`hedgerow doctor` on a real data folder: right when all is right, and it finds what is not."""

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from hedgerow.testing.server import HedgerowServer


def doctor(data: Path, port: int = 1, *arguments: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """The exit code, and the findings by the name of their check."""
    command = [sys.executable, "-m", "hedgerow", "doctor", "--json", "--data", str(data)]
    done = subprocess.run(
        [*command, "--port", str(port), *arguments], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    answer = json.loads(done.stdout)
    assert answer["ok"] is (done.returncode == 0)
    return done.returncode, {item["check"]: item for item in answer["findings"]}


def not_ok(findings: dict[str, dict[str, Any]]) -> dict[str, str]:
    for item in findings.values():
        assert (item["todo"] == "") is (item["verdict"] == "ok")
    return {name: item["found"] for name, item in findings.items() if item["verdict"] != "ok"}


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> HedgerowServer:
    """A folder with events in it, whose server has drained; copy it before changing anything."""
    server = HedgerowServer(tmp_path_factory.mktemp("doctor") / "data")
    with server:
        event = {"api_key": server.project_key, "event": "hello", "distinct_id": "me"}
        for _ in range(20):
            assert requests.post(server.url + "/i/v0/e/", json=event, timeout=10).status_code == 200
        server.wait_until_ingested()
        running = doctor(server.data, server.port)
        assert running == (0, running[1]), running
        assert not_ok(running[1]) == {}
        assert {"processes", "capture", "queries", "lag", "log", "directory"} <= set(running[1])
        _, elsewhere = doctor(server.data, 1)
        assert "capture" in not_ok(elsewhere)
    return server


# They cannot be copied, and are made anew at a start.
SOCKETS = shutil.ignore_patterns("*.sock")


@pytest.fixture
def data(stopped: HedgerowServer, tmp_path: Path) -> Path:
    shutil.copytree(stopped.data, tmp_path / "data", symlinks=True, ignore=SOCKETS)
    return tmp_path / "data"


def test_all_is_right_with_a_server_and_after_it_has_stopped(stopped: HedgerowServer) -> None:
    code, findings = doctor(stopped.data, stopped.port)
    assert not_ok(findings) == {}
    assert code == 0
    assert {"port", "store, durability", "store, parts", "store, positions"} <= set(findings)
    assert findings["outcomes"]["found"].startswith("20 events received")
    # It asks and does not change: a server starts on the folder as before.
    with HedgerowServer(stopped.data) as again:
        assert again.query("SELECT count() FROM events") == [[20]]


def test_a_torn_tail_that_was_never_acknowledged_is_nothing_wrong(data: Path) -> None:
    segment = next((data / "log").glob("*.log"))
    with segment.open("ab") as stream:
        stream.write(b"HGRF half a frame" + bytes(100))
    code, findings = doctor(data)
    assert code == 0
    assert "not durable" in findings["log, tail"]["found"]


def test_it_finds_a_directory_and_a_store_ahead_of_their_log(data: Path) -> None:
    shutil.rmtree(data / "log")
    code, findings = doctor(data)
    assert code == 1
    assert "beyond the log's durable end" in not_ok(findings)["positions"]
    assert "beyond the log's durable end" in not_ok(findings)["store, positions"]


def test_it_finds_a_copy_that_followed_the_links_of_the_store(
    stopped: HedgerowServer, tmp_path: Path
) -> None:
    shutil.copytree(stopped.data, tmp_path / "copy", ignore=SOCKETS)
    code, findings = doctor(tmp_path / "copy")
    assert code == 1
    assert "cp -a" in findings["store"]["todo"]


def test_without_a_data_folder_it_says_so(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hedgerow", "doctor", "--data", str(tmp_path / "none")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "There is no data folder" in done.stderr
    assert not (tmp_path / "none").exists()


def test_it_finds_each_of_many_faults(data: Path) -> None:
    segment = next((data / "log").glob("*.log"))
    content = bytearray(segment.read_bytes())
    content[200] ^= 1
    segment.write_bytes(content)
    data.chmod(0o755)
    (data / "local-key").chmod(0o644)
    (data / "project-keys.json").unlink()
    with sqlite3.connect(data / "directory.sqlite") as connection:
        connection.execute("UPDATE outcomes SET count = count + 1 WHERE outcome = 'stored'")
        connection.execute("UPDATE ingest_progress SET alarm = 'too many dead letters'")
        connection.execute("INSERT INTO dead_letters VALUES (7, 0, 1, 'a_step', 'why', x'00', 5)")
    code, findings = doctor(data)
    found = not_ok(findings)
    assert code == 1
    assert "damaged ranges of what was durable" in found["log"]
    assert "local-key" in found["permissions"]
    assert "too many dead letters" in found["ingest"]
    assert "1 in a_step" in found["dead letters"]
    assert {"project keys", "outcomes"} <= set(found)


def test_it_finds_a_log_that_lost_its_end_and_a_newer_schema(data: Path) -> None:
    segment = next((data / "log").glob("*.log"))
    content = segment.read_bytes()
    segment.write_bytes(content[: len(content) // 2])
    with sqlite3.connect(data / "directory.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    code, findings = doctor(data)
    assert code == 1
    assert "was durable up to" in not_ok(findings)["log, durable end"]
    assert "newer version" in not_ok(findings)["directory, schema"]


def test_it_finds_a_damaged_directory_and_a_full_disk(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEDGEROW_DISK_RESERVE_BYTES", str(1 << 60))
    path = data / "directory.sqlite"
    content = bytearray(path.read_bytes())
    content[4096:12_288] = bytes(8192)
    path.write_bytes(content)
    code, findings = doctor(data)
    assert code == 1
    assert "directory" in not_ok(findings)
    assert "503" in not_ok(findings)["free disk"]
