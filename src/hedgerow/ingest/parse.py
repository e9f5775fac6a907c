"""Steps that read an event: lanes that are no events, then properties and times."""

from typing import Any, Final

import msgspec

from hedgerow.core import json, limits
from hedgerow.directory.batch import Warning as IngestionWarning
from hedgerow.ingest.context import StepContext
from hedgerow.ingest.event import Drop, IngestEvent
from hedgerow.ingest.heatmaps import add_heatmap_rows
from hedgerow.ingest.property_names import property_names
from hedgerow.ingest.warnings import event_warning
from hedgerow.people.person_properties import merged, unset_keys
from hedgerow.wire.drops import DropReason
from hedgerow.wire.record import LANE_CLIENT_WARNINGS, LANE_HEATMAPS, NOT_SENT, LoggedEvent
from hedgerow.wire.timestamps import format_milliseconds, is_too_far_ahead, parse_timestamp

REPLAY_EVENTS: Final = frozenset(("$snapshot", "$snapshot_items"))
# The only way in which JSON can hold a NUL. Where a whole request has none, no event of it has.
ESCAPED_NUL: Final = b"\\u0000"
_SAMPLE_CHARS: Final = 100


def name_event(event: IngestEvent, _context: StepContext) -> Drop | None:
    """The name, cut to its limit, and the distinct id (§10)."""
    event.name = stored_name(event.logged)
    event.distinct_id = stored_distinct_id(event.logged)
    return None


def stored_name(logged: LoggedEvent) -> str:
    return logged.event[: limits.EVENT_NAME_CHARS_MAX]


def stored_distinct_id(logged: LoggedEvent) -> str:
    return logged.distinct_id.replace("\x00", "\ufffd")


def decode_properties(event: IngestEvent, context: StepContext) -> Drop | None:
    """Properties as values. Top-level `$set` and `$set_once` win over those inside (§4)."""
    logged = event.logged
    try:
        properties = json.decode(logged.properties)
    except msgspec.MsgspecError:
        properties = json.decode_lenient(bytes(logged.properties))
        context.warnings.append(
            event_warning(
                event,
                "number_out_of_range",
                message="A number that 64 bits cannot hold was stored as text.",
            )
        )
    if event.needs_care and ESCAPED_NUL in bytes(logged.properties):
        properties = _without_nul(properties)
    event.properties = properties
    names = event.names = property_names(properties)
    if names.change_person or logged.set != NOT_SENT or logged.set_once != NOT_SENT:
        event.set = merged(properties.get("$set"), _sent(logged.set))
        event.set_once = merged(properties.get("$set_once"), _sent(logged.set_once))
        event.unset = unset_keys(properties.get("$unset"))
    return None


def _sent(raw: msgspec.Raw) -> Any:
    if raw == NOT_SENT:
        return None
    data = bytes(raw)
    try:
        value = json.decode(data)
    except msgspec.MsgspecError:
        value = json.decode_lenient(data)
    return _without_nul(value) if ESCAPED_NUL in data else value


def _without_nul(value: Any) -> Any:
    """Every NUL as U+FFFD, since relational stores refuse it (§2)."""
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd")
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_nul(item) for item in value]
    return value


def divert_lanes(event: IngestEvent, context: StepContext) -> Drop | None:
    """What is not an event of the main lane ends here, counted (§1, §15)."""
    if event.logged.lane == LANE_CLIENT_WARNINGS:
        message = event.properties.get("$$client_ingestion_warning_message")
        context.warnings.append(event_warning(event, "client_ingestion_warning", message=message))
        return Drop(DropReason.CLIENT_INGESTION_WARNING)
    if event.logged.lane == LANE_HEATMAPS:
        add_heatmap_rows(event, context)
        return Drop(DropReason.HEATMAP)
    if event.name in REPLAY_EVENTS:
        return Drop(DropReason.SESSION_REPLAY)
    return None


def check_distinct_id(event: IngestEvent, context: StepContext) -> Drop | None:
    """The edge cuts ids at 200; a longer one comes from elsewhere and is refused (§1.3)."""
    if len(event.distinct_id) == limits.DISTINCT_ID_CHARS_MAX and not _is_whole(event):
        context.warnings.append(
            event_warning(event, "distinct_id_truncated", maxLength=limits.DISTINCT_ID_CHARS_MAX)
        )
    if len(event.distinct_id) <= limits.INGEST_DISTINCT_ID_CHARS_MAX:
        return None
    context.warnings.append(
        event_warning(
            event,
            "skipping_event_invalid_distinct_id",
            distinctId=event.distinct_id[:_SAMPLE_CHARS],
            distinctIdLength=len(event.distinct_id),
            maxLength=limits.INGEST_DISTINCT_ID_CHARS_MAX,
        )
    )
    return Drop(DropReason.INVALID_DISTINCT_ID)


def _is_whole(event: IngestEvent) -> bool:
    """Whether the id is all of what was sent, at the root of the event or in its properties."""
    logged = event.logged
    if logged.distinct_id_as_sent:
        return True
    if logged.sent_distinct_id != NOT_SENT:
        sent = json.decode(bytes(logged.sent_distinct_id))
    else:
        sent = event.properties.get("distinct_id")
    return not isinstance(sent, str) or len(sent) <= limits.DISTINCT_ID_CHARS_MAX


def check_age(event: IngestEvent, context: StepContext) -> Drop | None:
    """A project may refuse events older than so many seconds (§9)."""
    limit_seconds = event.settings.drop_events_older_than_seconds
    if limit_seconds is None:
        return None
    age_seconds = (event.request.now_us - event.timestamp_us) // 1_000_000
    if age_seconds <= limit_seconds:
        return None
    context.warnings.append(
        event_warning(
            event,
            "event_dropped_too_old",
            eventTimestamp=format_milliseconds(event.timestamp_us),
            ageInSeconds=age_seconds,
            dropThresholdSeconds=limit_seconds,
        )
    )
    return Drop(DropReason.TOO_OLD)


def check_timestamp(event: IngestEvent, context: StepContext) -> Drop | None:
    """The edge has used its clock for a time that it could not read or take; this tells (§9)."""
    if event.timestamp_us != event.request.now_us:
        return None
    sent = event.logged.sent_timestamp
    if sent is None or event.logged.offset_ms is not None:
        return None
    sent_us = parse_timestamp(sent)
    if sent_us is None:
        context.warnings.append(
            event_warning(
                event,
                "ignored_invalid_timestamp",
                field="timestamp",
                value=sent[:_SAMPLE_CHARS],
                reason="the timestamp could not be read; the time of arrival was used",
            )
        )
    elif is_too_far_ahead(_corrected_us(event, sent_us), event.request.now_us):
        context.warnings.append(_future_warning(event, sent))
    return None


def _corrected_us(event: IngestEvent, sent_us: int) -> int:
    """The sent time by the server's clock, as `event_time` has it."""
    sent_at_us = event.request.sent_at_us
    if sent_at_us is None or event.properties.get("$ignore_sent_at") is True:
        return sent_us
    return sent_us - (sent_at_us - event.request.now_us)


def _future_warning(event: IngestEvent, sent: str) -> IngestionWarning:
    request = event.request
    sent_at_us = request.sent_at_us
    return event_warning(
        event,
        "event_timestamp_in_future",
        timestamp=sent[:_SAMPLE_CHARS],
        sentAt=None if sent_at_us is None else format_milliseconds(sent_at_us),
        offset=None,
        now=format_milliseconds(request.now_us),
        result=format_milliseconds(event.timestamp_us),
        eventName=event.name,
    )
