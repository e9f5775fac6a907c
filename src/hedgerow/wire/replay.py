"""One request of session replay, from its bytes to what is logged (capture-protocol §12).

A request becomes one record of items, in the order sent. `$snapshot_chunks` keeps which items came
with which event, by the event's uuid: a client that sends the same events again, grouped in another
way, adds nothing.
"""

import hashlib
import re
from typing import Final

import msgspec
from msgspec import Raw, Struct, field

from hedgerow.core import json, limits
from hedgerow.core.errors import LostEvents
from hedgerow.wire import responses
from hedgerow.wire.capture import CaptureOutcome, CaptureRules, accepted_token
from hedgerow.wire.decode import decode_payload
from hedgerow.wire.depth import is_deeper_than
from hedgerow.wire.distinct_ids import extract_distinct_id
from hedgerow.wire.dropped_events import DropTally
from hedgerow.wire.drops import DropReason
from hedgerow.wire.event_uuids import normalize_uuid
from hedgerow.wire.query_parameters import QueryParameters, parse_query
from hedgerow.wire.quotas import Resource
from hedgerow.wire.record import LANE_REPLAY, NOT_SENT, RECORD_VERSION, LoggedEvent, LoggedRequest
from hedgerow.wire.request import CaptureRequest
from hedgerow.wire.surrogates import repair_lone_surrogates
from hedgerow.wire.timestamps import event_time, parse_sent_at
from hedgerow.wire.tokens import checked_token

REPLAY_EVENT: Final = "$snapshot_items"
_SESSION_ID = re.compile(r"[A-Za-z0-9-]+", re.ASCII)
_DEFAULT_SOURCE, _DEFAULT_LIBRARY = "web", "web"


class _Properties(Struct, gc=False):
    session_id: Raw = field(default=NOT_SENT, name="$session_id")
    window_id: Raw = field(default=NOT_SENT, name="$window_id")
    source: Raw = field(default=NOT_SENT, name="$snapshot_source")
    data: Raw = field(default=NOT_SENT, name="$snapshot_data")
    library: Raw = field(default=NOT_SENT, name="$lib")
    library_version: Raw = field(default=NOT_SENT, name="$lib_version")
    distinct_id: Raw = NOT_SENT
    token: Raw = NOT_SENT


class _Snapshot(Struct, gc=False):
    """One event as sent. Everything but the items is taken from the first of a request."""

    properties: _Properties
    uuid: str | None = None
    distinct_id: Raw = NOT_SENT
    timestamp: str | None = None
    offset: int | None = None
    sent_at: str | None = None
    token: str | None = None
    api_key: str | None = None
    dollar_token: str | None = field(default=None, name="$token")


class _Chunk(Struct, array_like=True):
    uuid: str
    items: int


class ReplayProperties(Struct):
    """The properties of a logged record of replay."""

    distinct_id: str
    session_id: str = field(name="$session_id")
    window_id: str = field(name="$window_id")
    source: str = field(name="$snapshot_source")
    items: list[Raw] = field(name="$snapshot_items")
    library: str = field(name="$lib")
    chunks: list[_Chunk] = field(default_factory=list, name="$snapshot_chunks")
    library_version: str = field(default="", name="$lib_version")


decode_properties = msgspec.json.Decoder(ReplayProperties).decode
_decode_many = msgspec.json.Decoder(list[_Snapshot]).decode
_decode_one = msgspec.json.Decoder(_Snapshot).decode
_decode_items = msgspec.json.Decoder(list[Raw]).decode


def capture_replay(
    request: CaptureRequest,
    rules: CaptureRules,
    decoded_bytes_max: int = limits.DECODED_BYTES_MAX,
) -> CaptureOutcome:
    """Raises `CaptureRefusal` with the exact status and text."""
    query = parse_query(request.query_string, rules.profile)
    text = decode_payload(
        request, query, rules.profile, decoded_bytes_max, limits.REPLAY_BODY_BYTES_MAX
    )
    snapshots = _parse(text)
    first = snapshots[0]
    token = accepted_token(checked_token(_token(first)), rules)
    tally = DropTally()
    events: list[LoggedEvent] = []
    sent_at_us = parse_sent_at(first.sent_at) or query.sent_at_us
    is_limited = rules.is_limited(Resource.RECORDINGS, token)
    if is_limited:
        tally.add(DropReason.RECORDING_OVER_QUOTA, {"events": len(snapshots)}, len(snapshots))
    else:
        try:
            built = _built(snapshots, request, rules, sent_at_us)
        except responses.ReplayRefusal as refusal:
            refusal.lost = LostEvents(token, refusal.reason, len(snapshots))
            raise
        if isinstance(built, DropReason):
            tally.add(built, {"events": len(snapshots)}, len(snapshots))
        else:
            events.append(built)
    logged = LoggedRequest(
        version=RECORD_VERSION,
        token=token,
        now_us=request.now_us,
        sent_at_us=sent_at_us,
        ip=request.ip,
        path=request.path,
        user_agent=request.user_agent,
        historical_migration=False,
        events=events,
        dropped=tally.dropped(),
    )
    return _answer(logged, query, is_limited=is_limited)


