"""Chunks of session recordings as rows of the store."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from hedgerow.store.arrow import stored_time_us

TOMBSTONE_CHUNK: Final = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingChunk:
    """`data` is a zstd-compressed JSON array of `items` rrweb events, `raw_bytes` uncompressed.

    `first_us` and `last_us` are the times of its items, by the client's clock.
    """

    project_id: int
    session_id: str
    chunk_id: str
    window_id: str
    distinct_id: str
    source: str
    library: str
    received_at_us: int
    first_us: int
    last_us: int
    items: int
    clicks: int
    key_presses: int
    mouse_moves: int
    console_messages: int
    console_errors: int
    first_url: str
    raw_bytes: int
    data: bytes
    log_position: int


def tombstone(project_id: int, session_id: str, now_us: int) -> RecordingChunk:
    """What stays of a deleted session: an empty chunk."""
    return RecordingChunk(
        project_id=project_id,
        session_id=session_id,
        chunk_id=TOMBSTONE_CHUNK,
        window_id="",
        distinct_id="",
        source="",
        library="",
        received_at_us=now_us,
        first_us=now_us,
        last_us=now_us,
        items=0,
        clicks=0,
        key_presses=0,
        mouse_moves=0,
        console_messages=0,
        console_errors=0,
        first_url="",
        raw_bytes=0,
        data=b"",
        log_position=0,
    )


def recording_table(chunks: Sequence[RecordingChunk], *, is_deleted: bool = False) -> "pa.Table":
    time = pa.timestamp("us", "UTC")
    texts = ("session_id", "chunk_id", "window_id", "distinct_id", "source", "library", "first_url")
    numbers = ("items", "clicks", "key_presses", "mouse_moves", "console_messages")
    times = {"received_at": "received_at_us", "first_at": "first_us", "last_at": "last_us"}
    columns = {name: pa.array([getattr(c, name) for c in chunks], pa.string()) for name in texts}
    for name in (*numbers, "console_errors"):
        columns[name] = pa.array([getattr(chunk, name) for chunk in chunks], pa.int32())
    for name, source in times.items():
        columns[name] = pa.array([stored_time_us(getattr(chunk, source)) for chunk in chunks], time)
    for name in ("project_id", "raw_bytes", "log_position"):
        columns[name] = pa.array([getattr(chunk, name) for chunk in chunks], pa.int64())
    columns["stored_bytes"] = pa.array([len(chunk.data) for chunk in chunks], pa.int64())
    columns["data"] = pa.array([chunk.data for chunk in chunks], pa.binary())
    columns["is_deleted"] = pa.array([int(is_deleted)] * len(chunks), pa.uint8())
    return pa.table(columns)
