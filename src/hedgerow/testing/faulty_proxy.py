"""A proxy that fails on purpose, for tests of what clients do then.

Between a client and a server: each request takes the next fault of the plan, and passes unharmed
once the plan is used up.
"""

import http.client
import json
import threading
from collections.abc import Callable, Sequence
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

UPSTREAM_SECONDS_MAX = 30
_NOT_PASSED_ON = frozenset(("connection", "host", "keep-alive", "transfer-encoding"))


class Fault(Enum):
    """`LOST` stores the request and drops the connection instead of answering.

    `PARTIAL` changes an answer of the capture protocol v1: its second event is to be sent again.
    """

    NONE = "none"
    UNAVAILABLE = "503"
    TOO_LARGE = "413"
    DROPPED = "dropped"
    LOST = "lost"
    UNREADABLE = "unreadable"
    PARTIAL = "partial"


class SentRequest(NamedTuple):
    """Header names are in lower case."""

    headers: dict[str, str]
    body: bytes


class FaultyProxy:
    """Passes requests on to `target`; `plan` is for paths that `is_planned` says yes to.

    Those are kept in `sent`, in their order.
    """

    def __init__(
        self, target: str, plan: Sequence[Fault], is_planned: Callable[[str], bool]
    ) -> None:
        self._target = urlsplit(target)
        self._plan = list(plan)
        self._is_planned = is_planned
        self._lock = threading.Lock()
        self.sent: list[SentRequest] = []
        self._server = _Server(self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def requests(self) -> int:
        return len(self.sent)

    def next_fault(self, method: str, path: str, sent: SentRequest) -> Fault:
        if method != "POST" or not self._is_planned(path):
            return Fault.NONE
        with self._lock:
            self.sent.append(sent)
            return self._plan.pop(0) if self._plan else Fault.NONE

    def forward(
        self, method: str, path: str, headers: Any, body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        """Raises `OSError` where the target does not answer."""
        connection = http.client.HTTPConnection(
            self._target.hostname or "", self._target.port, timeout=UPSTREAM_SECONDS_MAX
        )
        passed = {
            name: value for name, value in headers.items() if name.lower() not in _NOT_PASSED_ON
        }
        try:
            connection.request(method, path, body or None, passed)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        kept = [item for item in response.getheaders() if item[0].lower() not in _NOT_PASSED_ON]
        return response.status, kept, content

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, proxy: FaultyProxy) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.proxy = proxy


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def proxy(self) -> FaultyProxy:
        assert isinstance(self.server, _Server)
        return self.server.proxy

    def answer(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        fault = self.proxy().next_fault(self.command, self.path, SentRequest(headers, body))
        if fault is Fault.UNAVAILABLE:
            self.send(503, self.cors([("retry-after", "1")]), b"{}")
        elif fault is Fault.TOO_LARGE:
            self.send(413, self.cors([]), b"{}")
        elif fault is Fault.DROPPED:
            self.close_connection = True
        else:
            self.pass_on(body, fault)

    def pass_on(self, body: bytes, fault: Fault) -> None:
        try:
            status, headers, content = self.proxy().forward(
                self.command, self.path, self.headers, body
            )
        except OSError:
            self.close_connection = True
            return
        if fault is Fault.LOST:
            self.close_connection = True
        elif fault is Fault.UNREADABLE:
            unreadable = ("access-control-", "content-length")
            kept = [item for item in headers if not item[0].startswith(unreadable)]
            self.send(status, kept, content)
        else:
            kept = [item for item in headers if item[0] != "content-length"]
            if fault is Fault.PARTIAL:
                kept, content = [*kept, ("retry-after", "1")], _with_one_to_retry(content)
            self.send(status, kept, content)

    def cors(self, headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
        origin = self.headers.get("origin")
        if origin is None:
            return headers
        expose = ("access-control-expose-headers", "Retry-After")
        return [*headers, ("access-control-allow-origin", origin), expose]

    def send(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_POST = do_OPTIONS = do_HEAD = answer  # noqa: N815 - the library's names

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as inherited
        """Says nothing."""


def _with_one_to_retry(content: bytes) -> bytes:
    answer = json.loads(content)
    answer["results"][list(answer["results"])[1]] = {"result": "retry"}
    return json.dumps(answer).encode()
