"""One keep-alive HTTP/1.1 connection that does just enough to send capture requests."""

import asyncio
import re
from collections.abc import Callable
from typing import cast

ACCEPTED = b"HTTP/1.1 200 "
HEAD_END = b"\r\n\r\n"
CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)

# Called with the connection, now free again, when its request was answered with 200.
OnAcknowledged = Callable[["CaptureConnection"], None]
OnFailed = Callable[[Exception], None]


class CaptureFailedError(Exception):
    """A request was not acknowledged, so the figures of the run would mean nothing."""


def _response_bytes(received: bytes) -> int | None:
    """How long the response at the start of `received` is; None before its head is complete."""
    head_end = received.find(HEAD_END)
    if head_end < 0:
        return None
    match = CONTENT_LENGTH.search(received, 0, head_end)
    assert match is not None, "answers to capture requests have a Content-Length"
    return head_end + len(HEAD_END) + int(match[1])


class CaptureConnection(asyncio.Protocol):
    """At most one request is under way; `asked_at` is its, in `time.perf_counter` seconds.

    `on_failed` is called with a `CaptureFailedError` when a request is refused, or when the
    server closes the connection before its answer.
    """

    def __init__(self, on_failed: OnFailed) -> None:
        self.asked_at = 0.0
        self._on_failed = on_failed
        self._on_acknowledged: OnAcknowledged | None = None
        self._received = b""
        self._transport: asyncio.WriteTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports have the methods but not the base class.
        self._transport = cast("asyncio.WriteTransport", transport)

    def send(self, request: bytes, asked_at: float, on_acknowledged: OnAcknowledged) -> None:
        assert self._on_acknowledged is None, "the connection still waits for an answer"
        self.asked_at = asked_at
        self._on_acknowledged = on_acknowledged
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        received = self._received + data
        length = _response_bytes(received)
        if length is None or len(received) < length:
            self._received = received
            return
        on_acknowledged, self._on_acknowledged, self._received = self._on_acknowledged, None, b""
        if on_acknowledged is None or not received.startswith(ACCEPTED):
            self._on_failed(CaptureFailedError(f"the server answered {received!r}"))
            return
        on_acknowledged(self)

    def connection_lost(self, _error: Exception | None) -> None:
        if self._on_acknowledged is not None:
            self._on_failed(CaptureFailedError("the server closed a connection unanswered"))

    def close(self) -> None:
        # What still waits for an answer now is given up on purpose.
        self._on_acknowledged = None
        self._transport.close()
