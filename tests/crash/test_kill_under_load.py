"""kill -9 of the edge, of the core and of everything, at random moments under load."""

import os
import random
import signal
import subprocess
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from hedgerow.testing.server import HedgerowServer

ROUNDS = 20
SENDERS = 8
BATCH = 5


@dataclass
class Sender:
    """One distinct id. It sends its next batch only when the one before was acknowledged, as an
    SDK does, so its events have one order. What was never answered is indefinite.
    """

    server: HedgerowServer
    distinct_id: str
    stop: threading.Event
    acknowledged: list[str] = field(default_factory=list)
    indefinite: set[str] = field(default_factory=set)
    sent: int = 0

    def run(self) -> None:
        session = requests.Session()
        while not self.stop.is_set():
            uuids = [str(uuid.uuid4()) for _ in range(BATCH)]
            batch = [
                {
                    "event": "load",
                    "uuid": event_uuid,
                    "distinct_id": self.distinct_id,
                    "properties": {"number": self.sent + number},
                }
                for number, event_uuid in enumerate(uuids)
            ]
            self.sent += BATCH
            # The same batch until it is acknowledged: the SDK's retry.
            while not self._acknowledged(session, batch):
                if self.stop.is_set():
                    self.indefinite.update(uuids)
                    return
                time.sleep(0.02)
            self.acknowledged += uuids

    def _acknowledged(self, session: requests.Session, batch: list[Any]) -> bool:
        body = {"api_key": self.server.project_key, "batch": batch}
        try:
            response = session.post(f"{self.server.url}/batch/", json=body, timeout=10)
        except requests.RequestException:
            return False
        assert response.status_code in (200, 503), response.text
        return response.status_code == 200


def assert_everything_is_stored_once_in_order(
    server: HedgerowServer, senders: list[Sender]
) -> None:
    for sender in senders:
        rows = server.query_all(
            "SELECT toString(uuid), toInt64(properties.number) AS number FROM events "
            f"WHERE distinct_id = '{sender.distinct_id}' "
            "ORDER BY created_at, timestamp, number"
        )
        stored = [row[0] for row in rows]
        assert len(stored) == len(set(stored)), "stored twice"
        assert set(sender.acknowledged) <= set(stored), "acknowledged, but not stored"
        assert set(stored) <= set(sender.acknowledged) | sender.indefinite
        numbers = [row[1] for row in rows]
        assert numbers == sorted(numbers), "out of order"


def assert_outcomes_balance(server: HedgerowServer) -> None:
    outcomes = server.status()["outcomes"]
    assert outcomes["received"] == (
        outcomes["stored"]
        + outcomes["duplicates"]
        + outcomes["dead_lettered"]
        + sum(outcomes["dropped"].values())
    )


@pytest.mark.timeout(400)
def test_every_acknowledged_event_survives_twenty_kills_on_one_folder(tmp_path: Path) -> None:
    seed = int(os.environ.get("HEDGEROW_TEST_SEED", random.randrange(2**32)))
    chance = random.Random(seed)
    print(f"HEDGEROW_TEST_SEED={seed}")
    with HedgerowServer(tmp_path / "data") as server:
        stop = threading.Event()
        senders = [Sender(server, f"user {number}", stop) for number in range(SENDERS)]
        threads = [threading.Thread(target=sender.run) for sender in senders]
        for thread in threads:
            thread.start()
        for number in range(ROUNDS):
            time.sleep(chance.uniform(0.0, 2.0))
            victim = ("edge", "core", "supervisor")[number % 3]
            server.kill(victim)
            if victim == "supervisor":
                server.start()
            else:
                server.wait_until_ready()
        stop.set()
        for thread in threads:
            thread.join()
        server.wait_until_ingested()

        assert sum(len(sender.acknowledged) for sender in senders) > ROUNDS * SENDERS
        assert_everything_is_stored_once_in_order(server, senders)
        assert_outcomes_balance(server)


def test_the_edge_acknowledges_while_the_core_stands_still(tmp_path: Path) -> None:
    with HedgerowServer(tmp_path / "data") as server:
        os.kill(server.pid("core"), signal.SIGSTOP)
        try:
            for number in range(100):
                body = {"api_key": server.project_key, "event": "e", "distinct_id": str(number)}
                response = requests.post(f"{server.url}/i/v0/e/", json=body, timeout=5)
                assert response.status_code == 200
        finally:
            os.kill(server.pid("core"), signal.SIGCONT)
        server.wait_until_ingested()

        assert server.query("SELECT count() FROM events") == [[100]]


def test_sigterm_under_load_loses_nothing_and_exits_cleanly(tmp_path: Path) -> None:
    server = HedgerowServer(tmp_path / "data")
    server.start()
    stop = threading.Event()
    senders = [Sender(server, f"user {number}", stop) for number in range(SENDERS)]
    threads = [threading.Thread(target=sender.run) for sender in senders]
    for thread in threads:
        thread.start()
    time.sleep(1)

    exit_code = server.stop()
    stop.set()
    for thread in threads:
        thread.join()

    assert exit_code == 0
    with server:
        server.wait_until_ingested()
        assert_everything_is_stored_once_in_order(server, senders)


def test_an_answer_that_was_lost_and_sent_again_is_stored_once(tmp_path: Path) -> None:
    with HedgerowServer(tmp_path / "data") as server:
        body = {
            "api_key": server.project_key,
            "event": "e",
            "distinct_id": "u",
            "uuid": str(uuid.uuid4()),
            "timestamp": "2026-01-01T00:00:00Z",
        }
        requests.post(f"{server.url}/i/v0/e/", json=body, timeout=5).raise_for_status()
        server.wait_until_ingested()
        server.kill("supervisor")
        server.start()
        requests.post(f"{server.url}/i/v0/e/", json=body, timeout=5).raise_for_status()
        server.wait_until_ingested()

        assert server.query("SELECT count() FROM events") == [[1]]
        assert server.status()["outcomes"]["duplicates"] == 1


def test_a_client_that_disconnects_in_mid_body_leaves_nothing(tmp_path: Path) -> None:
    with HedgerowServer(tmp_path / "data") as server:
        request = (
            b"POST /i/v0/e/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b'Content-Length: 1000\r\n\r\n{"api_key":"' + server.project_key.encode()
        )
        for _ in range(20):
            subprocess.run(
                ["bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/{server.port}; cat >&3"],
                input=request,
                check=True,
            )
        time.sleep(0.5)

        assert server.status()["outcomes"]["received"] == 0
        assert server.get_status("/_readiness") == 200
