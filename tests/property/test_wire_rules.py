"""Rules of the wire that hold for any input."""

import gzip
import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.errors import CaptureRefusal
from hedgerow.wire.capture import CaptureRequest, CaptureRules, capture
from hedgerow.wire.depth import is_deeper_than
from hedgerow.wire.distinct_ids import extract_distinct_id
from hedgerow.wire.gzip_stream import gunzip
from hedgerow.wire.lz_string import decompress_lz64
from hedgerow.wire.profiles import Profile
from hedgerow.wire.record import decode_request, encode_request
from hedgerow.wire.record_view import record_view
from hedgerow.wire.surrogates import repair_lone_surrogates
from hedgerow.wire.timestamps import event_time, format_timestamp, parse_timestamp

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
NOW_US = 1_672_574_400_000_000
YEAR_1_US, YEAR_10000_US = -62_135_596_800_000_000, 253_402_300_800_000_000

SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20)
JSON_VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=20,
)
EVENTS = st.fixed_dictionaries(
    {},
    optional={
        "event": st.none() | st.text(max_size=10) | st.just("$performance_event"),
        "distinct_id": JSON_VALUES,
        "properties": st.dictionaries(st.text(max_size=8), JSON_VALUES, max_size=4),
        "timestamp": st.none() | st.text(max_size=30),
        "offset": st.none() | st.integers(-(2**63), 2**63 - 1),
        "$set": st.none() | st.dictionaries(st.text(max_size=5), SCALARS, max_size=3),
        "uuid": st.none() | st.just("") | st.uuids().map(str),
    },
)


def request(body: bytes, path: str = "/e/", query_string: str = "") -> CaptureRequest:
    return CaptureRequest("POST", path, query_string, None, None, body, "203.0.113.7", "", NOW_US)


def rules(profile: Profile) -> CaptureRules:
    return CaptureRules(profile, lambda _token: True, {})


@given(st.lists(EVENTS, min_size=1, max_size=6))
def test_every_event_of_an_accepted_batch_is_kept_or_counted(events: list[dict[str, Any]]) -> None:
    body = json.dumps({"api_key": "phc_a", "batch": events}).encode()
    logged = capture(request(body), rules("documented")).logged
    assert logged is not None
    stored = decode_request(encode_request(logged))
    assert len(stored.events) + sum(dropped.count for dropped in stored.dropped) == len(events)


@given(st.lists(EVENTS, min_size=1, max_size=3))
def test_what_a_client_sent_can_be_read_back_from_the_log(events: list[dict[str, Any]]) -> None:
    named = [{**event, "event": "e", "distinct_id": "u"} for event in events]
    body = json.dumps({"api_key": "phc_a", "batch": named}).encode()
    logged = capture(request(body), rules("documented")).logged
    assert logged is not None
    stored = decode_request(encode_request(logged))
    for index, sent in enumerate(named):
        data = record_view(stored, index)["data"]
        expected = {
            key: value for key, value in sent.items() if value is not None and key != "uuid"
        }
        assert data == {"properties": {}, "uuid": sent.get("uuid") or None, **expected}


@given(
    st.binary(max_size=200), st.sampled_from(["/e/", "/batch", "/engage/"]), st.text(max_size=30)
)
def test_any_bytes_are_accepted_or_refused_with_a_client_error(
    body: bytes, path: str, query_string: str
) -> None:
    for profile in ("documented", "upstream"):
        try:
            status = capture(request(body, path, query_string), rules(profile)).status
        except CaptureRefusal as refusal:
            status = refusal.status
        assert status in (200, 204, 400, 401, 413)


@given(JSON_VALUES, st.integers(0, 6))
def test_nesting_is_measured_as_a_reader_would(value: Any, depth_max: int) -> None:
    def depth(value: Any) -> int:
        if isinstance(value, dict):
            return 1 + max(map(depth, value.values()), default=0)
        if isinstance(value, list):
            return 1 + max(map(depth, value), default=0)
        return 0

    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False)):
        assert is_deeper_than(text.encode(), depth_max) == (depth(value) > depth_max)


