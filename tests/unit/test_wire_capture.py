"""What capture logs and answers, request by request."""

import base64
import gzip
import json
from typing import Any

import msgspec
import pytest

from hedgerow.core import limits
from hedgerow.core.errors import CaptureRefusal
from hedgerow.wire.capture import CaptureOutcome, CaptureRequest, CaptureRules, capture
from hedgerow.wire.profiles import Profile
from hedgerow.wire.record import LoggedEvent, LoggedRequest, decode_request, encode_request
from hedgerow.wire.record_view import record_view
from hedgerow.wire.shapes import OBJECTS_MAX

NOW_US = 1_672_574_400_000_000  # 2023-01-01T12:00:00Z
EVENT = {"api_key": "phc_a", "event": "e", "distinct_id": "u"}


def rules(profile: Profile = "documented", **changes: Any) -> CaptureRules:
    values: dict[str, Any] = {"accepts_key": lambda _token: True, "dropped_ids": {}} | changes
    return CaptureRules(profile=profile, random_bytes=bytes, **values)


def send(body: Any, profile: Profile = "documented", **changes: Any) -> CaptureOutcome:
    """Capture `body` (bytes, or a value to write as JSON); the rest as named."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = CaptureRequest(
        method="POST",
        path=changes.pop("path", "/batch/"),
        query_string=changes.pop("query_string", ""),
        content_type=changes.pop("content_type", "application/json"),
        content_encoding=changes.pop("content_encoding", None),
        body=data,
        ip="203.0.113.7",
        user_agent="test",
        now_us=NOW_US,
    )
    return capture(request, rules(profile, **changes))


def logged(outcome: CaptureOutcome) -> LoggedRequest:
    """What a reader of the log gets."""
    assert outcome.logged is not None
    return decode_request(encode_request(outcome.logged))


def only_event(outcome: CaptureOutcome) -> LoggedEvent:
    (event,) = logged(outcome).events
    return event


def drops(outcome: CaptureOutcome) -> list[tuple[str, int]]:
    return [(dropped.reason, dropped.count) for dropped in logged(outcome).dropped]


def refused(
    status: int, text: str, body: Any, profile: Profile = "documented", **changes: Any
) -> None:
    with pytest.raises(CaptureRefusal) as caught:
        send(body, profile, **changes)
    assert (caught.value.status, text in caught.value.text) == (status, True), caught.value.text


def test_invalid_events_of_a_batch_are_dropped_alone_and_counted() -> None:
    nameless: dict[str, Any] = {"distinct_id": "u"}
    batch = [
        EVENT,
        nameless,
        {**nameless, "event": None},
        {**nameless, "event": ""},
        {"event": "x"},
    ]
    outcome = send({"api_key": "phc_a", "batch": batch})
    assert outcome.status == 200
    assert [event.event for event in logged(outcome).events] == ["e"]
    assert drops(outcome) == [("missing_event_name", 3), ("missing_distinct_id", 1)]


def test_a_dropped_event_leaves_a_sample_of_bounded_length() -> None:
    outcome = send({"api_key": "phc_a", "event": "big", "properties": {"text": "x" * 5000}})
    (dropped,) = logged(outcome).dropped
    assert dropped.sample.startswith('{"event":"big"')
    assert len(dropped.sample) == 1000


def test_a_dropped_event_needs_a_valid_token_first() -> None:
    refused(401, "event submitted without an api_key", {"distinct_id": "u"})


def test_an_unknown_key_is_refused() -> None:
    refused(401, "API key does not belong to any project", EVENT, accepts_key=lambda _token: False)


def test_a_batch_without_a_root_key_takes_the_token_of_its_events() -> None:
    assert logged(send({"batch": [EVENT]})).token == "phc_a"
    refused(
        401, "event submitted without an api_key", {"batch": [{"event": "e", "distinct_id": "u"}]}
    )


@pytest.mark.parametrize("profile", ["documented", "upstream"])
@pytest.mark.parametrize(
    "field",
    [{"timestamp": 1}, {"offset": 1.5}, {"offset": 2**63}, {"$set": "x"}, {"$set_once": []},
     {"properties": None}, {"properties": []}, {"uuid": "nope"}, {"uuid": "1_2" + "3" * 30}, {"token": 5}],
)  # fmt: skip
def test_a_field_of_a_wrong_type_is_a_bad_request(profile: Profile, field: dict[str, Any]) -> None:
    refused(400, "failed to parse request: ", {**EVENT, **field}, profile)


def test_a_batch_with_a_field_of_a_wrong_type_is_a_bad_request() -> None:
    refused(
        400, "failed to parse request: ", {"api_key": "phc_a", "batch": [{**EVENT, "timestamp": 1}]}
    )
    refused(400, "failed to parse request: ", {"api_key": "phc_a", "batch": [], "sent_at": 5})


def test_unset_counts_in_the_properties_and_is_ignored_at_the_root() -> None:
    """docs/decisions/0005: as upstream, whatever its type."""
    for root in (["a"], {"a": 1}, "a", None):
        event = only_event(send(EVENT | {"$unset": root, "properties": {"$unset": ["b"]}}))
        assert event == only_event(send(EVENT | {"properties": {"$unset": ["b"]}}))
        assert json.loads(bytes(event.properties)) == {"$unset": ["b"]}


def test_a_null_set_is_the_same_as_none() -> None:
    event = only_event(send({**EVENT, "$set": None, "$set_once": {"a": 1}}))
    assert (bytes(event.set), bytes(event.set_once)) == (b"null", b'{"a": 1}')


def test_properties_are_logged_byte_for_byte() -> None:
    sent = b'{ "big": 18446744073709551617, "huge":1e400, "a" : "\\u00e9" }'
    body = b'{"api_key":"phc_a","event":"e","distinct_id":"u","properties":' + sent + b"}"
    outcome = send(body)
    assert bytes(only_event(outcome).properties) == sent
    properties = record_view(logged(outcome), 0)["data"]["properties"]
    assert properties["huge"] == "1e400"


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"01", b"1."])
def test_numbers_that_are_not_json_are_refused(number: bytes) -> None:
    body = b'{"api_key":"phc_a","event":"e","distinct_id":"u","properties":{"n":' + number + b"}}"
    refused(400, "failed to parse request: ", body)


def test_a_byte_order_mark_is_refused() -> None:
    refused(400, "failed to parse request: ", b"\xef\xbb\xbf" + json.dumps(EVENT).encode())


def test_lone_surrogates_are_repaired_only_in_the_documented_profile() -> None:
    text = rb'"\ud83d\ude00 \ud800 \\ud800 \udc00"'
    body = b'{"api_key":"phc_a","event":"e","distinct_id":"u","properties":{"t":' + text + b"}}"
    properties = record_view(logged(send(body)), 0)["data"]["properties"]
    assert properties["t"] == "\U0001f600 � \\ud800 �"
    refused(400, "failed to parse request: ", body, "upstream")


@pytest.mark.parametrize("place", ["properties", "$set", "$set_once", "distinct_id"])
def test_nesting_is_accepted_up_to_the_limit_and_refused_beyond(place: str) -> None:
    def body(depth: int) -> bytes:
        inner = depth - 1 - 1
        value = b'{"a":' + b"[" * inner + b"]" * inner + b"}"
        event = json.dumps({**EVENT, place: 0}).replace(f'"{place}": 0', f'"{place}": @').encode()
        return event.replace(b"@", value)

    assert send(body(limits.JSON_DEPTH_MAX)).status == 200
    refused(400, "failed to parse request: ", body(limits.JSON_DEPTH_MAX + 1))
    refused(400, "failed to parse request: ", body(200_000))


def test_brackets_inside_strings_are_no_nesting() -> None:
    assert send({**EVENT, "properties": {"t": '"[{\\' * 200}}).status == 200


def test_an_event_over_the_limit_is_too_large() -> None:
    refused(413, "maximum event size exceeded: ", {**EVENT, "properties": {"t": "x" * 1_000_000}})


def test_many_events_may_be_larger_together_than_one_may_be() -> None:
    batch = [{**EVENT, "properties": {"t": "x" * 600_000}}] * 2
    assert len(logged(send({"api_key": "phc_a", "batch": batch})).events) == 2


def test_a_body_of_very_many_tiny_objects_is_too_large() -> None:
    body = b'{"api_key":"phc_a","batch":[' + b",".join([b"{}"] * OBJECTS_MAX) + b"]}"
    refused(413, "maximum event size exceeded: ", body)


def test_a_number_out_of_range_cannot_be_a_distinct_id() -> None:
    body = b'{"api_key":"phc_a","event":"e","distinct_id":1e400}'
    refused(400, "failed to parse request: ", body)


@pytest.mark.parametrize("mode", [None, 1, "true", {}])
def test_a_cookieless_mode_that_is_no_boolean_is_a_bad_request(mode: Any) -> None:
    event = {**EVENT, "properties": {"$cookieless_mode": mode}}
    refused(400, "event submitted with invalid cookieless mode", event)


def test_a_token_in_the_properties_counts_only_as_a_string() -> None:
    event = {"event": "e", "distinct_id": "u"}
    assert logged(send({**event, "properties": {"token": "phc_b"}})).token == "phc_b"
    refused(401, "without an api_key", {**event, "properties": {"token": 5}})


def test_gzip_is_recognised_by_its_first_bytes_alone() -> None:
    body = gzip.compress(json.dumps(EVENT).encode())
    assert only_event(send(body, content_type="text/plain")).event == "e"


def test_a_wrong_gzip_hint_is_ignored_in_the_documented_profile() -> None:
    assert send(EVENT, content_encoding="gzip").status == 200
    refused(400, "invalid GZIP data", EVENT, "upstream", content_encoding="gzip")


def test_a_form_may_name_its_charset() -> None:
    data = base64.b64encode(json.dumps(EVENT).encode()).decode()
    form = "application/x-www-form-urlencoded; charset=UTF-8"
    body = f"data={data}&compression=base64".encode()
    assert only_event(send(body, path="/e/", content_type=form)).event == "e"


def test_invalid_utf8_in_properties_is_refused() -> None:
    body = b'{"api_key":"phc_a","event":"e","distinct_id":"u","properties":{"t":"\xff"}}'
    refused(400, "invalid UTF8 in request payload", body)
    refused(
        400,
        "failed to decode request",
        base64.b64encode(body + b" " * (-len(body) % 3)),
        path="/e/",
    )
    refused(400, "invalid gzip data", gzip.compress(body))


def test_a_beacon_is_answered_with_no_content_if_anything_was_kept() -> None:
    assert (send(EVENT, query_string="beacon=1").status, send(EVENT).status) == (204, 200)
    assert send({"api_key": "phc_a", "event": "e"}, query_string="beacon=1").status == 200


def test_an_unreadable_beacon_is_ignored_or_refused_by_profile() -> None:
    assert send(EVENT, query_string="beacon=true&_=x").status == 200
    refused(400, "Failed to deserialize query string", EVENT, "upstream", query_string="_=x")
    refused(400, "duplicate field", EVENT, "upstream", query_string="_=1&sent_at=1")


def test_performance_events_are_dropped_and_counted() -> None:
    outcome = send([{**EVENT, "event": "$performance_event"}, EVENT])
    assert (len(logged(outcome).events), drops(outcome)) == (1, [("performance_event", 1)])


def test_a_request_of_only_performance_events_is_accepted_without_a_key() -> None:
    outcome = send({"event": "$performance_event", "distinct_id": "u"})
    assert (outcome.status, outcome.logged) == (200, None)


def test_events_switched_off_by_the_operator_are_dropped_and_counted() -> None:
    outcome = send(EVENT, dropped_ids={"phc_a": frozenset({"u"})})
    assert (logged(outcome).events, drops(outcome)) == ([], [("token_dropper", 1)])
    assert drops(send(EVENT, dropped_ids={"phc_a": frozenset({"*"})})) == [("token_dropper", 1)]
    assert len(logged(send(EVENT, dropped_ids={"phc_b": frozenset({"*"})})).events) == 1


def test_a_nameless_event_identifies_on_engage_only() -> None:
    nameless = {"api_key": "phc_a", "distinct_id": "u", "$set": {"a": 1}}
    assert only_event(send(nameless, path="/engage/")).event == "$identify"
    assert drops(send(nameless, path="/e/")) == [("missing_event_name", 1)]


def test_a_uuid_is_normalised_or_made_from_the_time_of_the_event() -> None:
    sent = "{0190A0C0-0000-7000-8000-00000000000A}"
    assert only_event(send({**EVENT, "uuid": sent})).uuid == sent[1:-1].lower()
    made = only_event(send({**EVENT, "timestamp": "2020-06-15T00:00:00Z"}))
    assert made.uuid == "0172b546-9000-7000-8000-000000000000"  # 2020-06-15T00:00:00Z
    assert not made.uuid_sent


def test_the_record_shows_the_distinct_id_as_it_was_sent() -> None:
    cases: list[tuple[dict[str, Any], str, Any]] = [
        ({"distinct_id": 23}, "23", 23),
        ({"distinct_id": "x" * 300}, "x" * 200, "x" * 300),
        ({"distinct_id": None, "properties": {"distinct_id": "p"}}, "p", None),
        ({"distinct_id": None, "$distinct_id": "alias"}, "alias", "alias"),
        ({"distinct_id": {"b": 1, "a": [True]}}, '{"a":[true],"b":1}', {"b": 1, "a": [True]}),
    ]
    for fields, recorded, sent in cases:
        record = record_view(logged(send({**EVENT, **fields})), 0)
        assert (record["distinct_id"], record["data"].get("distinct_id")) == (recorded, sent)


def test_old_events_are_rerouted_only_when_the_operator_says_so() -> None:
    old = {**EVENT, "timestamp": "2022-12-31T12:00:00Z"}
    lanes = [only_event(send(old, historical_rerouting_days=days)).lane for days in (0, 1, 2)]
    assert lanes == ["main", "historical", "main"]


def test_ignoring_the_send_time_concerns_one_event_alone() -> None:
    event = {**EVENT, "timestamp": "2023-01-01T11:00:00Z"}
    ignoring = {**event, "properties": {"$ignore_sent_at": True}}
    body = {"api_key": "phc_a", "batch": [event, ignoring], "sent_at": "2023-01-01T12:00:10Z"}
    times = [event.timestamp_us - NOW_US for event in logged(send(body)).events]
    assert times == [-3_610_000_000, -3_600_000_000]


def test_a_logged_request_reads_back_as_it_was_written() -> None:
    outcome = send({**EVENT, "$set": {"a": 1}, "offset": 5, "distinct_id": 7})
    assert outcome.logged is not None
    assert msgspec.json.encode(logged(outcome)) == encode_request(outcome.logged)


@pytest.mark.parametrize("path", ["/e/", "/i/v0/e/", "/batch/"])
@pytest.mark.parametrize("query", ["", "compression=base64", "compression=gzip-js"])
def test_base64_in_a_form_is_decoded_on_every_path(path: str, query: str) -> None:
    event = json.dumps({"api_key": "phc_test", "event": "e", "distinct_id": "u"}).encode()
    form = b"data=" + base64.b64encode(event).replace(b"+", b"%2B").replace(b"=", b"%3D")

    outcome = send(
        form, path=path, query_string=query, content_type="application/x-www-form-urlencoded"
    )

    assert only_event(outcome).event == "e"
