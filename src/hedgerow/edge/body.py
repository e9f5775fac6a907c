"""Reading a request body within its size, its deadlines and the memory budget."""

import asyncio
from collections.abc import AsyncIterator

from hedgerow.core import limits
from hedgerow.core.errors import CaptureRefusal
from hedgerow.edge.admission import Reservation
from hedgerow.edge.request import RequestBody

TOO_LARGE = (
    f"maximum event size exceeded: the request body is larger than {limits.BODY_BYTES_MAX} bytes"
)
# Read in one call, under one deadline: nearly all requests.
SMALL_BODY_BYTES = 64 * 1024
STALLED = "client stopped sending data"


async def _drain(chunks: AsyncIterator[bytes], already_bytes: int) -> None:
    """Read on for up to one more cap, so that the 413 arrives instead of a reset (§10)."""
    drained = already_bytes
    async for chunk in chunks:
        drained += len(chunk)
        if drained > 2 * limits.BODY_BYTES_MAX:
            return


async def _read_chunks(
    body: RequestBody, reservation: Reservation, chunk_gap_seconds: float
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
        if total > limits.BODY_BYTES_MAX:
            await _drain(chunks, total)
            raise CaptureRefusal(413, TOO_LARGE)
        reservation.grow_to(total)
        parts.append(chunk)


async def read_request_body(
    body: RequestBody,
    reservation: Reservation,
    declared_bytes: int | None,
    *,
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
            if declared_bytes is not None and declared_bytes > limits.BODY_BYTES_MAX:
                await _drain(body.chunks(), 0)
                raise CaptureRefusal(413, TOO_LARGE)
            reservation.grow_to(declared_bytes or 0)
            return await _read_chunks(body, reservation, chunk_gap_seconds)
    except TimeoutError:
        raise CaptureRefusal(408, STALLED) from None
