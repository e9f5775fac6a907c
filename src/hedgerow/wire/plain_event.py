"""The quick way to log an event that has nothing special, as nearly all events of SDKs have.

`EventBuilder` is the careful way and states the rules. This one only recognises events that none
of the special rules touch, and builds the same for them at half the cost; every other event it
leaves to the careful way. A property test holds the two equal.
"""

from datetime import UTC, datetime

import msgspec
from msgspec import UNSET, Struct

from hedgerow.core import limits
from hedgerow.wire.event_uuids import is_canonical_uuid
from hedgerow.wire.lanes import LANES_BY_NAME
from hedgerow.wire.record import LoggedEvent
from hedgerow.wire.shapes import FALSE, PropertyHints, SentEvent
from hedgerow.wire.timestamps import FUTURE_US_MAX, YEAR_1_US

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_from_iso = datetime.fromisoformat
_decode_text = msgspec.json.Decoder(str).decode


class PlainEventBuilder(Struct, frozen=True, gc=False):
    """What all events of one request share.

    Events are corrected by `skew_us`, how far the client's clock is ahead. One is plain only
    between `after_us` and `before_us`. `lane` is that of events without a lane by name.
    """

    skew_us: int
    after_us: int
    before_us: int
    lane: str

    def build(self, sent: SentEvent, hints: PropertyHints) -> LoggedEvent | None:
        """What the careful way would build; None where only that can tell."""
        name, uuid, timestamp = sent.event, sent.uuid, sent.timestamp
        if (
            not name
            or not uuid
            or not timestamp
            # Digits alone are seconds or milliseconds, though some also read as an ISO date.
            or timestamp[4:5] != "-"
            or sent.offset is not None
            or hints.cookieless_mode is not FALSE
            or hints.ignore_sent_at is not FALSE
            or hints.capture_internal is not UNSET
            or not is_canonical_uuid(uuid)
        ):
            return None
        try:
            distinct_id = _decode_text(sent.distinct_id)
            since = _from_iso(timestamp) - _EPOCH
        except (msgspec.DecodeError, ValueError, TypeError):
            return None
        time_us = since.days * 86_400_000_000 + since.seconds * 1_000_000 + since.microseconds
        time_us -= self.skew_us
        if (
            not self.after_us < time_us < self.before_us
            or not distinct_id
            or len(distinct_id) > limits.DISTINCT_ID_CHARS_MAX
            or "\0" in distinct_id
            or distinct_id.isspace()
        ):
            return None
        return LoggedEvent(
            uuid,
            name,
            distinct_id,
            time_us,
            LANES_BY_NAME.get(name, self.lane),
            sent.properties,
            sent.set,
            sent.set_once,
            timestamp,
            None,
            sent.root_token(),
        )


def plain_event_builder(
    now_us: int, sent_at_us: int | None, reroute_until_us: int, lane: str
) -> PlainEventBuilder:
    """Events up to `reroute_until_us` take another lane, so they are not plain."""
    return PlainEventBuilder(
        0 if sent_at_us is None else sent_at_us - now_us,
        max(YEAR_1_US, reroute_until_us),
        now_us + FUTURE_US_MAX,
        lane,
    )
