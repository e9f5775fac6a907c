"""A full disk: capture says so in a way that SDKs retry, and goes on when there is space."""

import os
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from hedgerow.testing.server import HedgerowServer

DISK_MIB = 96
RESERVE_BYTES = 8 * 1024 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.skip("full disk NOT covered: mounting a small tmpfs needs root")
    mount_point = tmp_path / "disk"
    mount_point.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", str(mount_point)]
    if subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("full disk NOT covered: a tmpfs cannot be mounted here")
    try:
        yield mount_point
    finally:
        subprocess.run(["umount", "-l", str(mount_point)], check=False)


def send(server: HedgerowServer, event_uuid: str) -> requests.Response:
    body = {
        "api_key": server.project_key,
        "event": "e",
        "uuid": event_uuid,
        "distinct_id": "u",
        "timestamp": "2026-01-01T00:00:00Z",
        "properties": {"padding": "x" * 50_000},
    }
    return requests.post(f"{server.url}/i/v0/e/", json=body, timeout=10)


@pytest.mark.timeout(180)
def test_a_full_disk_is_a_503_loses_nothing_and_heals_by_itself(small_disk: Path) -> None:
    data = small_disk / "data"
    with HedgerowServer(data, {"HEDGEROW_DISK_RESERVE_BYTES": str(RESERVE_BYTES)}) as server:
        acknowledged: list[str] = []
        refused: list[str] = []
        ballast = small_disk / "ballast"
        free = os.statvfs(small_disk)
        ballast.write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - RESERVE_BYTES - 2**21)))
        while not refused:
            event_uuid = str(uuid.uuid4())
            response = send(server, event_uuid)
            (acknowledged if response.status_code == 200 else refused).append(event_uuid)
            assert len(acknowledged) < 1000, "the disk did not fill"
        assert response.status_code == 503
        assert response.headers["retry-after"] == "1"

        ballast.unlink()
        deadline = time.monotonic() + 30
        while send(server, refused[0]).status_code != 200:
            assert time.monotonic() < deadline, "the service did not resume"
            time.sleep(0.2)
        server.wait_until_ingested()

        stored = [
            row[0] for row in server.query_all("SELECT toString(uuid) AS u FROM events ORDER BY u")
        ]
        assert stored == sorted([*acknowledged, refused[0]])
