"""Reading a request body within its size, its deadlines and the memory budget."""

import asyncio
from collections.abc import AsyncIterator

from hedgerow.core import limits
from hedgerow.core.errors import CaptureRefusal
from hedgerow.edge.admission import Reservation
from hedgerow.edge.request import ReadBody

TOO_LARGE = (
    f"maximum event size exceeded: the request body is larger than {limits.BODY_BYTES_MAX} bytes"
)
STALLED = "client stopped sending data"


async def _drain(chunks: AsyncIterator[bytes], already_bytes: int) -> None:
    """Read on for up to one more cap, so that the 413 arrives instead of a reset (§10)."""
    drained = already_bytes
    async for chunk in chunks:
        drained += len(chunk)
        if drained > 2 * limits.BODY_BYTES_MAX:
            return


async def _read(read_body: ReadBody, reservation: Reservation, declared_bytes: int) -> bytes:
    parts: list[bytes] = []
    total = 0
    chunks = read_body()
    if declared_bytes > limits.BODY_BYTES_MAX:
        await _drain(chunks, 0)
        raise CaptureRefusal(413, TOO_LARGE)
    reservation.grow_to(declared_bytes)
    async for chunk in chunks:
        total += len(chunk)
        if total > limits.BODY_BYTES_MAX:
            await _drain(chunks, total)
            raise CaptureRefusal(413, TOO_LARGE)
        reservation.grow_to(total)
        parts.append(chunk)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _with_gap_deadline(read_body: ReadBody, chunk_gap_seconds: float) -> ReadBody:
    """The same chunks; each must arrive within `chunk_gap_seconds` of the one before."""

    async def chunks() -> AsyncIterator[bytes]:
        source = read_body()
        while True:
            try:
                async with asyncio.timeout(chunk_gap_seconds):
                    chunk = await anext(source)
            except StopAsyncIteration:
                return
            yield chunk

    return chunks


async def read_request_body(
    read_body: ReadBody,
    reservation: Reservation,
    declared_bytes: int,
    *,
    chunk_gap_seconds: float = limits.CHUNK_GAP_SECONDS_MAX,
    request_seconds: float = limits.REQUEST_SECONDS_MAX,
) -> bytes:
    """The whole body.

    Raises `CaptureRefusal`: 413 over the size cap, 408 when the client stalls, 503 when the
    memory budget is used up. `declared_bytes` is the Content-Length, 0 where there is none.
    """
    try:
        async with asyncio.timeout(request_seconds):
            chunks = _with_gap_deadline(read_body, chunk_gap_seconds)
            return await _read(chunks, reservation, declared_bytes)
    except TimeoutError:
        raise CaptureRefusal(408, STALLED) from None
