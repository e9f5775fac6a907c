"""From one v1 event as sent to the event as logged, or why it is dropped (§14.2)."""

from dataclasses import dataclass
from typing import Final

import msgspec
from msgspec import Raw

from hedgerow.core import json, limits
from hedgerow.wire.ai_events import is_ai_event
from hedgerow.wire.illegal_distinct_ids import is_illegal_distinct_id
from hedgerow.wire.lanes import event_lane
from hedgerow.wire.quotas import IsLimited, Resource, event_resource
from hedgerow.wire.record import NOT_SENT, LoggedEvent
from hedgerow.wire.timestamps import event_time
from hedgerow.wire.v1.body import V1Event
from hedgerow.wire.v1.options import V1Options, read_options
from hedgerow.wire.v1.rfc3339 import parse_rfc3339

_PERFORMANCE_EVENT = "$performance_event"
_ALL_IDS = "*"
_NO_OPTIONS: Final = V1Options()

OVER_QUOTA: Final = {
    Resource.EVENTS: "events_over_quota",
    Resource.EXCEPTIONS: "exceptions_over_quota",
    Resource.SURVEYS: "survey_responses_over_quota",
    Resource.LLM_EVENTS: "llm_events_over_quota",
}

# What ingestion takes as no (ingestion §15): JSON that is false where it is asked for a truth.
_FALSY: Final = frozenset((b"false", b"null", b"0", b"0.0", b'""'))

_decode_object = msgspec.json.Decoder(dict[str, Raw]).decode


class EventDroppedError(Exception):
    """The event is not stored; `details` is what the client is told."""

    def __init__(self, details: str) -> None:
        super().__init__(details)
        self.details = details


@dataclass(frozen=True, slots=True, kw_only=True)
class V1EventBuilder:
    """What all events of one request share."""

    token: str
    now_us: int
    request_time_us: int
    historical: bool
    internal: bool
    reroute_until_us: int
    dropped_ids: frozenset[str]
    is_limited: IsLimited
    library: tuple[str, str] | None

    def build(self, sent: V1Event) -> LoggedEvent:
        """Raises `EventDroppedError` for the first rule that the event breaks."""
        _check_names(sent)
        sent_time_us = parse_rfc3339(sent.timestamp)
        if sent_time_us is None:
            raise EventDroppedError("invalid_event_timestamp")
        properties = _properties(sent)
        options = _options(sent)
        self._check_admitted(sent, properties)
        timestamp_us = self._timestamp(sent, sent_time_us, options)
        cookieless = options.cookieless_mode
        if cookieless is None:
            cookieless = bytes(properties.get("$cookieless_mode", NOT_SENT)) not in _FALSY
        properties.update(self._injected(sent, options))
        return LoggedEvent(
            uuid=sent.uuid,
            event=sent.event,
            distinct_id=sent.distinct_id,
            timestamp_us=timestamp_us,
            lane=event_lane(
                sent.event,
                historical=self.historical or timestamp_us <= self.reroute_until_us,
            ),
            properties=Raw(json.encode(properties)),
            sent_timestamp=sent.timestamp,
            cookieless=cookieless,
            internal=self.internal,
            force_disable_person_processing=is_illegal_distinct_id(sent.distinct_id),
        )

    def _check_admitted(self, sent: V1Event, properties: dict[str, Raw]) -> None:
        if sent.event == _PERFORMANCE_EVENT:
            raise EventDroppedError("rejected")
        resource = event_resource(sent.event, of_product_tour="$product_tour_id" in properties)
        if self.is_limited(resource, self.token):
            raise EventDroppedError(OVER_QUOTA[resource])
        if sent.distinct_id in self.dropped_ids or _ALL_IDS in self.dropped_ids:
            raise EventDroppedError("event_restriction_drop")

    def _timestamp(self, sent: V1Event, sent_time_us: int, options: V1Options) -> int:
        """Corrected by how far the client's clock was off, unless the client wants it as it is."""
        if options.disable_skew_correction:
            return sent_time_us
        return event_time(self.now_us, sent.timestamp, None, self.request_time_us)

    def _injected(self, sent: V1Event, options: V1Options) -> dict[str, Raw]:
        """Properties that v1 lifts out of the event; they win over the client's own."""
        values = {
            "$session_id": sent.session_id,
            "$window_id": sent.window_id,
            "$cookieless_mode": options.cookieless_mode,
            "$ignore_sent_at": options.disable_skew_correction,
            "$process_person_profile": options.process_person_profile,
            "$product_tour_id": options.product_tour_id,
        }
        if self.library is not None:
            values["$lib"], values["$lib_version"] = self.library
        return {
            name: Raw(json.encode(value)) for name, value in values.items() if value is not None
        }


def _check_names(sent: V1Event) -> None:
    if not sent.event:
        raise EventDroppedError("missing_event_name")
    if len(sent.event.encode()) > limits.V1_EVENT_NAME_BYTES_MAX:
        raise EventDroppedError("event_name_too_long")
    if not sent.distinct_id:
        raise EventDroppedError("missing_distinct_id")
    if len(sent.distinct_id.encode()) > limits.V1_DISTINCT_ID_BYTES_MAX:
        raise EventDroppedError("distinct_id_too_large")


def _properties(sent: V1Event) -> dict[str, Raw]:
    try:
        properties = _decode_object(sent.properties)
    except msgspec.MsgspecError:
        raise EventDroppedError("malformed_event_properties") from None
    size = len(bytes(sent.properties))
    if is_ai_event(sent.event):
        if size > limits.AI_EVENT_BYTES_MAX:
            raise EventDroppedError("ai_event_too_big")
    elif size > limits.EVENT_BYTES_MAX:
        raise EventDroppedError("event_too_big")
    return properties


def _options(sent: V1Event) -> V1Options:
    try:
        return _NO_OPTIONS if sent.options is NOT_SENT else read_options(sent.options)
    except ValueError:
        raise EventDroppedError("invalid_options") from None
