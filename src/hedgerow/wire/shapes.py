"""The shapes of a capture body: array, batch, single event, engage (capture-protocol §4).

`properties` stay undecoded; a second, small struct reads the few keys of them that the edge needs
and proves on the way that they are an object. Undecoded JSON is checked for syntax but not for
the range of its numbers: `1e400` and huge integers are accepted on purpose, since refusing one
number would lose an event; ingest turns them into text.
"""

from typing import Annotated

import msgspec
from msgspec import UNSET, DecodeError, Meta, Raw, Struct, UnsetType, ValidationError, field

from hedgerow.core import json, limits
from hedgerow.wire import responses
from hedgerow.wire.ai_events import is_ai_event
from hedgerow.wire.depth import count_byte, is_deeper_than, opening_brackets
from hedgerow.wire.profiles import Profile
from hedgerow.wire.record import NOT_SENT
from hedgerow.wire.surrogates import repair_lone_surrogates

_Int64 = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
_EMPTY_OBJECT = Raw(b"{}")
TRUE, FALSE = Raw(b"true"), Raw(b"false")

# An object of two bytes becomes some hundred in memory, so their number is bounded too.
OBJECTS_MAX = 500_000


class SentEvent(Struct, gc=False, omit_defaults=True):
    """One event object as sent; unknown keys are ignored. Aliases have a field each."""

    event: str | None = None
    distinct_id: Raw = NOT_SENT
    dollar_distinct_id: Raw = field(default=NOT_SENT, name="$distinct_id")
    properties: Raw = _EMPTY_OBJECT
    uuid: str | None = None
    timestamp: str | None = None
    offset: _Int64 | None = None
    set: Raw = field(default=NOT_SENT, name="$set")
    set_once: Raw = field(default=NOT_SENT, name="$set_once")
    token: str | None = None
    dollar_token: str | None = field(default=None, name="$token")
    api_key: str | None = None

    def root_distinct_id(self) -> Raw:
        sent = self.distinct_id
        if sent is NOT_SENT or sent == NOT_SENT:
            return self.dollar_distinct_id
        return sent

    def root_token(self) -> str | None:
        if self.token is not None:
            return self.token
        return self.api_key if self.dollar_token is None else self.dollar_token


class PropertyHints(Struct, gc=False):
    """What the edge reads of `properties`. Raw, since any value may be anything of any size."""

    distinct_id: Raw = NOT_SENT
    token: Raw = NOT_SENT
    cookieless_mode: Raw = field(default=FALSE, name="$cookieless_mode")
    ignore_sent_at: Raw = field(default=FALSE, name="$ignore_sent_at")
    capture_internal: Raw | UnsetType = UNSET


HintedEvent = tuple[SentEvent, PropertyHints]


class SentBatch(Struct):
    """The batch envelope. Only here `sent_at` and `historical_migration` mean anything."""

    batch: list[SentEvent]
    api_key: str | None = None
    token: str | None = None
    sent_at: str | None = None
    historical_migration: bool | None = None


class Shape(Struct, gc=False):
    """A parsed body. `token` is the batch's root key; `hints` belong to `events` one by one."""

    events: list[SentEvent]
    hints: list[PropertyHints]
    token: str | None = None
    sent_at: str | None = None
    historical_migration: bool = False


class _BatchProbe(Struct):
    batch: Raw | UnsetType = UNSET


_array_decoder = msgspec.json.Decoder(list[SentEvent])
_batch_decoder = msgspec.json.Decoder(SentBatch)
_event_decoder = msgspec.json.Decoder(SentEvent)
_probe_decoder = msgspec.json.Decoder(_BatchProbe)
_decode_hints = msgspec.json.Decoder(PropertyHints).decode
_decode_object = msgspec.json.Decoder(dict[str, Raw]).decode

# How many arrays and objects enclose the values of an event.
_SINGLE_LEVELS, _ARRAY_LEVELS, _BATCH_LEVELS = 1, 2, 3

# A key of another spelling has an escape in it.
_BATCH_KEY, _ESCAPE = b'"batch"', b"\\u"

_JSON_WHITESPACE = b" \t\r\n"


def parse_shape(
    text: bytes, profile: Profile, *, engage: bool, objects_max: int = OBJECTS_MAX
) -> Shape:
    """The first shape that matches `text`, which is UTF-8.

    A field of a wrong type makes the whole body unparsable in both profiles: a client that sends
    one does so in every event. Nameless events are left in for the caller to drop in
    `documented`; on an engage path they become `$identify`. In `upstream` they refuse the request.

    Raises `CaptureRefusal`: 400, or 413 for an event over its limit or too many objects.
    """
    try:
        return _parse(text, profile, engage=engage, objects_max=objects_max)
    except ValidationError as error:
        raise responses.unparsable(str(error)) from None
    except DecodeError as error:
        broken = responses.unparsable(str(error))
    except RecursionError:
        raise responses.unparsable("recursion limit exceeded") from None
    # The repair is slow, and only small bodies are known to need it.
    if profile == "upstream" or len(text) > limits.BODY_BYTES_MAX:
        raise broken
    repaired = repair_lone_surrogates(text)
    if repaired == text:
        raise broken
    return parse_shape(repaired, profile, engage=engage, objects_max=objects_max)


