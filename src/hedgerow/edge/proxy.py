"""The reverse proxy: every path that is not capture goes to the core over its Unix socket.

Bodies and answers are streamed, so server-sent events pass through as they are written.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

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


class CoreUnavailableError(Exception):
    """The core does not answer on its socket."""


class CoreProxy:
    def __init__(self, socket: Path) -> None:
        self._client = httpx.AsyncClient(
            transport=httpx.AsyncHTTPTransport(
                uds=str(socket),
                limits=httpx.Limits(max_connections=256),
                # A Unix socket has no certificate; those of all authorities take 10 MB.
                verify=False,
            ),
            base_url="http://core",
            # An answer may take as long as a query may, and a live feed never ends.
            timeout=httpx.Timeout(None, connect=2.0),
            trust_env=False,
        )

    @asynccontextmanager
    async def forward(
        self, head: RequestHead, headers: Headers, body: RequestBody
    ) -> AsyncIterator[ProxiedResponse]:
        """Raises `CoreUnavailableError` before anything was answered."""
        url = httpx.URL("http://core", raw_path=_target(head))
        passed = [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]
        passed.append(("x-forwarded-for", head.peer_ip))
        has_body = head.header("content-length") or head.header("transfer-encoding")
        request = self._client.build_request(
            head.method, url, headers=passed, content=body.chunks() if has_body else None
        )
        try:
            response = await self._client.send(request, stream=True)
        except httpx.HTTPError as error:
            raise CoreUnavailableError(str(error)) from error
        try:
            yield ProxiedResponse(
                response.status_code, _passed_back(response), response.aiter_raw()
            )
        finally:
            await response.aclose()

    async def fetch(self, path: str) -> bytes:
        """The body of a GET; empty when the core does not answer."""
        try:
            response = await self._client.get(path, timeout=2.0)
        except httpx.HTTPError:
            return b""
        return response.content if response.status_code == httpx.codes.OK else b""

    async def close(self) -> None:
        await self._client.aclose()


def _target(head: RequestHead) -> bytes:
    target = head.path + (f"?{head.query_string}" if head.query_string else "")
    return target.encode("utf-8", "surrogateescape")


def _passed_back(response: httpx.Response) -> Headers:
    return [
        (name, value) for name, value in response.headers.multi_items() if name not in HOP_BY_HOP
    ]
