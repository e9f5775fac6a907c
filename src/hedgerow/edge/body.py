"""Reading a request body within its size, its deadlines and the memory budget."""

import asyncio
from collections.abc import AsyncIterator

from hedgerow.core import limits
from hedgerow.core.errors import CaptureRefusal
from hedgerow.edge.admission import Reservation
from hedgerow.edge.request import RequestBody

# Read in one call, under one deadline: nearly all requests.
SMALL_BODY_BYTES = 64 * 1024
STALLED = "client stopped sending data"


def _too_large(bytes_max: int) -> CaptureRefusal:
    text = f"maximum event size exceeded: the request body is larger than {bytes_max} bytes"
    return CaptureRefusal(413, text)


async def _drain(chunks: AsyncIterator[bytes], already_bytes: int, bytes_max: int) -> None:
    """Read on for up to one more cap, so that the 413 arrives instead of a reset (§10)."""
    drained = already_bytes
    async for chunk in chunks:
        drained += len(chunk)
        if drained > 2 * bytes_max:
            return


async def _read_chunks(
    body: RequestBody, reservation: Reservation, chunk_gap_seconds: float, bytes_max: int
) -> bytes:
    """Each chunk must arrive within `chunk_gap_seconds` of the one before."""
    parts: list[bytes] = []
    total = 0
    chunks = body.chunks()
    while True:
        async with asyncio.timeout(chunk_gap_seconds):
            chunk = await anext(chunks, None)
        if chunk is None:
            return b"".join(parts)
        total += len(chunk)
        if total > bytes_max:
            await _drain(chunks, total, bytes_max)
            raise _too_large(bytes_max)
        reservation.grow_to(total)
        parts.append(chunk)


async def read_request_body(  # noqa: PLR0913 - one argument a limit
    body: RequestBody,
    reservation: Reservation,
    declared_bytes: int | None,
    *,
    bytes_max: int = limits.BODY_BYTES_MAX,
    chunk_gap_seconds: float = limits.CHUNK_GAP_SECONDS_MAX,
    request_seconds: float = limits.REQUEST_SECONDS_MAX,
) -> bytes:
    """The whole body. `declared_bytes` is the Content-Length, None where there is none.

    Raises `CaptureRefusal`: 413 over the size cap, 408 when the client stalls, 503 when the
    memory budget is used up.
    """
    if declared_bytes == 0:
        return b""
    try:
        if declared_bytes is not None and declared_bytes <= SMALL_BODY_BYTES:
            reservation.grow_to(declared_bytes)
            async with asyncio.timeout(chunk_gap_seconds):
                return await body.whole()
        async with asyncio.timeout(request_seconds):
            if declared_bytes is not None and declared_bytes > bytes_max:
                await _drain(body.chunks(), 0, bytes_max)
                raise _too_large(bytes_max)
            reservation.grow_to(declared_bytes or 0)
            return await _read_chunks(body, reservation, chunk_gap_seconds, bytes_max)
    except TimeoutError:
        raise CaptureRefusal(408, STALLED) from None
