"""What one accepted request becomes in the log: the format between edge and ingest.

A log frame holds one `LoggedRequest`, encoded as a JSON array. Fields are only ever added at the
end, with a default; `RECORD_VERSION` rises when a reader of the old version would be wrong.
"""

import msgspec
from msgspec import Raw, Struct

RECORD_VERSION = 1

LANE_MAIN = "main"
LANE_HISTORICAL = "historical"
LANE_EXCEPTIONS = "exceptions"
LANE_HEATMAPS = "heatmaps"
LANE_CLIENT_WARNINGS = "client_warnings"
LANE_REPLAY = "replay"
# Of a request, not of an event: see `LoggedRequest.deferred_lane`.
LANE_OVERFLOW = "overflow"

# Raw JSON that was not sent: msgspec cannot decode `Raw | None`, so JSON's null stands for it.
NOT_SENT = Raw(b"null")


class LoggedEvent(Struct, array_like=True, frozen=True, gc=False):
    """One event as captured: what the edge decided, then what the client sent.

    `timestamp_us` is the corrected time in microseconds (capture-protocol §9), `uuid` the final
    lower-case uuid. `properties`, `set`, `set_once` are the client's JSON objects, byte for byte;
    `set` and `set_once` equal `NOT_SENT` where the event has none. The other `sent_*` fields keep
    the client's own root values, None where it sent none.
    """

    uuid: str
    event: str
    distinct_id: str
    timestamp_us: int
    lane: str
    properties: Raw
    set: Raw = NOT_SENT
    set_once: Raw = NOT_SENT
    sent_timestamp: str | None = None
    offset_ms: int | None = None
    sent_token: str | None = None
    # The JSON of the root distinct_id where it is not `distinct_id` itself: absent at the root
    # (`NOT_SENT`), a number, longer than 200 characters. Meaningless while `distinct_id_as_sent`.
    sent_distinct_id: Raw = NOT_SENT
    uuid_sent: bool = True
    cookieless: bool = False
    # True where `properties` has the key `capture_internal`: the ip is recorded as 127.0.0.1.
    internal: bool = False
    distinct_id_as_sent: bool = True
    # The distinct id is nobody's (v1 only): the event is kept, and no person is made or changed.
    force_disable_person_processing: bool = False


class DroppedEvents(Struct, array_like=True, frozen=True, gc=False):
    """Events refused one by one inside an accepted request (profile `documented`).

    `reason` is a `DropReason` of `wire.drops`; `sample` is the first such event, cut short.
    """

    reason: str
    count: int
    sample: str = ""


class LoggedRequest(Struct, array_like=True, frozen=True, gc=False):
    """One accepted request. `now_us` is the edge's clock: ingest never asks another.

    `overflow` is true where its events are of distinct ids that flood the project (ingestion §17).
    """

    version: int
    token: str
    now_us: int
    sent_at_us: int | None
    ip: str
    path: str
    user_agent: str
    historical_migration: bool
    events: list[LoggedEvent]
    dropped: list[DroppedEvents]
    overflow: bool = False

    @property
    def deferred_lane(self) -> str | None:
        """The lane in which it waits until there is time; None where it is ingested at once."""
        if self.historical_migration:
            return LANE_HISTORICAL
        return LANE_OVERFLOW if self.overflow else None


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(LoggedRequest)

encode_request = _encoder.encode


def decode_request(payload: bytes) -> LoggedRequest:
    """Raises `msgspec.MsgspecError` on bytes that no version of this program wrote."""
    return _decoder.decode(payload)
