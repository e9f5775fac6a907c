"""The core stands still: the edge goes on acknowledging, and all is found when it goes on."""

import os
import signal
import uuid
from pathlib import Path

import requests

from hedgerow.testing.server import HedgerowServer

EVENTS = 400


def test_the_edge_acknowledges_while_the_core_is_frozen(tmp_path: Path) -> None:
    with HedgerowServer(tmp_path / "data") as server:
        core = server.pid("core")
        session = requests.Session()
        acknowledged = []
        os.kill(core, signal.SIGSTOP)
        try:
            for _ in range(EVENTS):
                event_uuid = str(uuid.uuid4())
                body = {
                    "api_key": server.project_key,
                    "event": "e",
                    "uuid": event_uuid,
                    "distinct_id": "me",
                }
                response = session.post(server.url + "/i/v0/e/", json=body, timeout=10)
                assert response.status_code == 200
                acknowledged.append(event_uuid)
            assert server.get_status("/_liveness") == 200
        finally:
            os.kill(core, signal.SIGCONT)
        server.wait_until_ingested()
        rows = server.query_all("SELECT toString(uuid) FROM events ORDER BY uuid")
        assert sorted(row[0] for row in rows) == sorted(acknowledged)
        assert server.pid("core") == core, "it was frozen, not restarted"


def test_a_core_that_dies_again_and_again_does_not_disturb_the_edge(tmp_path: Path) -> None:
    with HedgerowServer(tmp_path / "data") as server:
        edge = server.pid("edge")
        session = requests.Session()
        for number in range(60):
            if number % 20 == 0:
                server.kill("core")
            body = {"api_key": server.project_key, "event": "e", "distinct_id": f"d{number}"}
            response = session.post(server.url + "/i/v0/e/", json=body, timeout=10)
            assert response.status_code == 200
        server.wait_until_ready()
        server.wait_until_ingested()
        assert server.query("SELECT count() FROM events") == [[60]]
        assert server.pid("edge") == edge