def _parse(text: bytes) -> list[_Snapshot]:
    """An array or one event."""
    if is_deeper_than(text, limits.REPLAY_JSON_DEPTH_MAX):
        raise responses.unparsable("recursion limit exceeded")
    try:
        return _decode(text)
    except msgspec.ValidationError as error:
        raise responses.unparsable(str(error)) from None
    except (msgspec.DecodeError, RecursionError):
        try:
            return _decode(repair_lone_surrogates(text))
        except (msgspec.MsgspecError, RecursionError) as error:
            raise responses.unparsable(str(error)) from None


def _decode(text: bytes) -> list[_Snapshot]:
    if text.lstrip()[:1] != b"[":
        return [_decode_one(text)]
    snapshots = _decode_many(text)
    if not snapshots:
        raise responses.no_event()
    return snapshots


def _token(first: _Snapshot) -> str:
    for token in (first.token, first.dollar_token, first.api_key, _text(first.properties.token)):
        if isinstance(token, str):
            return token
    raise responses.missing_token()


def _built(
    snapshots: list[_Snapshot],
    request: CaptureRequest,
    rules: CaptureRules,
    sent_at_us: int | None,
) -> LoggedEvent | DropReason:
    first = snapshots[0]
    session_id = _session_id(first.properties)
    distinct_id = _distinct_id(first)
    items: list[Raw] = []
    chunks = [_chunk(snapshot, items) for snapshot in snapshots]
    if distinct_id is None:
        if rules.profile == "upstream":
            raise responses.missing_distinct_id()
        return DropReason.MISSING_DISTINCT_ID
    properties = ReplayProperties(
        distinct_id=distinct_id,
        session_id=session_id,
        window_id=_text(first.properties.window_id) or session_id,
        source=_text(first.properties.source) or _DEFAULT_SOURCE,
        items=items,
        library=_text(first.properties.library) or _library(request.user_agent),
        chunks=chunks,
        library_version=_text(first.properties.library_version) or "",
    )
    return LoggedEvent(
        uuid=_record_uuid(session_id, chunks),
        event=REPLAY_EVENT,
        distinct_id=distinct_id,
        timestamp_us=event_time(request.now_us, first.timestamp, first.offset, sent_at_us),
        lane=LANE_REPLAY,
        properties=Raw(json.encode(properties)),
        sent_timestamp=first.timestamp,
        offset_ms=first.offset,
    )


def _session_id(properties: _Properties) -> str:
    if properties.session_id == NOT_SENT:
        raise responses.replay_without_session_id()
    session_id = _text(properties.session_id)
    if (
        session_id is None
        or len(session_id) > limits.REPLAY_SESSION_ID_CHARS_MAX
        or not _SESSION_ID.fullmatch(session_id)
    ):
        raise responses.replay_with_invalid_session_id()
    return session_id


def _distinct_id(first: _Snapshot) -> str | None:
    root = first.distinct_id if first.distinct_id != NOT_SENT else first.properties.distinct_id
    return extract_distinct_id(json.decode(root))


def _chunk(snapshot: _Snapshot, items: list[Raw]) -> _Chunk:
    """Appends the event's items; without a uuid of its own it gets one of its content."""
    data = snapshot.properties.data
    kind = bytes(data)[:1]
    if kind == b"[":
        added = _decode_items(data)
    elif kind == b"{":
        added = [data]
    else:
        raise responses.replay_without_data()
    items.extend(added)
    if snapshot.uuid:
        return _Chunk(normalize_uuid(snapshot.uuid), len(added))
    return _Chunk(normalize_uuid(hashlib.blake2b(data, digest_size=16).hexdigest()), len(added))


def _record_uuid(session_id: str, chunks: list[_Chunk]) -> str:
    """The same for the same events of the same session."""
    if len(chunks) == 1:
        return chunks[0].uuid
    identity = "\0".join([session_id, *(chunk.uuid for chunk in chunks)])
    return normalize_uuid(hashlib.blake2b(identity.encode(), digest_size=16).hexdigest())


def _library(user_agent: str) -> str:
    name = user_agent.split("/", 1)[0]
    return name if "posthog" in name else _DEFAULT_LIBRARY


def _text(raw: Raw) -> str | None:
    return str(json.decode(raw)) if bytes(raw)[:1] == b'"' else None


def _answer(logged: LoggedRequest, query: QueryParameters, *, is_limited: bool) -> CaptureOutcome:
    if is_limited:
        return CaptureOutcome(
            logged, 200, responses.SUCCESS_HEADERS, responses.RECORDINGS_LIMITED_BODY
        )
    if query.beacon and logged.events:
        return CaptureOutcome(logged, 204, (), b"")
    return CaptureOutcome(logged, 200, responses.SUCCESS_HEADERS, responses.SUCCESS_BODY)
