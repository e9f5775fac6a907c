"""A stored chunk of a recording as the events that a player takes.

posthog-js compresses the large parts of an event on its own: `cv` says so, and each part is gzip
whose bytes were written as characters. Players do not know that, so the parts are put back here.
"""

import sys
import zlib
from typing import Any, Final

import msgspec
from msgspec import Raw

from hedgerow.core import json, limits
from hedgerow.store.session_recordings import StoredChunk

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_GZIP_WINDOW_BITS: Final = 31
_GZIP_MAGIC: Final = "\x1f\x8b"


def playable_items(chunk: StoredChunk) -> list[tuple[float, Raw]]:
    """Time in milliseconds and the event, with `windowId` added; what is no object is left out."""
    text = zstd.ZstdDecompressor().decompress(chunk.data, max_length=chunk.raw_bytes)
    window_id = Raw(json.encode(chunk.window_id))
    playable = []
    for item in msgspec.json.decode(text, type=list[Raw]):
        if bytes(item)[:1] != b"{":
            continue
        event = msgspec.json.decode(item, type=dict[str, Raw])
        if "cv" in event:
            event["data"] = _expanded(event["data"])
            del event["cv"]
        event["windowId"] = window_id
        playable.append((_time(event.get("timestamp")), Raw(json.encode(event))))
    return playable


def _time(raw: Raw | None) -> float:
    value = None if raw is None else json.decode(raw)
    return float(value) if isinstance(value, int | float) else 0.0


def _expanded(raw: Raw) -> Raw:
    """All of the data, or each part of it, decompressed; what is not compressed stays."""
    data = json.decode_lenient(bytes(raw))
    if isinstance(data, dict):
        return Raw(json.encode({name: _expanded_part(part) for name, part in data.items()}))
    return Raw(json.encode(_expanded_part(data)))


def _expanded_part(part: Any) -> Any:
    if not isinstance(part, str) or not part.startswith(_GZIP_MAGIC):
        return part
    try:
        stream = zlib.decompressobj(_GZIP_WINDOW_BITS)
        text = stream.decompress(part.encode("latin-1"), limits.DECODED_BYTES_MAX)
        return json.decode_lenient(text)
    except (zlib.error, ValueError):
        return part
