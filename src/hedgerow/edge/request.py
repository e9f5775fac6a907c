"""A request and a response as the edge sees them, independent of the HTTP server."""

from collections.abc import AsyncIterator, Callable
from typing import NamedTuple

ReadHeader = Callable[[str], str | None]
ReadBody = Callable[[], AsyncIterator[bytes]]
Headers = list[tuple[str, str]]


class RequestHead(NamedTuple):
    """All of a request but its body. `header` looks a header up by its lower-case name."""

    method: str
    path: str
    query_string: str
    peer_ip: str
    header: ReadHeader


class Response(NamedTuple):
    status: int
    headers: Headers
    body: bytes
