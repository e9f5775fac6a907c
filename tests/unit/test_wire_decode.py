"""Encodings: what they decode to, and that none of them can be used as a bomb."""

import gzip
import zlib

import pytest

from hedgerow.core.errors import CaptureRefusal
from hedgerow.wire.base64_text import decode_if_base64, restore_plus_signs
from hedgerow.wire.form import FIELDS_MAX, decode_form, is_form_content_type, looks_like_form
from hedgerow.wire.gzip_stream import MEMBERS_MAX, gunzip
from hedgerow.wire.lz_string import ENCODED_BYTES_MAX, decompress_lz64
from hedgerow.wire.query_parameters import parse_query

LIMIT = 1024


def refused_with(status: int, encoded: bytes) -> None:
    with pytest.raises(CaptureRefusal) as caught:
        gunzip(encoded, LIMIT)
    assert caught.value.status == status


def test_gzip_is_accepted_up_to_the_limit_and_refused_one_byte_over() -> None:
    assert gunzip(gzip.compress(bytes(LIMIT)), LIMIT) == bytes(LIMIT)
    refused_with(413, gzip.compress(bytes(LIMIT + 1)))
    refused_with(413, gzip.compress(bytes(50_000_000)))


def test_all_members_of_a_gzip_stream_count_towards_one_limit() -> None:
    half = gzip.compress(bytes(LIMIT // 2))
    assert gunzip(half * 2, LIMIT) == bytes(LIMIT)
    refused_with(413, half * 3)


def test_gzip_that_is_cut_damaged_or_followed_by_garbage_is_refused() -> None:
    whole = gzip.compress(b"some text")
    damaged = whole[:-6] + bytes([whole[-6] ^ 1]) + whole[-5:]
    for broken in (whole[:-1], whole[:12], damaged, whole + b"garbage", whole + b"\0", b""):
        refused_with(400, broken)
    refused_with(400, zlib.compress(b"not gzip"))


def test_a_stream_of_very_many_members_is_refused() -> None:
    refused_with(400, gzip.compress(b"") * (MEMBERS_MAX + 1))


def test_base64_is_decoded_only_where_all_of_it_is_base64() -> None:
    assert decode_if_base64(b"eyJhIjoxfQ==") == b'{"a":1}'
    for plain in (b'{"a":1}', b"eyJhIjoxfQ=", b"ey=hIjox", b"ey JhIjo", b"A" * 128 + b"!!!!"):
        assert decode_if_base64(plain) == plain


def test_spaces_become_plus_signs_only_in_base64() -> None:
    assert restore_plus_signs(b"ab /") == b"ab+/"
    assert restore_plus_signs(b'{"a": "b c"}') == b'{"a": "b c"}'


def test_a_form_is_recognised_by_a_known_field_near_its_start() -> None:
    assert looks_like_form(b"ver=1&data=x")
    assert not looks_like_form(b'{"data=": 1}')
    assert not looks_like_form(b"x" * 200 + b"&data=x")
    assert is_form_content_type("Application/X-WWW-form-urlencoded;charset=utf-8")
    assert not is_form_content_type("text/plain")
    assert not is_form_content_type(None)


def test_a_form_of_too_many_fields_is_refused() -> None:
    with pytest.raises(ValueError, match="too many fields"):
        decode_form(b"&" * FIELDS_MAX)


def test_a_large_form_value_decodes_as_a_small_one_does() -> None:
    text = "é+ a%" * 100_000
    encoded = "".join(f"%{byte:02X}" for byte in text.encode())
    assert decode_form(b"data=" + encoded.encode())["data"] == text.encode()
    assert decode_form(b"data=" + b"ab" * 300_000 + b"%")["data"] == b"ab" * 300_000 + b"%"


def test_the_send_time_in_the_query_counts_only_in_milliseconds() -> None:
    assert parse_query("_=1672574410000", "upstream").sent_at_us == 1_672_574_410_000_000
    assert parse_query("sent_at=1672574410000", "upstream").sent_at_us == 1_672_574_410_000_000
    for ignored in ("_=1672574410", "_=-5", "_=9999999999999999999"):
        assert parse_query(ignored, "upstream").sent_at_us is None


def test_lz64_decodes_the_published_example() -> None:
    assert decompress_lz64(b"BYUwNmD2A0AECWsCGBbZtDUzkA==", LIMIT).decode() == "hello, i am a 猫"
    assert decompress_lz64(b"Q===", LIMIT) == b""


@pytest.mark.parametrize("broken", [b"", b"BYUwNmD2A0AECWs", b"!!!!", b"\xff\xfe", b"//////"])
def test_broken_lz64_is_a_bad_request(broken: bytes) -> None:
    with pytest.raises(CaptureRefusal, match="decompress_lz64: failed") as caught:
        decompress_lz64(broken, LIMIT)
    assert caught.value.status == 400


def test_lz64_stops_at_its_limits() -> None:
    for encoded, limit in (
        (b"BYUwNmD2A0AECWsCGBbZtDUzkA==", 16),
        (b"A" * (ENCODED_BYTES_MAX + 1), LIMIT),
    ):
        with pytest.raises(CaptureRefusal) as caught:
            decompress_lz64(encoded, limit)
        assert caught.value.status == 413