def _parse(text: bytes, profile: Profile, *, engage: bool, objects_max: int) -> Shape:
    if len(text) > 2 * objects_max and count_byte(text, b"{") > objects_max:
        raise responses.too_large(f"the body holds more than {objects_max} objects")
    if text.lstrip(_JSON_WHITESPACE)[:1] == b"[":
        shape = _array(text, profile)
    else:
        may_be_batch = _BATCH_KEY in text or _ESCAPE in text
        batch = _batch(text, profile) if may_be_batch else None
        shape = batch or _single(text, profile, engage=engage)
    if not shape.events:
        raise responses.no_event()
    if engage:
        for event in shape.events:
            event.event = "$identify" if event.event is None else event.event
    return shape


def _array(text: bytes, profile: Profile) -> Shape:
    events = _array_decoder.decode(text)
    if profile == "upstream" and not _all_named(events):
        raise responses.unparsable("missing field `event`")
    return Shape(events, _checked_hints(text, events, _ARRAY_LEVELS))


def _batch(text: bytes, profile: Profile) -> Shape | None:
    """None where `text` is not the batch shape; it may still be a single event."""
    try:
        batch = _batch_decoder.decode(text)
    except ValidationError:
        return None
    token = batch.token if batch.api_key is None else batch.api_key
    if profile == "upstream" and (token is None or not _all_named(batch.batch)):
        return None
    return Shape(
        batch.batch,
        _checked_hints(text, batch.batch, _BATCH_LEVELS),
        token,
        batch.sent_at,
        historical_migration=bool(batch.historical_migration),
    )


def _single(text: bytes, profile: Profile, *, engage: bool) -> Shape:
    event = _event_decoder.decode(text)
    if event.event is None:
        if profile == "documented" and _probe_decoder.decode(text).batch is not UNSET:
            # It was meant as a batch: decoding it again says what is wrong with it.
            _batch_decoder.decode(text)
        if profile == "upstream" and not engage:
            raise responses.nameless_event()
    return Shape([event], _checked_hints(text, [event], _SINGLE_LEVELS))


def _all_named(events: list[SentEvent]) -> bool:
    return all(event.event is not None for event in events)


def _checked_hints(
    text: bytes, events: list[SentEvent], envelope_levels: int
) -> list[PropertyHints]:
    """The hints of each event, whose values lie `envelope_levels` deep in the body.

    Raises `ValidationError` where `properties`, `$set` or `$set_once` is not an object, and
    `RecursionError` where the body nests too deeply (§13), `CaptureRefusal` 413 for an event over
    its limit.
    """
    if len(text) > limits.EVENT_BYTES_MAX:
        _check_sizes(events)
    depth_max = limits.JSON_DEPTH_MAX - envelope_levels
    if _may_be_deeper(text, events, depth_max):
        _check_depth(events, depth_max)
    hints = []
    for event in events:
        if event.set is not NOT_SENT:
            event.set = _checked_object(event.set)
        if event.set_once is not NOT_SENT:
            event.set_once = _checked_object(event.set_once)
        hints.append(_decode_hints(event.properties))
    return hints


def _check_sizes(events: list[SentEvent]) -> None:
    for event in events:
        size = len(json.encode(event))
        if is_ai_event(event.event):
            if size > limits.AI_EVENT_BYTES_MAX:
                raise responses.too_large_for_ai(
                    f"an event is larger than {limits.AI_EVENT_BYTES_MAX} bytes"
                )
        elif size > limits.EVENT_BYTES_MAX:
            raise responses.too_large(f"an event is larger than {limits.EVENT_BYTES_MAX} bytes")


def _may_be_deeper(text: bytes, events: list[SentEvent], depth_max: int) -> bool:
    """Whether `text` has brackets enough for a value that nests more than `depth_max`.

    Each event opens an object of its own and one for the properties it was sent with; only what
    is left can lie in such a value. One look at the whole text costs less than one at each event.
    """
    unclaimed = opening_brackets(text) - len(events)
    if unclaimed < depth_max:
        return False
    return unclaimed - sum(event.properties is not _EMPTY_OBJECT for event in events) >= depth_max


def _check_depth(events: list[SentEvent], depth_max: int) -> None:
    for event in events:
        for raw in (event.properties, event.set, event.set_once, event.root_distinct_id()):
            if raw is not NOT_SENT and is_deeper_than(bytes(raw), depth_max):
                raise RecursionError


def _checked_object(raw: Raw) -> Raw:
    """`raw` where it is an object, `NOT_SENT` where it is null."""
    if raw == NOT_SENT:
        return NOT_SENT
    _decode_object(raw)
    return raw
