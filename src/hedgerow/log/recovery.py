"""What a writer does before it appends: keep the valid prefix, cut the torn tail."""

import os
from dataclasses import dataclass
from pathlib import Path

from hedgerow.core.errors import LogCorruptError
from hedgerow.log.frame import FRAME_MAGIC, Damage, decode_frame
from hedgerow.log.segments import (
    SEGMENT_HEADER_BYTES,
    Segment,
    decode_segment_header,
    list_segments,
)
from hedgerow.log.storage import Storage


@dataclass(frozen=True, slots=True)
class RecoveryReport:
    """`end` is the position after the last valid frame; `cut_bytes` were a torn tail."""

    end: int
    frames: int
    cut_bytes: int


@dataclass(frozen=True, slots=True)
class BadRange:
    """Bytes from `start` up to `end` hold no valid frame."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class _Scan:
    end_offset: int
    frames: int
    damage: Damage | None


def _scan(data: memoryview, segment: Segment) -> _Scan:
    offset, frames = SEGMENT_HEADER_BYTES, 0
    while offset < len(data):
        decoded = decode_frame(data, offset, segment.base + offset)
        if isinstance(decoded, Damage):
            return _Scan(offset, frames, decoded)
        offset += decoded.length_bytes
        frames += 1
    return _Scan(offset, frames, None)


def _next_valid_frame(data: memoryview, segment: Segment, after: int) -> int | None:
    """The offset of the next valid frame, found by its magic: resynchronisation."""
    haystack = data.obj
    assert isinstance(haystack, bytes)
    offset = haystack.find(FRAME_MAGIC, after)
    while offset != -1:
        if not isinstance(decode_frame(data, offset, segment.base + offset), Damage):
            return offset
        offset = haystack.find(FRAME_MAGIC, offset + 1)
    return None


def recover(
    storage: Storage, segment: Segment, descriptor: int, log_id: bytes, published_end: int
) -> RecoveryReport:
    """Recover the newest segment, the only one that can have a torn tail.

    `published_end` is the durable end as last published: damage below it is not a torn tail.
    Damage above it may be followed by valid frames, since a power cut keeps pages in any order;
    what is cut is then kept beside the log, in case the published end was an old one.

    Raises `LogCorruptError` when durable frames are damaged: nothing is changed then.
    """
    data = memoryview(storage.read_at(descriptor, storage.size(descriptor), 0))
    if decode_segment_header(bytes(data[:SEGMENT_HEADER_BYTES]), segment.base) != log_id:
        raise LogCorruptError(f"The segment at {segment.base} belongs to another log.")
    scan = _scan(data, segment)
    end = segment.base + scan.end_offset
    if end < published_end:
        raise LogCorruptError(
            f"The log is damaged from position {end}, but was durable up to {published_end}. "
            "Nothing was changed."
        )
    if scan.damage is not None:
        if _next_valid_frame(data, segment, scan.end_offset + 1) is not None:
            _write_durably(
                storage, segment.path.parent / f"cut-{end:020d}", data[scan.end_offset :]
            )
        storage.truncate(descriptor, scan.end_offset)
    # What was kept may have been written but not synced before the crash.
    storage.sync(descriptor)
    return RecoveryReport(end, scan.frames, cut_bytes=len(data) - scan.end_offset)


def verify(folder: Path) -> list[BadRange]:
    """Read every segment and list what is damaged; changes nothing. Blocking."""
    bad: list[BadRange] = []
    for segment in list_segments(folder):
        content = segment.path.read_bytes()
        data = memoryview(content)
        try:
            decode_segment_header(content, segment.base)
        except LogCorruptError as error:
            bad.append(BadRange(segment.base, segment.first_frame, str(error)))
        offset = SEGMENT_HEADER_BYTES
        while offset < len(data):
            decoded = decode_frame(data, offset, segment.base + offset)
            if not isinstance(decoded, Damage):
                offset += decoded.length_bytes
                continue
            follows = _next_valid_frame(data, segment, offset + 1)
            end = len(data) if follows is None else follows
            bad.append(BadRange(segment.base + offset, segment.base + end, decoded.value))
            offset = end
    return bad


def read_log_id(folder: Path) -> bytes | None:
    """The identity of the log in this folder; None where there is none yet."""
    try:
        return (folder / "log-id").read_bytes()
    except FileNotFoundError:
        return None


def write_log_id(storage: Storage, folder: Path, log_id: bytes) -> None:
    _write_durably(storage, folder / "log-id", log_id)


def _write_durably(storage: Storage, path: Path, content: bytes | memoryview) -> None:
    temporary = path.with_suffix(".new")
    descriptor = storage.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    try:
        storage.write_at(descriptor, [bytes(content)], 0)
        storage.sync(descriptor)
    finally:
        storage.close(descriptor)
    storage.rename(temporary, path)
    storage.sync_folder(path.parent)
