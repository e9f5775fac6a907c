"""Logged events as the records that capture writes downstream (capture-protocol §11)."""

from collections.abc import Callable
from typing import Any

from hedgerow.core import json
from hedgerow.wire.heatmap_split import HEATMAP_DATA, HEATMAP_EVENT, heatmap_part
from hedgerow.wire.record import (
    LANE_HEATMAPS,
    LANE_HISTORICAL,
    NOT_SENT,
    LoggedEvent,
    LoggedRequest,
)
from hedgerow.wire.timestamps import format_timestamp

_INTERNAL_IP = "127.0.0.1"


def record_views(request: LoggedRequest, new_uuid: Callable[[], str]) -> list[dict[str, Any]]:
    """All records of a request, in order, heatmaps split off from their events (§8.5).

    The log keeps such an event whole; ingest splits it by the same rule, and needs no `new_uuid`
    for what becomes rows and not an event.
    """
    views: list[dict[str, Any]] = []
    for index in range(len(request.events)):
        view = record_view(request, index)
        views.append(view)
        properties = view["data"]["properties"]
        part = heatmap_part(view["event"], properties)
        if part is not None:
            properties.pop(HEATMAP_DATA, None)
            view["skip_heatmap_processing"] = True
            views.append(_heatmap_view(view, part, new_uuid()))
    return views


def _heatmap_view(view: dict[str, Any], part: dict[str, Any], uuid: str) -> dict[str, Any]:
    taken = ("token", "distinct_id", "ip", "now", "timestamp", "key", "sent_at")
    kept = {key: view[key] for key in (*taken, "is_cookieless_mode") if key in view}
    data = {"uuid": uuid, "event": HEATMAP_EVENT, "properties": part}
    data |= {key: kept[key] for key in ("token", "distinct_id")}
    data |= {key: view["data"][key] for key in ("timestamp", "offset") if key in view["data"]}
    return {**kept, "uuid": uuid, "event": HEATMAP_EVENT, "lane": LANE_HEATMAPS, "data": data}


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
