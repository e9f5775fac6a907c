"""The frame: how one payload lies in a segment file. This text is the format's specification.

Invariants
    * A segment is a segment header followed by frames without gaps.
    * Every frame says where it lies: its position is the one the log gave it, so a frame that was
      copied or swapped is not valid elsewhere.
    * The checksum covers every byte of the frame but itself; a frame is valid as a whole or not.
    * A payload is never empty, so bytes that are all zero are never a frame.
    * An unknown version is not a torn tail: it was written by a newer program and is refused.

Bytes, little-endian
    frame header, 24 bytes      offset  size  field
                                0       4     magic        b"HGRF"
                                4       1     version      1
                                5       3     reserved     0
                                8       4     length       bytes of payload, at least 1
                                12      8     position     of this frame in the log
                                20      4     checksum     CRC32C of bytes 0 to 19 and the payload
    payload                     24      length

    segment header, 32 bytes    0       4     magic        b"HGRS"
                                4       1     version      1
                                5       3     reserved     0
                                8       16    log id       the same in every segment of a log
                                24      4     position     low 32 bits of the segment's base
                                28      4     checksum     CRC32C of bytes 0 to 27

Positions
    A position counts bytes over all segments, segment headers included. A segment's file name is
    its base position, 20 digits, then `.log`; its first frame lies at base + 32.

Operations
    encode_frame(position, payload)      the bytes of one frame
    encode_frame_header(position, payload)  those before the payload
    decode_frame(data, offset, position) the payload at `offset`, or why there is none
"""

import struct
from enum import Enum
from typing import Final, NamedTuple

from crc32c import crc32c

from hedgerow.core import limits
from hedgerow.core.errors import HedgerowError

FRAME_MAGIC: Final = b"HGRF"
FRAME_VERSION: Final = 1
FRAME_HEADER_BYTES: Final = 24
_COVERED = struct.Struct("<4sB3xIQ")
_CHECKSUM = struct.Struct("<I")

assert _COVERED.size + _CHECKSUM.size == FRAME_HEADER_BYTES


class UnknownVersionError(HedgerowError):
    """A frame or segment of a newer version of this program."""


class Damage(Enum):
    """Why there is no valid frame here."""

    TRUNCATED = "the file ends inside the frame"
    NOT_A_FRAME = "no frame begins here"
    CHECKSUM = "the checksum is wrong"
    MISPLACED = "the frame belongs to another position"


class DecodedFrame(NamedTuple):
    payload: bytes
    length_bytes: int  # of the whole frame


def encode_frame(position: int, payload: bytes) -> bytes:
    return encode_frame_header(position, payload) + payload


def encode_frame_header(position: int, payload: bytes) -> bytes:
    """What goes before `payload`; apart, so that a large payload need not be copied."""
    assert 1 <= len(payload) <= limits.FRAME_BYTES_MAX, "a payload has a size within its limit"
    covered = _COVERED.pack(FRAME_MAGIC, FRAME_VERSION, len(payload), position)
    checksum = crc32c(payload, crc32c(covered))
    return covered + _CHECKSUM.pack(checksum)


def decode_frame(data: bytes | memoryview, offset: int, position: int) -> DecodedFrame | Damage:
    """The frame at `offset` of `data`, which must lie at `position` of the log.

    Raises `UnknownVersionError`, only for a frame whose checksum is right.
    """
    available = len(data) - offset
    if available < FRAME_HEADER_BYTES:
        return Damage.TRUNCATED
    magic, version, length, found_position = _COVERED.unpack_from(data, offset)
    if magic != FRAME_MAGIC or not 1 <= length <= limits.FRAME_BYTES_MAX:
        return Damage.NOT_A_FRAME
    if available < FRAME_HEADER_BYTES + length:
        return Damage.TRUNCATED
    (checksum,) = _CHECKSUM.unpack_from(data, offset + _COVERED.size)
    start = offset + FRAME_HEADER_BYTES
    payload = bytes(data[start : start + length])
    if crc32c(payload, crc32c(bytes(data[offset : offset + _COVERED.size]))) != checksum:
        return Damage.CHECKSUM
    if version != FRAME_VERSION:
        raise UnknownVersionError(
            f"The log at position {position} was written by a newer version of Hedgerow "
            f"(frame version {version}, this program reads {FRAME_VERSION})."
        )
    if found_position != position:
        return Damage.MISPLACED
    return DecodedFrame(payload, FRAME_HEADER_BYTES + length)
