"""The RSGI application: capture, flags and configuration here, every other path by the core."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import structlog
from granian._granian import RSGIHTTPProtocol as HTTPProtocol
from granian._granian import RSGIProtocolClosed as ProtocolClosed
from granian.rsgi import Scope

from hedgerow.core import limits
from hedgerow.edge.core_connection import CoreUnavailableError
from hedgerow.edge.counters import EdgeCounters
from hedgerow.edge.handler import CaptureHandler
from hedgerow.edge.handlers import EdgeHandlers
from hedgerow.edge.proxy import CORE_UNAVAILABLE, CoreProxy
from hedgerow.edge.public_answers import preflight
from hedgerow.edge.request import Headers, RequestHead, Response
from hedgerow.edge.v1_handler import V1Handler
from hedgerow.flags.stored_question import INTERNAL_PREFIX
from hedgerow.wire.cors import response_headers
from hedgerow.wire.public_routes import is_read_from_core, public_path
from hedgerow.wire.routes import REPLAY_PATHS, V1_PATHS, is_capture_path
from hedgerow.wire.sdk_routes import without_alias

log = structlog.get_logger()

URL_TOO_LONG = Response(414, [("content-type", "text/plain; charset=utf-8")], b"URL too long")
NOT_FOUND = Response(404, [("content-type", "text/plain; charset=utf-8")], b"Not found")
PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8"


class _Body:
    """A `RequestBody` of the server's protocol object."""

    __slots__ = ("_protocol",)

    def __init__(self, protocol: HTTPProtocol) -> None:
        self._protocol = protocol

    async def whole(self) -> bytes:
        return await self._protocol()

    async def chunks(self) -> AsyncIterator[bytes]:
        async for chunk in self._protocol:
            yield chunk


class EdgeApplication:
    """`requests_in_flight` tells the drain when everything has been answered.

    The paths that SDKs use are answered below `path_alias` too.
    """

    def __init__(
        self,
        handlers: EdgeHandlers,
        proxy: CoreProxy,
        counters: EdgeCounters,
        path_alias: str = "",
    ) -> None:
        self._handler = handlers.capture
        self._v1_handler = V1Handler(handlers.capture)
        self._replay_handler = handlers.replay
        self._public = handlers.public
        self._proxy = proxy
        self._counters = counters
        self._assets = handlers.assets
        self._path_alias = path_alias
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
        head = _head(scope, self._path_alias)
        if len(head.path) + len(head.query_string) > limits.URL_BYTES_MAX:
            headers = [*URL_TOO_LONG.headers, *response_headers(head.header("origin"))]
            _send(protocol, URL_TOO_LONG._replace(headers=headers))
        elif (capture := self._capture_handler(head.path)) is not None:
            _send(protocol, await capture.handle(head, _Body(protocol)))
        elif self._assets.is_asset_path(head.path):
            self._send_asset(head, protocol)
        elif (public := public_path(head.path)) is not None:
            _send(protocol, await self._public.handle(head, _Body(protocol), public))
        elif head.method == "OPTIONS" and is_read_from_core(head.path):
            _send(protocol, preflight(head))
        elif head.path in ("/_liveness", "/_liveness/"):
            _send(protocol, Response(200, [("content-type", "text/plain")], b"ok"))
        elif head.path in ("/metrics", "/metrics/"):
            await self._metrics(protocol)
        elif head.path.startswith(INTERNAL_PREFIX):
            _send(protocol, NOT_FOUND)
        else:
            await self._forward(scope, head, protocol)

    def _capture_handler(self, path: str) -> CaptureHandler | V1Handler | None:
        """What takes events on this path; None where nothing does."""
        if is_capture_path(path):
            return self._handler
        if path in V1_PATHS:
            return self._v1_handler
        return self._replay_handler if path in REPLAY_PATHS else None

    def _send_asset(self, head: RequestHead, protocol: HTTPProtocol) -> None:
        if head.method == "OPTIONS":
            _send(protocol, preflight(head))
            return
        answer = self._assets.answer(
            head.method, head.path, head.header("accept-encoding"), head.header("if-none-match")
        )
        if answer.file is None:
            protocol.response_empty(answer.status, answer.headers)
        else:
            protocol.response_file(answer.status, answer.headers, str(answer.file))

    async def _metrics(self, protocol: HTTPProtocol) -> None:
        """The edge's own numbers, and the core's where it answers."""
        body = self._counters.exposition() + await self._proxy.fetch("/metrics")
        _send(protocol, Response(200, [("content-type", PROMETHEUS_TEXT)], body))

    async def _forward(self, scope: Scope, head: RequestHead, protocol: HTTPProtocol) -> None:
        """Until it is answered or the client goes away: then the core need not go on."""
        passing = asyncio.ensure_future(self._pass_on(scope, head, protocol))
        leaving = asyncio.ensure_future(protocol.client_disconnect())
        try:
            await asyncio.wait((passing, leaving), return_when=asyncio.FIRST_COMPLETED)
            if passing.done():
                passing.result()
        finally:
            passing.cancel()
            leaving.cancel()

    async def _pass_on(self, scope: Scope, head: RequestHead, protocol: HTTPProtocol) -> None:
        try:
            async with self._proxy.forward(
                head, scope.headers.items(), _Body(protocol)
            ) as response:
                transport = protocol.response_stream(response.status, response.headers)
                with self._not_awaited_if_endless(response.headers):
                    async for chunk in response.chunks:
                        await transport.send_bytes(chunk)
        except CoreUnavailableError:
            _send(protocol, CORE_UNAVAILABLE)

    @contextmanager
    def _not_awaited_if_endless(self, headers: Headers) -> Iterator[None]:
        """A live feed ends only with its reader: the drain must not wait for it."""
        endless = ("content-type", "text/event-stream") in (
            (name, value.partition(";")[0]) for name, value in headers
        )
        self.requests_in_flight -= endless
        try:
            yield
        finally:
            self.requests_in_flight += endless


def _head(scope: Scope, path_alias: str) -> RequestHead:
    # The server hands the path over percent-decoded; what is passed on must be encoded again.
    path = scope.path if scope.path.isascii() and scope.path.isprintable() else quote(scope.path)
    return RequestHead(
        method=scope.method,
        path=without_alias(path, path_alias) if path_alias else path,
        query_string=scope.query_string,
        peer_ip=scope.client.rsplit(":", 1)[0].strip("[]"),
        header=scope.headers.get,
    )


def _send(protocol: HTTPProtocol, response: Response) -> None:
    if response.body:
        protocol.response_bytes(response.status, response.headers, response.body)
    else:
        protocol.response_empty(response.status, response.headers)
