"""The reverse proxy: every path that is not capture goes to the core over its Unix socket.

Bodies and answers are streamed, so server-sent events pass through as they are written.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

import h11

from hedgerow.edge.core_connection import CoreUnavailableError
from hedgerow.edge.core_pool import CorePool
from hedgerow.edge.request import Headers, RequestBody, RequestHead, Response

# Headers that speak of one connection only (RFC 9110 §7.6.1), never passed on.
HOP_BY_HOP = frozenset(
    (
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    )
)

# The core takes twice as many, and a live feed keeps one for as long as it is read.
_CONNECTIONS_MAX: Final = 256
_FETCH_SECONDS_MAX: Final = 2

CORE_UNAVAILABLE = Response(
    503,
    [("content-type", "application/json"), ("retry-after", "1"), ("cache-control", "no-store")],
    b'{"type":"server_error","code":"core_unavailable","detail":"The query side is starting or '
    b'restarting; captured events are safe. Try again in a moment.","attr":null}',
)


@dataclass(frozen=True, slots=True)
class ProxiedResponse:
    status: int
    headers: Headers
    chunks: AsyncIterator[bytes]


class CoreProxy:
    def __init__(self, socket: Path) -> None:
        self._pool = CorePool(socket, _CONNECTIONS_MAX)

    @asynccontextmanager
    async def forward(
        self, head: RequestHead, headers: Headers, body: RequestBody
    ) -> AsyncIterator[ProxiedResponse]:
        """Raises `CoreUnavailableError` before anything was answered."""
        has_body = bool(head.header("content-length") or head.header("transfer-encoding"))
        passed = [
            (_bytes(name), _bytes(value))
            for name, value in headers
            if name.lower() not in HOP_BY_HOP
        ]
        passed.append((b"x-forwarded-for", _bytes(head.peer_ip)))
        if head.header("host") is None:
            passed.append((b"host", b"core"))
        if has_body and head.header("content-length") is None:
            passed.append((b"transfer-encoding", b"chunked"))
        async with self._pool.connection() as connection:
            response = await connection.ask(
                head.method, _target(head), passed, body.chunks() if has_body else None
            )
            yield ProxiedResponse(
                response.status_code, _passed_back(response.headers), connection.chunks()
            )

    async def fetch(self, path: str) -> bytes:
        """The body of a GET; empty when the core does not answer."""
        try:
            async with asyncio.timeout(_FETCH_SECONDS_MAX), self._pool.connection() as connection:
                head = [(b"host", b"core")]
                response = await connection.ask("GET", path.encode(), head, None)
                body = b"".join([chunk async for chunk in connection.chunks()])
        except (CoreUnavailableError, TimeoutError, OSError, h11.RemoteProtocolError):
            return b""
        return body if response.status_code == HTTPStatus.OK else b""

    def close(self) -> None:
        self._pool.close()


def _target(head: RequestHead) -> bytes:
    target = head.path + (f"?{head.query_string}" if head.query_string else "")
    return _bytes(target)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _passed_back(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    named = ((name.decode("ascii"), value.decode("latin-1")) for name, value in headers)
    return [(name, value) for name, value in named if name not in HOP_BY_HOP]
