"""A real server in a process of its own, for tests: yours and ours.

with HedgerowServer(tmp_path / "data") as server:
requests.post(server.url + "/i/v0/e/", json={...})
server.wait_until_ingested()
assert server.query("SELECT count() FROM events") == [[1]]
"""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

PROJECT_KEY = "phc_test_project_key"
PERSONAL_KEY = "phx_test_personal_key"
START_SECONDS_MAX = 60
_POLL_SECONDS = 0.05
_ROWS_A_PAGE = 10_000


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class HedgerowServer:
    """`hedgerow serve` on `data`, with known keys. Extra settings go into `environment`."""

    def __init__(self, data: Path, environment: dict[str, str] | None = None) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.project_key = PROJECT_KEY
        self.personal_key = PERSONAL_KEY
        self.output = data.with_name(data.name + ".log")
        self._environment = environment or {}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it is ready."""
        command = [sys.executable, "-m", "hedgerow", "serve"]
        command += ["--data", str(self.data), "--port", str(self.port)]
        environment = os.environ | {
            "HEDGEROW_PROJECT_API_KEY": self.project_key,
            "HEDGEROW_PERSONAL_API_KEY": self.personal_key,
            **self._environment,
        }
        with self.output.open("ab") as output:
            self._process = subprocess.Popen(
                command, env=environment, stdout=output, stderr=subprocess.STDOUT
            )
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline:
            process = self._process
            if process is not None and process.poll() is not None:
                raise AssertionError(f"the server ended with {process.returncode}\n{self._tail()}")
            if self.get_status("/_readiness") == 200:
                return
            time.sleep(_POLL_SECONDS)
        raise AssertionError(f"the server was not ready in time\n{self._tail()}")

    def open_link(self) -> str:
        """The link that signs a browser in, which a server prints once it is ready."""
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline:
            link = re.search(r"http://\S+\?token=\S+", self.output.read_text("utf-8"))
            if link is not None:
                return link.group()
            time.sleep(_POLL_SECONDS)
        raise AssertionError(f"the server printed no link\n{self._tail()}")

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(timeout=30)

    def pid(self, role: str) -> int:
        """The process id of `supervisor`, `edge` or `core`."""
        ids = json.loads((self.data / "pids.json").read_text())
        return int(ids[role])

    def kill(self, role: str) -> None:
        """`kill -9`. Killing the supervisor ends its children with it."""
        with contextlib.suppress(ProcessLookupError, KeyError):
            os.kill(self.pid(role), signal.SIGKILL)
        if role == "supervisor" and self._process is not None:
            self._process.wait()

    def kill_all(self) -> None:
        """`kill -9` of the supervisor, whose children end with it; needs nothing of the folder."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def get_status(self, path: str) -> int:
        """The status of a GET; 0 where nobody answers."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as response:  # noqa: S310
                return int(response.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def get(self, path: str) -> Any:
        """The JSON of a GET with the personal key."""
        return self._call(path, None)

    def query(self, sql: str) -> list[list[Any]]:
        """The rows of one query, at most 10,000."""
        body = {"query": {"kind": "HogQLQuery", "query": sql}}
        results: list[list[Any]] = self._call("/api/projects/@current/query/", body)["results"]
        return results

    def query_all(self, sql: str) -> list[list[Any]]:
        """All rows, page by page; `sql` needs an ORDER BY and no LIMIT."""
        rows: list[list[Any]] = []
        while True:
            page = self.query(f"{sql} LIMIT {_ROWS_A_PAGE} OFFSET {len(rows)}")
            rows += page
            if len(page) < _ROWS_A_PAGE:
                return rows

    def status(self) -> dict[str, Any]:
        status: dict[str, Any] = self._call("/_status", None)
        return status

    def wait_until_ingested(self, seconds_max: float = 60) -> None:
        """Until everything acknowledged so far can be queried."""
        deadline = time.monotonic() + seconds_max
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                status = self.status()
                if status["ingest"]["position"] >= status["log"]["end"]:
                    return
            time.sleep(_POLL_SECONDS)
        raise AssertionError(f"not ingested in time\n{self._tail()}")

    def _call(self, path: str, body: Any) -> Any:
        request = urllib.request.Request(  # noqa: S310
            self.url + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"authorization": f"Bearer {self.personal_key}"},
        )
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            return json.load(response)

    def _tail(self) -> str:
        return self.output.read_text(errors="replace")[-4000:] if self.output.exists() else ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
