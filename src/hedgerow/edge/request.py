"""A request and a response as the edge sees them, independent of the HTTP server."""

from collections.abc import AsyncIterator, Callable
from typing import NamedTuple, Protocol

ReadHeader = Callable[[str], str | None]
Headers = list[tuple[str, str]]


class RequestBody(Protocol):
    """A body that has yet to arrive; read it in one of the two ways, once."""

    async def whole(self) -> bytes:
        """All of it: the fastest way, for what is known to be small."""
        ...

    def chunks(self) -> AsyncIterator[bytes]: ...


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
