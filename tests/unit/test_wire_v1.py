"""The second capture protocol, rule by rule (capture-protocol §14)."""

import gzip
import json
import sys
import zlib
from collections.abc import Callable
from typing import Any

import brotli
import pytest

from hedgerow.core import limits
from hedgerow.core.errors import CaptureRefusal
from hedgerow.wire.capture import CaptureOutcome, CaptureRules
from hedgerow.wire.quotas import Resource
from hedgerow.wire.request import CaptureRequest
from hedgerow.wire.v1.capture import capture_v1
from hedgerow.wire.v1.encodings import decompress
from hedgerow.wire.v1.head import read_head
from hedgerow.wire.v1.refusals import V1Refusal, as_v1

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

NOW_US = 1_700_000_000_000_000  # 2023-11-14T22:13:20Z
UUID = "a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d"
HEADERS = {
    "authorization": "Bearer phc_key",
    "posthog-sdk-info": "posthog-python/7.91.1",
    "posthog-attempt": "1",
    "posthog-request-id": "0198f0aa-0000-7000-8000-000000000001",
    "posthog-request-timestamp": "2023-11-14T22:13:20Z",
    "content-type": "application/json",
    "user-agent": "test",
}


def event(**changes: Any) -> dict[str, Any]:
    sent = {
        "event": "e",
        "uuid": UUID,
        "distinct_id": "u",
        "timestamp": "2023-11-14T22:13:10Z",
        "properties": {"a": 1},
    }
    return {name: value for name, value in {**sent, **changes}.items() if value is not ...}


def send(
    body: Any,
    headers: dict[str, str | None] | None = None,
    is_limited: Callable[[Resource, str], bool] | None = None,
    dropped_ids: dict[str, frozenset[str]] | None = None,
) -> CaptureOutcome:
    sent = {name: value for name, value in {**HEADERS, **(headers or {})}.items() if value}
    head = read_head(sent.get)
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = CaptureRequest(
        "POST", "/i/v1/analytics/events", "", None, None, data, "10.0.0.1", "test", NOW_US
    )
    rules = CaptureRules(
        profile="documented",
        accepts_key=lambda key: key != "phc_unknown",
        dropped_ids=dropped_ids or {},
        is_limited=is_limited or (lambda _resource, _token: False),
    )
    return capture_v1(head, request, rules)


def batch(*events: dict[str, Any], **root: Any) -> dict[str, Any]:
    return {"created_at": "2023-11-14T22:13:20Z", "batch": list(events or [event()]), **root}


def result(outcome: CaptureOutcome, uuid: str = UUID) -> dict[str, str]:
    found: dict[str, str] = json.loads(outcome.body)["results"][uuid]
    return found


def refusal(body: Any, headers: dict[str, str | None] | None = None) -> tuple[int, str]:
    with pytest.raises(V1Refusal) as raised:
        send(body, headers)
    told = json.loads(raised.value.body)
    assert told["error_description"]
    assert told["error_uri"].startswith("https://")
    return raised.value.status, told["error"]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"authorization": None, "user-agent": None}, (401, "missing_authorization")),
        ({"user-agent": None, "authorization": "Basic x"}, (400, "missing_required_headers")),
        ({"posthog-attempt": None}, (400, "missing_required_headers")),
        (
            {"authorization": "Basic abc", "content-type": "text/plain"},
            (400, "invalid_header_value"),
        ),
        ({"authorization": "Bearer   "}, (401, "invalid_api_token")),
        ({"authorization": "Bearer phx_x"}, (401, "invalid_api_token")),
        ({"authorization": "Bearer phc_unknown"}, (401, "invalid_api_token")),
        (
            {"content-type": "text/plain", "content-encoding": "lzma"},
            (415, "unsupported_content_type"),
        ),
        ({"content-encoding": "lzma", "posthog-attempt": "0"}, (415, "unsupported_encoding")),
        ({"posthog-request-id": "7"}, (400, "invalid_header_value")),
        ({"posthog-attempt": "-1"}, (400, "invalid_header_value")),
        ({"posthog-attempt": "1.5"}, (400, "invalid_header_value")),
        ({"posthog-request-timestamp": "1700000000"}, (400, "invalid_header_value")),
        ({"posthog-request-timestamp": "2023-11-14T22:13:20"}, (400, "invalid_header_value")),
    ],
)
def test_headers_are_refused_in_the_order_of_the_protocol(
    headers: dict[str, str | None], expected: tuple[int, str]
) -> None:
    assert refusal(batch(), headers) == expected


