"""The content encodings of v1, each decoded within a limit (capture-protocol §14.1)."""

import sys
from collections.abc import Callable
from typing import Final, cast

import brotli
from isal import isal_zlib
from isal.igzip_lib import IsalError

from hedgerow.core.errors import CaptureRefusal
from hedgerow.wire import gzip_stream
from hedgerow.wire.v1 import refusals

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# The library declares its exception class as an instance.
_ISAL_ERROR = cast("type[Exception]", IsalError)
_ZLIB_FIRST_BYTE = b"\x78"
_ZLIB_WINDOW_BITS = 15
_ZSTD_FRAMES_MAX = 100


def decompress(body: bytes, encoding: str | None, bytes_max: int) -> bytes:
    """`body` decoded; `encoding` is one of `ENCODINGS` or None.

    Raises `V1Refusal`: 400 for broken data, 413 for more than `bytes_max`.
    """
    if encoding is None:
        decoded = body
    else:
        try:
            decoded = ENCODINGS[encoding](body, bytes_max)
        except (_ISAL_ERROR, brotli.error, zstd.ZstdError, EOFError, ValueError):
            raise refusals.undecodable(f"the body is not {encoding}") from None
    if len(decoded) > bytes_max:
        raise refusals.too_large(f"the decoded body is larger than {bytes_max} bytes")
    return decoded


def _gzip(body: bytes, bytes_max: int) -> bytes:
    try:
        return gzip_stream.gunzip(body, bytes_max)
    except CaptureRefusal as refusal:
        if refusal.status == 413:
            raise refusals.too_large(refusal.text) from None
        raise ValueError(refusal.text) from None


def _deflate(body: bytes, bytes_max: int) -> bytes:
    """With zlib's frame where it begins as that does, else raw."""
    is_framed = body.startswith(_ZLIB_FIRST_BYTE)
    stream = isal_zlib.decompressobj(wbits=_ZLIB_WINDOW_BITS if is_framed else -_ZLIB_WINDOW_BITS)
    decoded = stream.decompress(body, bytes_max + 1)
    if len(decoded) <= bytes_max and not stream.eof:
        raise EOFError("the data is truncated")
    return decoded


def _brotli(body: bytes, bytes_max: int) -> bytes:
    stream = brotli.Decompressor()
    pieces = [stream.process(body, output_buffer_limit=bytes_max + 1)]
    total = len(pieces[0])
    while total <= bytes_max and not stream.is_finished():
        piece = stream.process(b"", output_buffer_limit=bytes_max + 1 - total)
        if not piece and stream.can_accept_more_data():
            raise EOFError("the data is truncated")
        total += len(piece)
        pieces.append(piece)
    return b"".join(pieces)


def _zstd(body: bytes, bytes_max: int) -> bytes:
    pieces: list[bytes] = []
    total = 0
    for _ in range(_ZSTD_FRAMES_MAX):
        stream = zstd.ZstdDecompressor()
        pieces.append(stream.decompress(body, bytes_max + 1 - total))
        total += len(pieces[-1])
        if total > bytes_max or (stream.eof and not stream.unused_data):
            return b"".join(pieces)
        if not stream.eof:
            raise EOFError("the data is truncated")
        body = stream.unused_data
    raise ValueError("too many frames")


ENCODINGS: Final[dict[str, Callable[[bytes, int], bytes]]] = {
    "gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
