"""One capture request, from its bytes to what is logged and answered (capture-protocol §8)."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType, field

from hedgerow.core import limits
from hedgerow.core.errors import CaptureRefusal, LostEvents
from hedgerow.core.ids import RandomBytes
from hedgerow.wire import responses
from hedgerow.wire.decode import decode_payload
from hedgerow.wire.dropped_events import DropTally
from hedgerow.wire.drops import DropReason
from hedgerow.wire.event_builder import EventBuilder
from hedgerow.wire.event_uuids import InvalidUuidRefusal
from hedgerow.wire.plain_event import PlainEventBuilder, plain_event_builder
from hedgerow.wire.profiles import Profile
from hedgerow.wire.query_parameters import QueryParameters, parse_query
from hedgerow.wire.quotas import (
    SURVEY_PREFIX,
    IsLimited,
    Resource,
    event_resource,
    nothing_is_limited,
)
from hedgerow.wire.record import (
    LANE_HISTORICAL,
    LANE_MAIN,
    RECORD_VERSION,
    LoggedEvent,
    LoggedRequest,
)
from hedgerow.wire.request import CaptureRequest
from hedgerow.wire.routes import is_engage_path
from hedgerow.wire.shapes import OBJECTS_MAX, SentEvent, Shape, parse_shape
from hedgerow.wire.timestamps import parse_sent_at
from hedgerow.wire.tokens import checked_token, events_token

__all__ = ["CaptureOutcome", "CaptureRequest", "CaptureRules", "capture"]

_PERFORMANCE_EVENT = "$performance_event"
_DAY_US = 86_400 * 1_000_000
# An object of two bytes takes as long to decode as so much text.
_BYTES_OF_WORK_AN_OBJECT = 64
# Earlier than any time an event can have.
_NEVER_US = -(2**63)
_NO_IDS: frozenset[str] = frozenset()


class _Tour(Struct):
    product_tour_id: Raw | UnsetType = field(default=UNSET, name="$product_tour_id")


_decode_tour = msgspec.json.Decoder(_Tour).decode


@dataclass(frozen=True, slots=True)
class CaptureRules:
    """What the operator decides.

    `accepts_key` says whether a project has this key. `dropped_ids` maps a token to distinct ids
    whose events are dropped silently, `*` standing for all. Events that are at least
    `historical_rerouting_days` old take the historical lane; 0 switches that off. `is_limited` says
    whether a project (by its key) has used up a quota.
    """

    profile: Profile
    accepts_key: Callable[[str], bool]
    dropped_ids: Mapping[str, frozenset[str]]
    historical_rerouting_days: int = 0
    random_bytes: RandomBytes = os.urandom
    is_limited: IsLimited = nothing_is_limited


class CaptureOutcome(Struct, frozen=True, gc=False):
    """What to log, if anything, and the answer to give once it is durable."""

    logged: LoggedRequest | None
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def capture(
    request: CaptureRequest,
    rules: CaptureRules,
    decoded_bytes_max: int = limits.DECODED_BYTES_MAX,
) -> CaptureOutcome:
    """Decode, check and correct all events of one request.

    In profile `documented` an event without name or distinct id is dropped and counted; in
    `upstream` it refuses the request. A field of a wrong type is a 400 in both.

    Raises `CaptureRefusal` with the exact status and text; of status 413 where the payload
    decodes to more than `decoded_bytes_max`, or to so many objects as cost the same.
    """
    query = parse_query(request.query_string, rules.profile)
    text = decode_payload(request, query, rules.profile, decoded_bytes_max)
    shape = parse_shape(
        text,
        rules.profile,
        engage=is_engage_path(request.path),
        objects_max=min(OBJECTS_MAX, decoded_bytes_max // _BYTES_OF_WORK_AN_OBJECT),
    )
    try:
        token = _accepted_token(shape, rules)
    except CaptureRefusal:
        if any(event.event != _PERFORMANCE_EVENT for event in shape.events):
            raise
        # Nothing of the request would be kept, so upstream does not look at its key (§7.3).
        return _success(None, query)
    try:
        logged = _logged(request, rules, query, shape, token)
    except InvalidUuidRefusal as refusal:
        refusal.lost = LostEvents(token, DropReason.INVALID_EVENT_UUID, len(shape.events))
        raise
    return _success(logged, query)


def _accepted_token(shape: Shape, rules: CaptureRules) -> str:
    return accepted_token(_token(shape), rules)


def accepted_token(token: str, rules: CaptureRules) -> str:
    """Raises `CaptureRefusal` 401 where no project has this key."""
    if not rules.accepts_key(token):
        raise responses.unknown_token(token)
    return token


def _token(shape: Shape) -> str:
    if shape.token is not None:
        return checked_token(shape.token)
    events = list(zip(shape.events, shape.hints, strict=True))
    wanted = [event for event in events if event[0].event != _PERFORMANCE_EVENT]
    return events_token(wanted or events)


def _logged(
    request: CaptureRequest,
    rules: CaptureRules,
    query: QueryParameters,
    shape: Shape,
    token: str,
) -> LoggedRequest:
    sent_at_us = parse_sent_at(shape.sent_at)
    if sent_at_us is None:
        sent_at_us = query.sent_at_us
    reroute_us = reroute_until_us(rules, request.now_us)
    historical = shape.historical_migration
    builder = EventBuilder(
        profile=rules.profile,
        now_us=request.now_us,
        sent_at_us=sent_at_us,
        historical=historical,
        reroute_until_us=reroute_us,
        dropped_ids=rules.dropped_ids.get(token, _NO_IDS),
        random_bytes=rules.random_bytes,
    )
    plain = plain_event_builder(
        request.now_us, sent_at_us, reroute_us, LANE_HISTORICAL if historical else LANE_MAIN
    )
    tally = DropTally()
    limited_resources = None
    if rules.is_limited is not nothing_is_limited:
        limited_resources = partial(_is_over_quota, rules.is_limited, token)
    return LoggedRequest(
        version=RECORD_VERSION,
        token=token,
        now_us=request.now_us,
        sent_at_us=sent_at_us,
        ip=request.ip,
        path=request.path,
        user_agent=request.user_agent,
        historical_migration=historical,
        events=_build_events(builder, plain, shape, tally, limited_resources),
        dropped=tally.dropped(),
    )


def _build_events(
    builder: EventBuilder,
    plain: PlainEventBuilder,
    shape: Shape,
    tally: DropTally,
    is_limited: Callable[[SentEvent], bool] | None,
) -> list[LoggedEvent]:
    events: list[LoggedEvent] = []
    for sent, hints in zip(shape.events, shape.hints, strict=True):
        if sent.event == _PERFORMANCE_EVENT:
            tally.add(DropReason.PERFORMANCE_EVENT, sent)
            continue
        if is_limited is not None and is_limited(sent):
            tally.add(DropReason.QUOTA, sent)
            continue
        quick = None if builder.dropped_ids else plain.build(sent, hints)
        built = quick or builder.build(sent, hints)
        if isinstance(built, LoggedEvent):
            events.append(built)
        else:
            tally.add(built, sent)
    return events


def _is_over_quota(is_limited: IsLimited, token: str, sent: SentEvent) -> bool:
    return is_limited(_resource(sent), token)


def _resource(sent: SentEvent) -> Resource:
    name = sent.event or ""
    if not name.startswith(SURVEY_PREFIX):
        return event_resource(name, of_product_tour=False)
    tour = _decode_tour(sent.properties).product_tour_id
    return event_resource(name, of_product_tour=tour is not UNSET)


def reroute_until_us(rules: CaptureRules, now_us: int) -> int:
    """Main events up to this time take the historical lane."""
    days = rules.historical_rerouting_days
    return now_us - days * _DAY_US if days else _NEVER_US


def _success(logged: LoggedRequest | None, query: QueryParameters) -> CaptureOutcome:
    """200, or 204 for a beacon of which something was kept (§7.1)."""
    if query.beacon and logged is not None and logged.events:
        return CaptureOutcome(logged, 204, (), b"")
    return CaptureOutcome(logged, 200, responses.SUCCESS_HEADERS, responses.SUCCESS_BODY)
