"""Power cuts of the whole server: edge, ingest, directory and store on one real ext4."""

import contextlib
import random
import threading
import time
import uuid
from pathlib import Path

import pytest
import requests
from tests.crash.scratch_disk import scratch_disk

from hedgerow.testing.server import HedgerowServer

CUTS = 20
SENDERS = 4
BATCH = 10
DISK_MIB = 512
SETTINGS = {
    "HEDGEROW_DISK_RESERVE_BYTES": str(16 * 1024 * 1024),
    "HEDGEROW_SEGMENT_BYTES": str(1024 * 1024),
}


class Load:
    """Sends batches until stopped; remembers what was acknowledged before the cut."""

    def __init__(self, server: HedgerowServer) -> None:
        self._server = server
        self._stop = threading.Event()
        self.acknowledged: list[str] = []
        self._threads = [threading.Thread(target=self._send) for _ in range(SENDERS)]
        for thread in self._threads:
            thread.start()

    def _send(self) -> None:
        session = requests.Session()
        while not self._stop.is_set():
            uuids = [str(uuid.uuid4()) for _ in range(BATCH)]
            batch = [
                # Two months: two of the store's partitions in most inserts.
                {
                    "event": "e",
                    "uuid": one,
                    "distinct_id": f"d{number}",
                    "timestamp": f"2026-0{1 + number % 2}-15T00:00:00Z",
                    "properties": {"$set": {"number": number}},
                }
                for number, one in enumerate(uuids)
            ]
            body = {"api_key": self._server.project_key, "batch": batch}
            with contextlib.suppress(requests.RequestException):
                response = session.post(self._server.url + "/batch/", json=body, timeout=5)
                # Asked after the answer came: one that came after the cut counts for nothing,
                # since no power cut lets a process run on.
                if response.status_code == 200 and not self._stop.is_set():
                    self.acknowledged += uuids

    def stop_counting(self) -> None:
        self._stop.set()

    def join(self) -> None:
        for thread in self._threads:
            thread.join()


@pytest.mark.timeout(300)
def test_a_power_cut_of_everything_loses_and_doubles_nothing(tmp_path: Path) -> None:
    chance = random.Random(2)
    acknowledged: set[str] = set()
    with scratch_disk(tmp_path, DISK_MIB) as disk:
        for cut in range(CUTS):
            server = HedgerowServer(disk.mount_point / "data", SETTINGS)
            # What it prints must outlive the disk.
            server.output = tmp_path / "server.log"
            server.start()
            load = Load(server)
            time.sleep(chance.uniform(0.3, 1.2))
            load.stop_counting()
            disk.cut_power(flush_journal=cut % 2 == 0)
            server.kill_all()
            load.join()
            acknowledged.update(load.acknowledged)
            disk.unmount()
            assert disk.mount()
        with HedgerowServer(disk.mount_point / "data", SETTINGS) as server:
            server.output = tmp_path / "server.log"
            server.wait_until_ingested()
            stored = [
                row[0]
                for row in server.query_all("SELECT toString(uuid) FROM events ORDER BY uuid")
            ]
            raw_rows = server.status()["outcomes"]["stored"]
    assert len(stored) == len(set(stored)), "an event is stored twice"
    assert acknowledged <= set(stored), f"{len(acknowledged - set(stored))} acknowledged are gone"
    assert len(stored) == raw_rows, "the counts disagree with the store"
    assert len(acknowledged) > CUTS * BATCH, "the cuts came too early to prove anything"