def test_all_missing_headers_are_named_at_once() -> None:
    with pytest.raises(V1Refusal) as raised:
        read_head({"authorization": "Bearer phc_x", "user-agent": "x"}.get)

    for name in ("PostHog-Sdk-Info", "PostHog-Attempt", "PostHog-Request-Id", "Content-Type"):
        assert name in raised.value.text
    assert "User-Agent" not in raised.value.text


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "Application/JSON; charset=utf-8"},
        {"authorization": "bEaReR  phc_key "},
        {"posthog-attempt": "3"},
        {"posthog-request-timestamp": "2023-11-14t22:13:20.123456789+00:00"},
    ],
)
def test_lenient_spellings_of_headers_are_taken(headers: dict[str, str | None]) -> None:
    assert result(send(batch(), headers)) == {"result": "ok"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", "empty_body"),
        (b"{", "request_parsing_error"),
        (b"\xff", "request_parsing_error"),
        (b"[" * 200 + b"]" * 200, "request_parsing_error"),
        ({"batch": [event()]}, "request_parsing_error"),
        (batch(event(timestamp=...)), "request_parsing_error"),
        (batch(event(distinct_id=...)), "request_parsing_error"),
        (batch(event(distinct_id=7)), "request_parsing_error"),
        (batch(event(uuid="  ")), "missing_event_uuid"),
        (batch(event(uuid="nope")), "invalid_event_uuid"),
        (batch(event(), event(uuid=UUID.upper())), "duplicate_event_uuid"),
        ({"created_at": "2023-11-14", "batch": [event()]}, "invalid_batch"),
        ({"created_at": "2023-11-14T22:13:20Z", "batch": []}, "empty_batch"),
    ],
)
def test_a_broken_body_refuses_the_whole_request(body: Any, expected: str) -> None:
    assert refusal(body) == (400, expected)


@pytest.mark.parametrize(
    ("changes", "details"),
    [
        ({"event": ""}, "missing_event_name"),
        ({"event": "é" * 101}, "event_name_too_long"),
        ({"distinct_id": "  "}, "missing_distinct_id"),
        ({"distinct_id": "é" * 101}, "distinct_id_too_large"),
        ({"timestamp": "2023-11-14 22:13:10"}, "invalid_event_timestamp"),
        ({"timestamp": "2023-11-14T22:13:10"}, "invalid_event_timestamp"),
        ({"timestamp": "2023-02-30T22:13:10Z"}, "invalid_event_timestamp"),
        ({"properties": [1]}, "malformed_event_properties"),
        ({"properties": None}, "malformed_event_properties"),
        ({"options": [1]}, "invalid_options"),
        ({"options": {"cookieless_mode": "maybe"}}, "invalid_options"),
        ({"options": {"product_tour_id": 1.5}}, "invalid_options"),
        ({"event": "$performance_event"}, "rejected"),
        ({"properties": {"a": "x" * limits.EVENT_BYTES_MAX}}, "event_too_big"),
        (
            {"event": "$ai_span", "properties": {"a": "x" * limits.AI_EVENT_BYTES_MAX}},
            "ai_event_too_big",
        ),
        ({"distinct_id": "off"}, "event_restriction_drop"),
    ],
)
def test_an_invalid_event_is_dropped_alone_and_counted(
    changes: dict[str, Any], details: str
) -> None:
    other = "b2c3d4e5-f6a7-4b8c-9d0e-1f2a3b4c5d6e"
    body = batch(event(**changes), event(uuid=other))

    outcome = send(body, dropped_ids={"phc_key": frozenset(("off",))})

    assert outcome.status == 200
    assert outcome.logged is not None
    assert result(outcome) == {"result": "drop", "details": details}
    assert result(outcome, other) == {"result": "ok"}
    assert [logged.uuid for logged in outcome.logged.events] == [other]
    assert [dropped.count for dropped in outcome.logged.dropped] == [1]


