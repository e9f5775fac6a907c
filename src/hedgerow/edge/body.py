"""Reading a request body within its size, its deadlines and the memory budget."""

import asyncio
from collections.abc import AsyncIterator

from hedgerow.core import limits
from hedgerow.core.errors import CaptureRefusal
from hedgerow.edge.admission import Reservation
from hedgerow.edge.deadlines import Deadlines
from hedgerow.edge.request import RequestBody

# Read in one call, since a turn of the event loop for each chunk costs more than its bytes: nearly
# all requests. Up to the first size within the time of one chunk.
SMALL_BODY_BYTES = 64 * 1024
MIDDLE_BODY_BYTES = 512 * 1024
STALLED = "client stopped sending data"


def _too_large(bytes_max: int) -> CaptureRefusal:
    text = f"maximum event size exceeded: the request body is larger than {bytes_max} bytes"
    return CaptureRefusal(413, text)


class BodyReader:
    """Reads bodies on one event loop. `chunk_gap_seconds` is also the time of a small body."""

    def __init__(
        self,
        chunk_gap_seconds: float = limits.CHUNK_GAP_SECONDS_MAX,
        request_seconds: float = limits.REQUEST_SECONDS_MAX,
    ) -> None:
        self._chunk = Deadlines(chunk_gap_seconds)
        self._request = Deadlines(request_seconds)
        self._request_seconds = request_seconds

    async def read(
        self,
        body: RequestBody,
        reservation: Reservation,
        declared_bytes: int | None,
        bytes_max: int = limits.BODY_BYTES_MAX,
    ) -> bytes:
        """The whole body. `declared_bytes` is the Content-Length, None where there is none.

        Raises `CaptureRefusal`: 413 over the size cap, 408 when the client stalls, 503 when the
        memory budget is used up.
        """
        if declared_bytes == 0:
            return b""
        try:
            if declared_bytes is not None and declared_bytes <= MIDDLE_BODY_BYTES:
                reservation.grow_to(declared_bytes)
                small = declared_bytes <= SMALL_BODY_BYTES
                return await (self._chunk if small else self._request).wait(body.whole())
            async with asyncio.timeout(self._request_seconds):
                if declared_bytes is not None and declared_bytes > bytes_max:
                    await self._drain(body.chunks(), 0, bytes_max)
                    raise _too_large(bytes_max)
                return await self._read_chunks(body, reservation, bytes_max)
        except TimeoutError:
            raise CaptureRefusal(408, STALLED) from None

    async def _read_chunks(
        self, body: RequestBody, reservation: Reservation, bytes_max: int
    ) -> bytes:
        """Counts what has arrived: a size that was only declared takes no memory yet."""
        parts: list[bytes] = []
        total = 0
        chunks = body.chunks()
        while (chunk := await self._next(chunks)) is not None:
            total += len(chunk)
            if total > bytes_max:
                await self._drain(chunks, total, bytes_max)
                raise _too_large(bytes_max)
            reservation.grow_to(total)
            parts.append(chunk)
        return b"".join(parts)

    async def _drain(
        self, chunks: AsyncIterator[bytes], already_bytes: int, bytes_max: int
    ) -> None:
        """Read on for up to one more cap, so that the 413 arrives instead of a reset (§10)."""
        drained = already_bytes
        while (chunk := await self._next(chunks)) is not None:
            drained += len(chunk)
            if drained > 2 * bytes_max:
                return

    async def _next(self, chunks: AsyncIterator[bytes]) -> bytes | None:
        """The next chunk, None at the end."""
        return await self._chunk.wait(anext(chunks, None))
