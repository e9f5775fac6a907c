"""The RSGI application: capture is answered here, every other path by the core."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import structlog
from granian._granian import RSGIHTTPProtocol as HTTPProtocol
from granian._granian import RSGIProtocolClosed as ProtocolClosed
from granian.rsgi import Scope

from hedgerow.core import limits
from hedgerow.edge.counters import EdgeCounters
from hedgerow.edge.handler import CaptureHandler
from hedgerow.edge.proxy import CORE_UNAVAILABLE, CoreProxy, CoreUnavailableError
from hedgerow.edge.request import RequestHead, Response
from hedgerow.wire.routes import is_capture_path

log = structlog.get_logger()

# A body that is certainly small is read in one call, which is the fastest way.
SMALL_BODY_BYTES = 64 * 1024
URL_TOO_LONG = Response(414, [("content-type", "text/plain; charset=utf-8")], b"URL too long")
PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8"


class EdgeApplication:
    """`requests_in_flight` tells the drain when everything has been answered."""

    def __init__(self, handler: CaptureHandler, proxy: CoreProxy, counters: EdgeCounters) -> None:
        self._handler = handler
        self._proxy = proxy
        self._counters = counters
        self.requests_in_flight = 0

    async def __rsgi__(self, scope: Any, protocol: HTTPProtocol) -> None:
        self.requests_in_flight += 1
        try:
            await self._answer(scope, protocol)
        except ProtocolClosed:
            log.debug("client_went_away", path=scope.path)
        finally:
            self.requests_in_flight -= 1

    async def _answer(self, scope: Scope, protocol: HTTPProtocol) -> None:
        head = _head(scope)
        if len(head.path) + len(head.query_string) > limits.URL_BYTES_MAX:
            _send(protocol, URL_TOO_LONG)
        elif is_capture_path(head.path):
            read_body = _body_reader(head, protocol)
            _send(protocol, await self._handler.handle(head, read_body))
        elif head.path in ("/_liveness", "/_liveness/"):
            _send(protocol, Response(200, [("content-type", "text/plain")], b"ok"))
        elif head.path in ("/metrics", "/metrics/"):
            await self._metrics(protocol)
        else:
            await self._forward(scope, head, protocol)

    async def _metrics(self, protocol: HTTPProtocol) -> None:
        """The edge's own numbers, and the core's where it answers."""
        body = self._counters.exposition() + await self._proxy.fetch("/metrics")
        _send(protocol, Response(200, [("content-type", PROMETHEUS_TEXT)], body))

    async def _forward(self, scope: Scope, head: RequestHead, protocol: HTTPProtocol) -> None:
        try:
            async with self._proxy.forward(
                head, scope.headers.items(), _body_reader(head, protocol)
            ) as response:
                transport = protocol.response_stream(response.status, response.headers)
                async for chunk in response.chunks:
                    await transport.send_bytes(chunk)
        except CoreUnavailableError:
            _send(protocol, CORE_UNAVAILABLE)


def _head(scope: Scope) -> RequestHead:
    # The server hands the path over percent-decoded; what is passed on must be encoded again.
    path = scope.path if scope.path.isascii() and scope.path.isprintable() else quote(scope.path)
    return RequestHead(
        method=scope.method,
        path=path,
        query_string=scope.query_string,
        peer_ip=scope.client.rsplit(":", 1)[0].strip("[]"),
        header=scope.headers.get,
    )


def _body_reader(head: RequestHead, protocol: HTTPProtocol) -> Any:
    """An async iterator over the body's chunks; one chunk where it is known to be small."""
    length = head.header("content-length")
    if length and length.isdigit() and int(length) <= SMALL_BODY_BYTES:

        async def whole() -> AsyncIterator[bytes]:
            yield await protocol()

        return whole
    if head.method in ("GET", "HEAD") and not length:

        async def nothing() -> AsyncIterator[bytes]:
            return
            yield b""

        return nothing
    return lambda: aiter(protocol)


def _send(protocol: HTTPProtocol, response: Response) -> None:
    if response.body:
        protocol.response_bytes(response.status, response.headers, response.body)
    else:
        protocol.response_empty(response.status, response.headers)