def test_a_request_of_invalid_events_only_is_still_a_200() -> None:
    outcome = send(batch(event(event="")))

    assert outcome.status == 200
    assert outcome.logged is not None
    assert outcome.logged.events == []


def test_a_large_event_about_a_language_model_is_kept() -> None:
    outcome = send(batch(event(event="$ai_generation", properties={"p": "x" * 3_000_000})))

    assert result(outcome) == {"result": "ok"}


@pytest.mark.parametrize("word", [True, "true", "TRUE", "1", 1, 2.5, -1])
def test_true_is_read_from_words_and_numbers(word: Any) -> None:
    outcome = send(batch(event(options={"process_person_profile": word})))

    assert properties(outcome)["$process_person_profile"] is True


@pytest.mark.parametrize("word", [False, "false", "False", "0", 0, 0.0])
def test_false_is_read_from_words_and_numbers(word: Any) -> None:
    outcome = send(batch(event(options={"process_person_profile": word})))

    assert properties(outcome)["$process_person_profile"] is False


def properties(outcome: CaptureOutcome) -> dict[str, Any]:
    assert outcome.logged is not None
    found: dict[str, Any] = json.loads(bytes(outcome.logged.events[0].properties))
    return found


def test_lifted_values_win_over_properties_of_the_same_name() -> None:
    mine = {"$session_id": "mine", "$lib": "mine", "$window_id": "kept"}
    outcome = send(batch(event(session_id="s", properties=mine)))

    assert properties(outcome)["$session_id"] == "s"
    assert properties(outcome)["$lib"] == "posthog-python"
    assert properties(outcome)["$lib_version"] == "7.91.1"
    assert properties(outcome)["$window_id"] == "kept"


@pytest.mark.parametrize("sdk_info", ["posthog", "/1", "posthog/", "x" * 200 + "/1"])
def test_a_malformed_library_leaves_the_properties_alone(sdk_info: str) -> None:
    outcome = send(batch(), {"posthog-sdk-info": sdk_info})

    assert properties(outcome) == {"a": 1}


def test_the_library_is_split_at_the_last_slash() -> None:
    outcome = send(batch(), {"posthog-sdk-info": "@scope/lib/2.0"})

    assert properties(outcome) == {"a": 1, "$lib": "@scope/lib", "$lib_version": "2.0"}


@pytest.mark.parametrize(
    ("sent", "option", "expected"),
    [
        (True, None, True),
        (1, None, True),
        ("yes", None, True),
        ({}, None, True),
        (False, None, False),
        (0, None, False),
        ("", None, False),
        (None, None, False),
        (True, False, False),
        (False, True, True),
    ],
)
def test_cookieless_is_what_the_option_says_or_a_property_that_is_no_falsehood(
    sent: Any, option: bool | None, expected: bool
) -> None:
    options = {} if option is None else {"cookieless_mode": option}
    outcome = send(batch(event(properties={"$cookieless_mode": sent}, options=options)))
    assert outcome.logged is not None
    assert [logged.cookieless for logged in outcome.logged.events] == [expected]


def test_options_of_null_are_absent_and_unknown_ones_ignored() -> None:
    outcome = send(batch(event(options={"cookieless_mode": None, "new": [1]})))

    assert "$cookieless_mode" not in properties(outcome)
    assert result(outcome) == {"result": "ok"}


