"""From one event as sent to the event as logged, or the reason to drop it (§6, §8, §9)."""

from typing import Any

import msgspec
from msgspec import UNSET, Raw, Struct

from hedgerow.core import json
from hedgerow.core.ids import RandomBytes, uuid7
from hedgerow.wire import responses
from hedgerow.wire.distinct_ids import extract_distinct_id
from hedgerow.wire.drops import DropReason
from hedgerow.wire.event_uuids import normalize_uuid
from hedgerow.wire.lanes import event_lane
from hedgerow.wire.profiles import Profile
from hedgerow.wire.record import NOT_SENT, LoggedEvent
from hedgerow.wire.shapes import FALSE, TRUE, PropertyHints, SentEvent
from hedgerow.wire.timestamps import event_time

_ALL_IDS = "*"


class EventBuilder(Struct, frozen=True, kw_only=True, gc=False):
    """What all events of one request share.

    Events up to `reroute_until_us` go to the historical lane; `dropped_ids` are the distinct ids
    of this token that the operator has switched off.
    """

    profile: Profile
    now_us: int
    sent_at_us: int | None
    historical: bool
    reroute_until_us: int
    dropped_ids: frozenset[str]
    random_bytes: RandomBytes

    def build(self, sent: SentEvent, hints: PropertyHints) -> LoggedEvent | DropReason:
        """Raises `CaptureRefusal` 400 for what refuses the whole request."""
        if not sent.event:
            return self._invalid(DropReason.MISSING_EVENT_NAME)
        skewed = hints.ignore_sent_at is FALSE or hints.ignore_sent_at != TRUE
        timestamp_us = event_time(
            self.now_us, sent.timestamp, sent.offset, self.sent_at_us if skewed else None
        )
        sent_distinct_id = sent.root_distinct_id()
        root_distinct_id = _decode(sent_distinct_id)
        distinct_id = extract_distinct_id(
            _decode(hints.distinct_id) if root_distinct_id is None else root_distinct_id
        )
        if distinct_id is None:
            return self._invalid(DropReason.MISSING_DISTINCT_ID)
        cookieless = hints.cookieless_mode is not FALSE and _is_true(hints.cookieless_mode)
        uuid = normalize_uuid(sent.uuid) if sent.uuid else self._new_uuid(timestamp_us)
        if self.dropped_ids and (distinct_id in self.dropped_ids or _ALL_IDS in self.dropped_ids):
            return DropReason.TOKEN_DROPPER
        historical = self.historical or timestamp_us <= self.reroute_until_us
        as_sent = root_distinct_id == distinct_id
        # By position, since keywords would take six times as long for each event.
        return LoggedEvent(
            uuid,
            sent.event,
            distinct_id,
            timestamp_us,
            event_lane(sent.event, historical=historical),
            sent.properties,
            sent.set,
            sent.set_once,
            sent.timestamp,
            sent.offset,
            sent.root_token(),
            NOT_SENT if as_sent else sent_distinct_id,
            bool(sent.uuid),
            cookieless,
            hints.capture_internal is not UNSET,
            as_sent,
        )

    def _new_uuid(self, timestamp_us: int) -> str:
        return uuid7(timestamp_us // 1000, self.random_bytes)

    def _invalid(self, reason: DropReason) -> DropReason:
        """`reason`, or a refusal where the profile lets one invalid event refuse the request."""
        if self.profile == "documented":
            return reason
        if reason is DropReason.MISSING_EVENT_NAME:
            raise responses.empty_event_name()
        raise responses.missing_distinct_id()


def _is_true(cookieless_mode: Raw) -> bool:
    """Raises `CaptureRefusal` 400 for what is no boolean (§8.6)."""
    if cookieless_mode not in (FALSE, TRUE):
        raise responses.invalid_cookieless_mode()
    return cookieless_mode == TRUE


def _decode(sent_distinct_id: Raw) -> Any:
    """Raises `CaptureRefusal` 400 where a number in it is out of range."""
    if sent_distinct_id is NOT_SENT:
        return None
    try:
        return json.decode(sent_distinct_id)
    except msgspec.DecodeError as error:
        raise responses.unparsable(str(error)) from None