@given(st.lists(st.binary(max_size=3000), min_size=1, max_size=4))
def test_gzip_members_decompress_to_what_was_compressed(parts: list[bytes]) -> None:
    compressed = b"".join(map(gzip.compress, parts))
    assert gunzip(compressed, 12_000) == b"".join(parts)


class Lz64Writer:
    """A plain LZ-string writer, for the reader to be checked against."""

    def __init__(self) -> None:
        self.bits: list[str] = []
        self.width = 2
        self.until_wider = 2
        self.codes: dict[str, int] = {}
        self.unsent: set[str] = set()

    def write(self, value: int, width: int) -> None:
        self.bits.append(format(value, f"0{width}b")[::-1])

    def count_entry(self) -> None:
        self.until_wider -= 1
        if self.until_wider == 0:
            self.until_wider = 1 << self.width
            self.width += 1

    def emit(self, word: str) -> None:
        if word in self.unsent:
            self.unsent.remove(word)
            wide = ord(word) > 255
            self.write(int(wide), self.width)
            self.write(ord(word), 16 if wide else 8)
            self.count_entry()
        else:
            self.write(self.codes[word], self.width)
        self.count_entry()

    def compress(self, text: str) -> bytes:
        raw = text.encode("utf-16-le")
        word = ""
        for at in range(0, len(raw), 2):
            unit = chr(int.from_bytes(raw[at : at + 2], "little"))
            if unit not in self.codes:
                self.codes[unit] = len(self.codes) + 3
                self.unsent.add(unit)
            if word + unit not in self.codes:
                self.emit(word)
                self.codes[word + unit] = len(self.codes) + 3
                word = unit
            else:
                word += unit
        if word:
            self.emit(word)
        self.write(2, self.width)
        bits = "".join(self.bits)
        bits += "0" * (-len(bits) % 6)
        return "".join(
            ALPHABET[int(bits[at : at + 6], 2)] for at in range(0, len(bits), 6)
        ).encode()


@given(st.text(max_size=40) | st.text(st.sampled_from("ab猫😀"), max_size=400))
def test_lz64_decodes_to_the_text_that_was_compressed(text: str) -> None:
    assert decompress_lz64(Lz64Writer().compress(text), 10_000) == text.encode()


@given(st.text(st.sampled_from("abc猫😀"), max_size=60))
def test_a_distinct_id_is_cut_to_200_characters_and_keeps_its_spaces(text: str) -> None:
    padded = f" {text}\0" * 40
    distinct_id = extract_distinct_id(padded)
    assert distinct_id == padded.replace("\0", "�")[:200]


@given(st.text(ALPHABET, max_size=60))
def test_any_lz64_text_is_decoded_within_the_limit_or_refused(encoded: str) -> None:
    refused_with = None
    text = b""
    try:
        text = decompress_lz64(encoded.encode(), 500)
    except CaptureRefusal as refusal:
        refused_with = refusal.status
    assert refused_with in (None, 400, 413)
    assert len(text) <= 500


@given(st.lists(st.sampled_from([r"\ud83d", r"\ude00", r"\\", r"\"", "u", "d800", r"\n", "é"])))
def test_repair_leaves_no_lone_surrogate_and_touches_nothing_else(parts: list[str]) -> None:
    text = '"' + "".join(parts) + '"'
    repaired = repair_lone_surrogates(text.encode())
    expected = json.loads(text).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    decoded = json.loads(repaired)
    assert decoded.encode().decode() == decoded
    assert decoded.count("�") == expected.count("�")
    if "�" not in expected:
        assert decoded == expected


@given(
    st.none() | st.text(max_size=40),
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.none() | st.integers(YEAR_1_US, YEAR_10000_US - 1),
)
def test_an_event_time_is_always_between_the_year_1_and_23_hours_ahead(
    timestamp: str | None, offset_ms: int | None, sent_at_us: int | None
) -> None:
    result = event_time(NOW_US, timestamp, offset_ms, sent_at_us)
    assert YEAR_1_US <= result < NOW_US + 23 * 3_600_000_000 + 1000


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_formatted_time_reads_back_as_the_same_instant(moment: datetime) -> None:
    time_us = parse_timestamp(moment.isoformat())
    assert time_us is not None
    assert parse_timestamp(format_timestamp(time_us)) == time_us
