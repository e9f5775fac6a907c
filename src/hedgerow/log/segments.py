"""Segment files: their names, their headers, and how a new one comes to be."""

import errno
import os
import struct
from pathlib import Path
from typing import Final, NamedTuple

from crc32c import crc32c

from hedgerow.core.errors import LogCorruptError
from hedgerow.log.frame import UnknownVersionError
from hedgerow.log.storage import Storage

SEGMENT_MAGIC: Final = b"HGRS"
SEGMENT_VERSION: Final = 1
SEGMENT_HEADER_BYTES: Final = 32
LOG_ID_BYTES: Final = 16
_COVERED = struct.Struct("<4sB3x16sI")
_CHECKSUM = struct.Struct("<I")

assert _COVERED.size + _CHECKSUM.size == SEGMENT_HEADER_BYTES


class Segment(NamedTuple):
    base: int
    path: Path

    @property
    def first_frame(self) -> int:
        return self.base + SEGMENT_HEADER_BYTES


def segment_path(folder: Path, base: int) -> Path:
    return folder / f"{base:020d}.log"


def list_segments(folder: Path) -> list[Segment]:
    """All segments, oldest first."""
    names = (path for path in folder.glob("*.log") if path.stem.isdigit())
    return sorted(Segment(int(path.stem), path) for path in names)


def encode_segment_header(log_id: bytes, base: int) -> bytes:
    covered = _COVERED.pack(SEGMENT_MAGIC, SEGMENT_VERSION, log_id, base & 0xFFFFFFFF)
    return covered + _CHECKSUM.pack(crc32c(covered))


def decode_segment_header(data: bytes, base: int) -> bytes:
    """The log id. Raises `LogCorruptError` or `UnknownVersionError`."""
    if len(data) < SEGMENT_HEADER_BYTES:
        raise LogCorruptError(f"The segment at {base} has no complete header.")
    magic, version, log_id, low_base = _COVERED.unpack_from(data)
    (checksum,) = _CHECKSUM.unpack_from(data, _COVERED.size)
    if magic != SEGMENT_MAGIC or crc32c(data[: _COVERED.size]) != checksum:
        raise LogCorruptError(f"The header of the segment at {base} is damaged.")
    if version != SEGMENT_VERSION:
        raise UnknownVersionError(
            f"The segment at {base} was written by a newer version of Hedgerow ({version})."
        )
    if low_base != base & 0xFFFFFFFF:
        raise LogCorruptError(f"The segment at {base} carries the name of another one.")
    return bytes(log_id)


def create_segment(storage: Storage, folder: Path, log_id: bytes, base: int) -> int:
    """A new, durable, empty segment, opened for writing.

    It is written under a temporary name, so that a segment's name always stands for a complete
    header: write → sync the file → rename → sync the folder.
    """
    path = segment_path(folder, base)
    temporary = path.with_suffix(".new")
    descriptor = storage.open(temporary, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    try:
        header = encode_segment_header(log_id, base)
        if storage.write_at(descriptor, [header], 0) != len(header):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))  # noqa: TRY301
        storage.sync(descriptor)
        storage.rename(temporary, path)
        storage.sync_folder(folder)
    except BaseException:
        storage.close(descriptor)
        raise
    return descriptor
