"""A query that is cancelled ends on the server, whoever waits for it (read-api §3.3)."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from hedgerow.testing.server import HedgerowServer

EVENTS = 2_000
# More pairs than can be compared in the time of a test.
ENDLESS = (
    "SELECT count() FROM events AS a CROSS JOIN events AS b CROSS JOIN events AS c "
    "CROSS JOIN events AS d WHERE a.uuid < b.uuid AND c.uuid < d.uuid"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HedgerowServer]:
    """Its queries may take longer than a test, so that only to cancel ends them."""
    data = tmp_path_factory.mktemp("cancel") / "data"
    with HedgerowServer(data, {"HEDGEROW_QUERY_SECONDS_MAX": "3600"}) as server:
        batch = [{"event": "hello", "distinct_id": "ada"}] * EVENTS
        body = {"api_key": server.project_key, "batch": batch}
        requests.post(f"{server.url}/batch/", json=body, timeout=30).raise_for_status()
        server.wait_until_ingested()
        yield server


def ask(
    server: HedgerowServer, query_id: str, timeout: float = 60, **more: Any
) -> requests.Response:
    return requests.post(
        f"{server.url}/api/projects/@current/query/",
        json={
            "query": {"kind": "HogQLQuery", "query": ENDLESS},
            "client_query_id": query_id,
            **more,
        },
        headers={"authorization": f"Bearer {server.personal_key}"},
        timeout=timeout,
    )


def cancel(server: HedgerowServer, query_id: str) -> int:
    """404 until the query has arrived."""
    return requests.delete(
        f"{server.url}/api/projects/@current/query/{query_id}/",
        headers={"authorization": f"Bearer {server.personal_key}"},
        timeout=60,
    ).status_code


def wait_until_cancelled(server: HedgerowServer, query_id: str) -> None:
    deadline = time.monotonic() + 30
    while cancel(server, query_id) != 204:
        assert time.monotonic() < deadline


def wait_until_running(server: HedgerowServer, ticks: int) -> None:
    """Until the core has worked for that long: then the engine has begun."""
    before, deadline = processor_ticks(server), time.monotonic() + 30
    while processor_ticks(server) < before + ticks:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def processor_ticks(server: HedgerowServer) -> int:
    """What the core has used, in hundredths of a second."""
    stat = Path(f"/proc/{server.pid('core')}/stat").read_text()
    fields = stat.rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def test_a_query_that_its_client_waits_for_ends_when_it_is_cancelled(
    server: HedgerowServer,
) -> None:
    answers: list[requests.Response] = []
    asking = threading.Thread(target=lambda: answers.append(ask(server, "waited")))
    asking.start()
    wait_until_running(server, 50)
    wait_until_cancelled(server, "waited")
    asking.join()

    assert answers[0].status_code == 400
    assert answers[0].json()["code"] == "query_cancelled"
    assert_idle(server)


def test_a_query_that_nobody_waits_for_ends_when_it_is_cancelled(server: HedgerowServer) -> None:
    ask(server, "alone", refresh="force_async").raise_for_status()
    wait_until_running(server, 50)
    wait_until_cancelled(server, "alone")

    status = server.get("/api/projects/@current/query/alone/")["query_status"]
    assert status["complete"]
    assert status["error_message"] == "The query was cancelled."
    assert_idle(server)


def test_a_query_ends_when_its_client_goes_away(server: HedgerowServer) -> None:
    with pytest.raises(requests.ReadTimeout):
        ask(server, "left", timeout=2)
    wait_until_idle(server)


def wait_until_idle(server: HedgerowServer) -> None:
    """Until the core works no more than an idle one; nothing else would end it."""
    deadline = time.monotonic() + 30
    before = processor_ticks(server)
    while time.monotonic() < deadline:
        time.sleep(1)
        used, before = processor_ticks(server) - before, processor_ticks(server)
        if used < 50:
            return
    raise AssertionError("the query goes on")


def assert_idle(server: HedgerowServer) -> None:
    """An endless query would use a core's whole time, 100 ticks a second, and more."""
    before = processor_ticks(server)
    time.sleep(2)
    assert processor_ticks(server) - before < 100
