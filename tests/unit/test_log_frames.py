"""The frame format: golden bytes, and every damage to it is seen."""

import pytest
from crc32c import crc32c

from hedgerow.log.frame import (
    FRAME_HEADER_BYTES,
    Damage,
    DecodedFrame,
    UnknownVersionError,
    decode_frame,
    encode_frame,
)
from hedgerow.log.segments import decode_segment_header, encode_segment_header


def test_the_bytes_of_a_frame_never_change() -> None:
    frame = encode_frame(123456, b"hello")

    covered = frame[:20]
    assert covered.hex() == "48475246010000000500000040e2010000000000"
    assert frame[20:24] == crc32c(b"hello", crc32c(covered)).to_bytes(4, "little")
    assert frame[24:] == b"hello"


def test_the_bytes_of_a_segment_header_never_change() -> None:
    log_id = bytes.fromhex("00112233445566778899aabbccddeeff")

    header = encode_segment_header(log_id, 128)

    assert header[:28].hex() == "484752530100000000112233445566778899aabbccddeeff80000000"
    assert header[28:] == crc32c(header[:28]).to_bytes(4, "little")
    assert decode_segment_header(header, 128) == log_id


def test_a_frame_is_read_back_as_it_was_written() -> None:
    frame = encode_frame(32, b"payload")

    assert decode_frame(frame, 0, 32) == DecodedFrame(b"payload", FRAME_HEADER_BYTES + 7)


def test_every_flipped_bit_of_a_frame_is_detected() -> None:
    frame = encode_frame(32, b"some payload of a request")

    for bit in range(len(frame) * 8):
        flipped = bytearray(frame)
        flipped[bit // 8] ^= 1 << (bit % 8)
        assert isinstance(decode_frame(bytes(flipped), 0, 32), Damage), bit


def test_every_truncation_of_a_frame_is_detected() -> None:
    frame = encode_frame(32, b"some payload of a request")

    for length in range(len(frame)):
        assert isinstance(decode_frame(frame[:length], 0, 32), Damage), length


def test_zeros_are_never_a_frame() -> None:
    assert decode_frame(bytes(4096), 0, 0) is Damage.NOT_A_FRAME


def test_a_frame_that_belongs_elsewhere_is_refused() -> None:
    assert decode_frame(encode_frame(32, b"a"), 0, 64) is Damage.MISPLACED


def test_a_frame_of_a_newer_version_is_refused_and_not_skipped() -> None:
    frame = bytearray(encode_frame(32, b"a"))
    frame[4] = 2
    frame[20:24] = crc32c(b"a", crc32c(bytes(frame[:20]))).to_bytes(4, "little")

    with pytest.raises(UnknownVersionError, match="newer version"):
        decode_frame(bytes(frame), 0, 32)
