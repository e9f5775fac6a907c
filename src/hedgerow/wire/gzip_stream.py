"""Gzip decompression that stops at a size limit instead of filling the memory."""

from typing import cast

from isal import isal_zlib
from isal.igzip_lib import IsalError

from hedgerow.wire import responses

MAGIC = b"\x1f\x8b\x08"

# Clients send one member. The bound keeps a body of a million empty members cheap to refuse.
MEMBERS_MAX = 100

# The library declares its exception class as an instance.
_ISAL_ERROR = cast("type[Exception]", IsalError)

_GZIP_WINDOW_BITS = 31
_INPUT_BYTES = 64 * 1024


def gunzip(compressed: bytes, bytes_max: int) -> bytes:
    """All members of a gzip stream, decompressed.

    Raises `CaptureRefusal`: 413 over `bytes_max`, 400 for corrupt or truncated data and for
    anything after the last member (capture-protocol §3, step 6).
    """
    try:
        return _gunzip(memoryview(compressed), bytes_max)
    except (_ISAL_ERROR, EOFError, ValueError):
        raise responses.undecodable("invalid GZIP data") from None


def _gunzip(compressed: memoryview, bytes_max: int) -> bytes:
    output: list[bytes] = []
    budget = bytes_max
    for _ in range(MEMBERS_MAX):
        consumed, budget = _member(compressed, output, budget)
        compressed = compressed[consumed:]
        if not compressed:
            return output[0] if len(output) == 1 else b"".join(output)
    raise ValueError("too many gzip members")


def _member(compressed: memoryview, output: list[bytes], budget: int) -> tuple[int, int]:
    """Decompress one member into `output`; returns bytes consumed and what is left of `budget`."""
    stream = isal_zlib.decompressobj(wbits=_GZIP_WINDOW_BITS)
    position = 0
    while not stream.eof:
        if position >= len(compressed):
            raise EOFError("the gzip data is truncated")
        chunk = compressed[position : position + _INPUT_BYTES]
        position += len(chunk)
        # One byte more than allowed tells a full budget from an exceeded one.
        piece = stream.decompress(chunk, budget + 1)
        budget -= len(piece)
        if budget < 0:
            raise responses.too_large("the decompressed payload is too large")
        output.append(piece)
    return position - len(stream.unused_data), budget
