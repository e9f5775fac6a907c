"""A logged event as the record that capture writes downstream (capture-protocol §11)."""

from typing import Any

from hedgerow.core import json
from hedgerow.wire.record import LANE_HISTORICAL, NOT_SENT, LoggedEvent, LoggedRequest
from hedgerow.wire.timestamps import format_timestamp

_INTERNAL_IP = "127.0.0.1"


def record_view(request: LoggedRequest, index: int) -> dict[str, Any]:
    """The record of `request.events[index]`, its `data` parsed, with `lane` and `key` added.

    `sent_at`, `is_cookieless_mode` and `historical_migration` are left out where they do not apply.
    """
    event = request.events[index]
    ip = _INTERNAL_IP if event.internal else request.ip
    record: dict[str, Any] = {
        "uuid": event.uuid,
        "distinct_id": event.distinct_id,
        "ip": ip,
        "data": _data(event),
        "now": format_timestamp(request.now_us),
        "token": request.token,
        "event": event.event,
        "timestamp": format_timestamp(event.timestamp_us),
        "lane": event.lane,
        "key": f"{request.token}:{ip if event.cookieless else event.distinct_id}",
    }
    if event.force_disable_person_processing:
        record["force_disable_person_processing"] = True
    if request.sent_at_us is not None:
        record["sent_at"] = format_timestamp(request.sent_at_us)
    if event.cookieless:
        record["is_cookieless_mode"] = True
    if event.lane == LANE_HISTORICAL:
        record["historical_migration"] = True
    return record


def _data(event: LoggedEvent) -> dict[str, Any]:
    """The event as the client sent it; a uuid that was not sent is null."""
    data: dict[str, Any] = {
        "uuid": event.uuid if event.uuid_sent else None,
        "event": event.event,
        "properties": json.decode_lenient(bytes(event.properties)),
    }
    optional = {
        "token": event.sent_token,
        "distinct_id": _sent_distinct_id(event),
        "timestamp": event.sent_timestamp,
        "offset": event.offset_ms,
        "$set": _object_or_none(event.set),
        "$set_once": _object_or_none(event.set_once),
    }
    data.update({key: value for key, value in optional.items() if value is not None})
    return data


def _sent_distinct_id(event: LoggedEvent) -> Any:
    if event.distinct_id_as_sent:
        return event.distinct_id
    return json.decode(bytes(event.sent_distinct_id))


def _object_or_none(raw: Any) -> Any:
    return None if raw == NOT_SENT else json.decode_lenient(bytes(raw))
