"""A server that is killed while every SDK sends: after recovery each event is there exactly once.

All SDKs send at the same time to one server. `kill -9` first takes its edge, then all of it.
"""

import json
import os
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from posthog import Posthog

from hedgerow.testing.server import HedgerowServer

SDKS = Path(__file__).parent / "sdks"
SECONDS_MAX = 100
NAMES = ("python-v0", "python-v1", "node-v0", "node-v1", "browser-streaming")


class PythonSender:
    """posthog-python, capturing all the time in a thread."""

    def __init__(self, server: HedgerowServer, run: str, mode: str) -> None:
        self._run = run
        self._errors: list[str] = []
        self._client = Posthog(
            server.project_key,
            host=server.url,
            capture_mode=mode,
            flush_at=20,
            flush_interval=0.2,
            max_retries=10,
            on_error=lambda error, _batch: self._errors.append(str(error)),
        )
        self._ended = threading.Event()
        self._sent = 0
        self._thread = threading.Thread(target=self._send)
        self._thread.start()

    def wait_until_ready(self) -> None:
        """Its first event was captured; whether it is stored is asserted at the end."""

    def _send(self) -> None:
        while not self._ended.wait(0.01):
            self._client.capture(
                "e2e streamed",
                distinct_id=self._run,
                properties={"i": self._sent, "run": self._run},
            )
            self._sent += 1

    def ended(self) -> dict[str, Any]:
        self._ended.set()
        self._thread.join()
        self._client.shutdown()
        return {"sent": self._sent, "errors": self._errors}


class ScriptSender:
    """A script of `sdks/` that captures until its standard input ends."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            command,
            cwd=SDKS,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def wait_until_ready(self) -> None:
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def ended(self) -> dict[str, Any]:
        output, _ = self._process.communicate(timeout=SECONDS_MAX)
        assert self._process.returncode == 0, output
        printed: dict[str, Any] = json.loads(output)
        return printed


Sender = PythonSender | ScriptSender


def started(server: HedgerowServer, node: list[str], chromium: str) -> dict[str, Sender]:
    environment = {
        "HOST": server.url,
        "TOKEN": server.project_key,
        "SECRET": server.personal_key,
        "CHROMIUM": chromium,
    }

    def script(name: str, **more: str) -> ScriptSender:
        return ScriptSender([*node, name], {**environment, **more})

    streaming = "node_streaming.mjs"
    return {
        "browser-streaming": script("browser_streaming.mjs", RUN="browser"),
        "node-v0": script(streaming, RUN="node-v0", POSTHOG_CAPTURE_MODE="v0"),
        "node-v1": script(streaming, RUN="node-v1", POSTHOG_CAPTURE_MODE="v1"),
        "python-v0": PythonSender(server, "python-v0", "v0"),
        "python-v1": PythonSender(server, "python-v1", "v1"),
    }


def kill(server: HedgerowServer, role: str) -> tuple[datetime, datetime]:
    """From when until when nobody answered."""
    since = datetime.now(UTC)
    server.kill(role)
    # Long enough for every SDK to send into it.
    time.sleep(1)
    if role == "supervisor":
        server.start()
    server.wait_until_ready()
    return since, datetime.now(UTC)


@pytest.fixture(scope="module")
def seen(
    tmp_path_factory: pytest.TempPathFactory, node: list[str], chromium: str, sdk_scripts: None
) -> dict[str, Any]:
    """What each SDK says it has sent, the rows that are there, and when the server was away."""
    del sdk_scripts  # the server answers with them
    with HedgerowServer(tmp_path_factory.mktemp("restarts") / "data") as server:
        senders = started(server, node, chromium)
        for sender in senders.values():
            sender.wait_until_ready()
        outages = []
        for role in ("edge", "supervisor"):
            outages.append(kill(server, role))
            # Some more between and after the outages.
            time.sleep(1)
        with ThreadPoolExecutor(len(senders)) as pool:
            ended = list(pool.map(lambda sender: sender.ended(), senders.values()))
        server.wait_until_ingested()
        rows = server.query_all(
            "SELECT properties.run, properties.i, timestamp FROM events"
            " WHERE event = 'e2e streamed' ORDER BY toString(uuid)"
        )
    return {"printed": dict(zip(senders, ended, strict=True)), "rows": rows, "outages": outages}


@pytest.mark.parametrize("name", NAMES)
def test_a_server_killed_while_an_sdk_sends_loses_and_doubles_nothing(
    name: str, seen: dict[str, Any]
) -> None:
    printed = seen["printed"][name]
    numbers = [int(number) for run, number, _ in seen["rows"] if run == name]

    assert printed["errors"] == []
    assert sorted(numbers) == list(range(printed["sent"]))


@pytest.mark.parametrize("name", NAMES)
def test_every_sdk_captured_before_during_and_after_each_outage(
    name: str, seen: dict[str, Any]
) -> None:
    """Else the test above would hold for a server that was never asked."""
    times = [datetime.fromisoformat(time) for run, _, time in seen["rows"] if run == name]
    bounds = [moment for outage in seen["outages"] for moment in outage]
    periods = [sum(time > bound for bound in bounds) for time in times]

    assert set(periods) == {0, 1, 2, 3, 4}
    assert seen["printed"][name].get("failed", 1) > 0
