"""The quick ways of capture decide as the careful ones do, whatever is sent."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from hedgerow.core import limits
from hedgerow.core.errors import CaptureRefusal
from hedgerow.wire import shapes
from hedgerow.wire.depth import is_deeper_than
from hedgerow.wire.drops import DropReason
from hedgerow.wire.event_builder import EventBuilder
from hedgerow.wire.lanes import LANES_BY_NAME
from hedgerow.wire.plain_event import plain_event_builder
from hedgerow.wire.record import LANE_HISTORICAL, LANE_MAIN, LoggedEvent
from hedgerow.wire.shapes import SentEvent, parse_shape

NOW_US = 1_750_000_000_000_000
DAY_US = 86_400_000_000

names = st.sampled_from(["", "hello", "$pageview", *LANES_BY_NAME]) | st.text(max_size=5)
ids = (
    st.sampled_from(["", " ", "a\0b", "x" * 200, "é" * 201, "me", 7, 1.5, True, None, ["a"]])
    | st.text(max_size=8)
    | st.none()
)
uuids = st.sampled_from(
    ["", None, "0197f4a0-0000-7000-8000-0000000000ab", "0197F4A0-0000-7000-8000-0000000000AB"]
) | st.uuids().map(str)
times = st.sampled_from(
    [
        None,
        "",
        "not a date",
        "20250615",
        "1750000000",
        "2025-06-15",
        "2025-06-15T15:06:40",
        "2025-06-15T15:06:40.123456789Z",
        "2025-06-16T14:06:40Z",
        "2025-06-16T14:06:40.001Z",
        "2025-06-16T14:06:39.999Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-10:00",
        "2025-06-15t15:06:40z",
        "2025-06-15T15:06:40+03",
        "Tue, 1 Jul 2003 10:52:37 +0200",
        "1234-5678",
    ]
) | st.datetimes().map(lambda moment: moment.isoformat() + "Z")
hints = st.fixed_dictionaries(
    {},
    optional={
        "distinct_id": ids,
        "token": st.sampled_from(["phc_a", 5]),
        "$cookieless_mode": st.sampled_from([True, False, None, "yes"]),
        "$ignore_sent_at": st.sampled_from([True, False, None]),
        "capture_internal": st.none(),
        "plan": st.text(max_size=3),
    },
)
events = st.fixed_dictionaries(
    {"event": names, "properties": hints},
    optional={
        "distinct_id": ids,
        "$distinct_id": ids,
        "uuid": uuids,
        "timestamp": times,
        "offset": st.integers(-10, 10_000) | st.none(),
        "$set": st.sampled_from([{}, {"a": 1}, None]),
        "$set_once": st.sampled_from([{"b": 2}, None]),
        "api_key": st.sampled_from(["phc_a", None]),
    },
)


def _careful(builder: EventBuilder, sent: SentEvent, of: Any) -> LoggedEvent | DropReason | str:
    try:
        return builder.build(sent, of)
    except CaptureRefusal as refusal:
        return refusal.text


@given(
    event=events,
    sent_at_us=st.sampled_from([None, NOW_US, NOW_US + 5_000_000, NOW_US - 400 * DAY_US, 0]),
    historical=st.booleans(),
    reroute_until_us=st.sampled_from([-(2**63), NOW_US - DAY_US, NOW_US]),
)
def test_a_plain_event_is_logged_as_the_careful_way_logs_it(
    event: dict[str, Any], sent_at_us: int | None, historical: bool, reroute_until_us: int
) -> None:
    shape = parse_shape(json.dumps([event]).encode(), "documented", engage=False)
    builder = EventBuilder(
        profile="documented",
        now_us=NOW_US,
        sent_at_us=sent_at_us,
        historical=historical,
        reroute_until_us=reroute_until_us,
        dropped_ids=frozenset(),
        random_bytes=bytes,
    )
    lane = LANE_HISTORICAL if historical else LANE_MAIN
    plain = plain_event_builder(NOW_US, sent_at_us, reroute_until_us, lane)
    built = plain.build(shape.events[0], shape.hints[0])
    if built is not None:
        assert built == _careful(builder, shape.events[0], shape.hints[0])


def test_an_ordinary_event_takes_the_quick_way() -> None:
    event = {
        "event": "$pageview",
        "distinct_id": "me",
        "uuid": "0197f4a0-0000-7000-8000-0000000000ab",
        "timestamp": "2025-06-15T15:06:40.123456+00:00",
        "properties": {"plan": "pro"},
        "$set": {"a": 1},
    }
    shape = parse_shape(json.dumps([event]).encode(), "documented", engage=False)
    plain = plain_event_builder(NOW_US, NOW_US, -(2**63), LANE_MAIN)
    assert plain.build(shape.events[0], shape.hints[0]) is not None


def _nested(levels: int) -> Any:
    value: Any = 1
    for level in range(levels):
        value = [value] if level % 2 else {"a": value}
    return value


levels = st.integers(0, 3) | st.integers(118, 130)
nested_events = st.fixed_dictionaries(
    {"event": st.just("e")},
    optional={
        "properties": levels.map(lambda count: {"p": _nested(count), "text": "[{["}),
        "$set": levels.map(lambda count: {"s": _nested(count)}),
        "distinct_id": levels.map(_nested),
    },
)


@given(sent=st.lists(nested_events, min_size=1, max_size=6), shape=st.sampled_from(["[]", "{}"]))
def test_the_quick_look_at_the_depth_misses_nothing(sent: list[Any], shape: str) -> None:
    body = sent if shape == "[]" else {"api_key": "phc_a", "batch": sent}
    depth_max = limits.JSON_DEPTH_MAX - (2 if shape == "[]" else 3)
    values = [value for event in sent for key, value in event.items() if key != "event"]
    deepest = any(is_deeper_than(json.dumps(value).encode(), depth_max) for value in values)
    answer = _parsed(json.dumps(body))
    assert (answer == "failed to parse request: recursion limit exceeded") is deepest


@given(
    body=st.fixed_dictionaries(
        {"api_key": st.just("phc_a")},
        optional={
            "batch": st.sampled_from([[], [{"event": "a"}], 5, None]),
            "event": st.just('a "batch"'),
            "properties": st.just({"é": "é"}),
            "sent_at": st.sampled_from(["2025-06-15T15:06:40Z", 5]),
        },
    ),
    escaped=st.booleans(),
)
def test_a_batch_is_seen_however_its_key_is_spelled(body: dict[str, Any], escaped: bool) -> None:
    text = json.dumps(body, ensure_ascii=False)
    other = text.replace('"batch":', '"b\\u0061tch":') if escaped else text
    assert _parsed(text) == _parsed(other)
    try:
        careful = shapes._batch(text.encode(), "documented")
    except CaptureRefusal:
        return
    if careful is not None and careful.events:
        assert _parsed(text) == [bytes(event.properties) for event in careful.events]


def _parsed(text: str) -> Any:
    try:
        parsed = parse_shape(text.encode(), "documented", engage=False)
    except CaptureRefusal as refusal:
        return refusal.text
    assert all(isinstance(event.properties, Raw) for event in parsed.events)
    return [bytes(event.properties) for event in parsed.events]
