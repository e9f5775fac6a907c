"""One capture request, from its bytes to what is logged and answered (capture-protocol §8)."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType, field

from hedgerow.core.errors import CaptureRefusal
from hedgerow.core.ids import RandomBytes
from hedgerow.wire import responses
from hedgerow.wire.decode import decode_payload
from hedgerow.wire.dropped_events import DropTally
from hedgerow.wire.drops import DropReason
from hedgerow.wire.event_builder import EventBuilder
from hedgerow.wire.profiles import Profile
from hedgerow.wire.query_parameters import QueryParameters, parse_query
from hedgerow.wire.quotas import (
    SURVEY_PREFIX,
    IsLimited,
    Resource,
    event_resource,
    nothing_is_limited,
)
from hedgerow.wire.record import RECORD_VERSION, LoggedEvent, LoggedRequest
from hedgerow.wire.request import CaptureRequest
from hedgerow.wire.routes import is_engage_path
from hedgerow.wire.shapes import HintedEvent, SentEvent, Shape, parse_shape
from hedgerow.wire.timestamps import parse_sent_at
from hedgerow.wire.tokens import request_token

__all__ = ["CaptureOutcome", "CaptureRequest", "CaptureRules", "capture"]

_PERFORMANCE_EVENT = "$performance_event"
_DAY_US = 86_400 * 1_000_000
# Earlier than any time an event can have.
_NEVER_US = -(2**63)


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


@dataclass(frozen=True, slots=True)
class CaptureOutcome:
    """What to log, if anything, and the answer to give once it is durable."""

    logged: LoggedRequest | None
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def capture(request: CaptureRequest, rules: CaptureRules) -> CaptureOutcome:
    """Decode, check and correct all events of one request.

    In profile `documented` an event without name or distinct id is dropped and counted; in
    `upstream` it refuses the request. A field of a wrong type is a 400 in both.

    Raises `CaptureRefusal` with the exact status and text.
    """
    query = parse_query(request.query_string, rules.profile)
    text = decode_payload(request, query, rules.profile)
    shape = parse_shape(text, rules.profile, engage=is_engage_path(request.path))
    events = list(zip(shape.events, shape.hints, strict=True))
    wanted = [event for event in events if event[0].event != _PERFORMANCE_EVENT]
    try:
        token = _accepted_token(shape.token, wanted or events, rules)
    except CaptureRefusal:
        if wanted:
            raise
        # Nothing of the request would be kept, so upstream does not look at its key (§7.3).
        return _success(None, query)
    return _success(_logged(request, rules, query, shape, token), query)


def _accepted_token(batch_token: str | None, events: list[HintedEvent], rules: CaptureRules) -> str:
    return accepted_token(request_token(batch_token, events), rules)


def accepted_token(token: str, rules: CaptureRules) -> str:
    """Raises `CaptureRefusal` 401 where no project has this key."""
    if not rules.accepts_key(token):
        raise responses.unknown_token()
    return token


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
    builder = EventBuilder(
        profile=rules.profile,
        now_us=request.now_us,
        sent_at_us=sent_at_us,
        historical=shape.historical_migration,
        reroute_until_us=reroute_until_us(rules, request.now_us),
        dropped_ids=rules.dropped_ids.get(token, frozenset()),
        random_bytes=rules.random_bytes,
    )
    tally = DropTally()
    is_limited = None if rules.is_limited is nothing_is_limited else rules.is_limited
    return LoggedRequest(
        version=RECORD_VERSION,
        token=token,
        now_us=request.now_us,
        sent_at_us=sent_at_us,
        ip=request.ip,
        path=request.path,
        user_agent=request.user_agent,
        historical_migration=shape.historical_migration,
        events=_build_events(builder, shape, tally, token, is_limited),
        dropped=tally.dropped(),
    )


def _build_events(
    builder: EventBuilder, shape: Shape, tally: DropTally, token: str, is_limited: IsLimited | None
) -> list[LoggedEvent]:
    events = []
    for sent, hints in zip(shape.events, shape.hints, strict=True):
        if sent.event == _PERFORMANCE_EVENT:
            tally.add(DropReason.PERFORMANCE_EVENT, sent)
            continue
        if is_limited and is_limited(_resource(sent), token):
            tally.add(DropReason.QUOTA, sent)
            continue
        built = builder.build(sent, hints)
        if isinstance(built, DropReason):
            tally.add(built, sent)
        else:
            events.append(built)
    return events


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