def test_times_are_corrected_by_the_clients_clock_and_bounded() -> None:
    def time_of(timestamp: str, request_time: str, **options: Any) -> int:
        outcome = send(
            batch(event(timestamp=timestamp, options=options)),
            {"posthog-request-timestamp": request_time},
        )
        assert outcome.logged is not None
        return (outcome.logged.events[0].timestamp_us - NOW_US) // 1_000_000

    assert time_of("2023-11-14T22:13:10Z", "2023-11-14T22:13:20Z") == -10
    assert time_of("2023-11-14T22:13:10Z", "2023-11-14T22:13:30Z") == -20
    assert time_of("2023-11-16T22:13:20Z", "2023-11-14T22:13:20Z") == 0
    kept = time_of("2023-11-16T22:13:20Z", "2023-11-14T22:13:30Z", disable_skew_correction=True)
    assert kept == 2 * 86_400


@pytest.mark.parametrize("distinct_id", ["0", " Anonymous ", "[Object Object]", "nAn", "guest"])
def test_a_placeholder_for_an_id_makes_no_person(distinct_id: str) -> None:
    outcome = send(batch(event(distinct_id=distinct_id)))

    assert outcome.logged is not None
    assert outcome.logged.events[0].force_disable_person_processing
    assert result(outcome) == {"result": "ok", "details": "person_processing_disabled"}


def test_a_quota_drops_only_its_own_kind_of_events() -> None:
    exception_uuid = "b2c3d4e5-f6a7-4b8c-9d0e-1f2a3b4c5d6e"
    body = batch(event(), event(uuid=exception_uuid, event="$exception"))

    own = send(body, is_limited=lambda resource, _token: resource is Resource.EXCEPTIONS)
    general = send(body, is_limited=lambda resource, _token: resource is Resource.EVENTS)

    assert result(own) == {"result": "ok"}
    assert result(own, exception_uuid)["details"] == "exceptions_over_quota"
    assert result(general)["result"] == "drop"
    assert result(general, exception_uuid) == {"result": "ok"}


def test_a_request_that_a_quota_empties_is_a_402_that_is_counted() -> None:
    outcome = send(batch(), is_limited=lambda _resource, _token: True)

    assert outcome.status == 402
    assert json.loads(outcome.body)["error"] == "billing_limit_exceeded"
    assert outcome.logged is not None
    assert [(item.reason, item.count) for item in outcome.logged.dropped] == [("quota_limited", 1)]


def deflated_raw(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(data) + stream.flush()


ENCODED: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("gzip", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", deflated_raw),
    ("br", brotli.compress),
    ("zstd", zstd.compress),
]


@pytest.mark.parametrize(("encoding", "encode"), ENCODED)
def test_every_encoding_is_decoded(encoding: str, encode: Callable[[bytes], bytes]) -> None:
    body = encode(json.dumps(batch()).encode())

    assert result(send(body, {"content-encoding": encoding.upper()})) == {"result": "ok"}


@pytest.mark.parametrize(("encoding", "encode"), ENCODED)
def test_a_bomb_is_refused_at_the_limit(encoding: str, encode: Callable[[bytes], bytes]) -> None:
    bomb = encode(bytes(10_000_000))

    assert len(decompress(encode(bytes(1000)), encoding, 1000)) == 1000
    with pytest.raises(V1Refusal) as raised:
        decompress(bomb, encoding, 1000)
    assert (raised.value.status, raised.value.tag) == (413, "payload_too_large")


@pytest.mark.parametrize(("encoding", "encode"), ENCODED)
def test_broken_and_cut_off_data_is_a_400(encoding: str, encode: Callable[[bytes], bytes]) -> None:
    whole = encode(json.dumps(batch()).encode())

    for broken in (whole[:-5], b"\x78no", b"no such thing"):
        assert refusal(broken, {"content-encoding": encoding}) == (400, "request_decoding_error")


@pytest.mark.parametrize(
    ("status", "tag", "is_retried"),
    [
        (408, "body_read_timeout", True),
        (413, "payload_too_large", False),
        (503, "service_unavailable", True),
        (400, "internal_error", True),
    ],
)
def test_refusals_of_the_shared_parts_are_told_as_v1(
    status: int, tag: str, is_retried: bool
) -> None:
    told = as_v1(CaptureRefusal(status, "text"))

    assert told.tag == tag
    assert (told.retry_after_seconds == 1) is is_retried
