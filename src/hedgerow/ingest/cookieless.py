"""The step that gives an event without cookies an id, a device and a session (ingestion §15)."""

from typing import Final

from hedgerow.directory.project_settings import COOKIELESS_DISABLED, COOKIELESS_STATEFUL
from hedgerow.ingest.context import StepContext
from hedgerow.ingest.event import Drop, IngestEvent
from hedgerow.ingest.warnings import event_warning
from hedgerow.people.cookieless import (
    SENTINEL,
    SESSION_INACTIVITY_US,
    LocalDay,
    Traits,
    day_session_id,
    device_id,
    distinct_id,
    local_day,
    new_session_id,
    traits,
    without_personal,
)
from hedgerow.people.merging import ALIAS, IDENTIFY, MERGE
from hedgerow.wire.drops import DropReason
from hedgerow.wire.record import LANE_CLIENT_WARNINGS

_ANON_ID: Final = "$anon_distinct_id"
_INTERNAL_IP: Final = "127.0.0.1"


def identify_cookieless(event: IngestEvent, context: StepContext) -> Drop | None:
    """Only for events that say they are cookieless; address and agent of these are not kept."""
    if not event.logged.cookieless or event.logged.lane == LANE_CLIENT_WARNINGS:
        return None
    refused = _refused(event)
    if refused is not None:
        return Drop(refused)
    if event.settings.cookieless_server_hash_mode != COOKIELESS_DISABLED:
        dropped = _identify(event, context)
        if dropped is not None:
            return dropped
    event.names = None
    for properties in (event.properties, event.set, event.set_once):
        without_personal(properties)
    for name in ("$set", "$set_once"):
        if isinstance(event.properties.get(name), dict):
            without_personal(event.properties[name])
    return None


def _refused(event: IngestEvent) -> DropReason | None:
    """What the project's mode cannot do. Where it is off, an id of one's own is as good as any."""
    mode = event.settings.cookieless_server_hash_mode
    if mode == COOKIELESS_DISABLED:
        ids = (event.distinct_id, event.properties.get(_ANON_ID), event.properties.get("alias"))
        return DropReason.COOKIELESS_DISABLED if SENTINEL in ids else None
    if event.name in {ALIAS, MERGE}:
        return DropReason.COOKIELESS_UNSUPPORTED
    if event.name == IDENTIFY and mode != COOKIELESS_STATEFUL:
        return DropReason.COOKIELESS_STATELESS_IDENTIFY
    return None


def _identify(event: IngestEvent, context: StepContext) -> Drop | None:
    request_ip = _INTERNAL_IP if event.logged.internal else event.request.ip
    of = traits(event.properties, request_ip)
    missing = of.missing()
    if missing is not None:
        name, type_ = missing
        context.warnings.append(event_warning(event, type_, missingProperty=name))
        return Drop(DropReason(type_))
    zones = (event.properties.get("$timezone"), event.settings.time_zone)
    day = local_day(event.timestamp_us, event.request.now_us, zones)
    if day is None:
        reason = DropReason.COOKIELESS_OUT_OF_RANGE
        context.warnings.append(event_warning(event, reason.value))
        return Drop(reason)
    if event.settings.cookieless_server_hash_mode == COOKIELESS_STATEFUL:
        _with_state(event, context, of, day)
    else:
        _without_state(event, context, of, day)
    _load_people(event, context)
    return None


def _without_state(event: IngestEvent, context: StepContext, of: Traits, day: LocalDay) -> None:
    hashed = context.cookieless.hashed(day.number, event.project_id, of, 0)
    event.distinct_id = distinct_id(hashed)
    event.properties["$device_id"] = device_id(hashed)
    event.properties["$session_id"] = day_session_id(day, hashed)


def _with_state(event: IngestEvent, context: StepContext, of: Traits, day: LocalDay) -> None:
    """A visitor is somebody new after each `$identify` of the day, and has sessions."""
    state = context.cookieless
    base = state.hashed(day.number, event.project_id, of, 0)
    visitor = state.visitor(day.number, base)
    identifies = visitor.identifies
    if event.name == IDENTIFY:
        visitor.identifies += 1
        state.change(visitor)
    elif event.distinct_id != SENTINEL:
        # Logged in, so the last `$identify` was this person's own.
        identifies = max(identifies - 1, 0)
    hashed = state.hashed(day.number, event.project_id, of, identifies)
    event.properties["$device_id"] = device_id(base)
    event.properties["$session_id"] = _session_id(event, context, day, hashed)
    if event.name == IDENTIFY:
        event.properties[_ANON_ID] = distinct_id(hashed)
    if event.distinct_id == SENTINEL:
        event.distinct_id = distinct_id(hashed)


def _session_id(event: IngestEvent, context: StepContext, day: LocalDay, hashed: bytes) -> str:
    visitor = context.cookieless.visitor(day.number, hashed)
    if not visitor.session_id or event.timestamp_us - visitor.last_event_us > SESSION_INACTIVITY_US:
        visitor.session_id = new_session_id(event.timestamp_us, hashed, event.uuid)
    # An event that comes late does not make the visitor inactive.
    visitor.last_event_us = max(visitor.last_event_us, event.timestamp_us)
    context.cookieless.change(visitor)
    return visitor.session_id


def _load_people(event: IngestEvent, context: StepContext) -> None:
    """Who they are is known only now; a batch loads the ids that were sent."""
    ids = {event.distinct_id}
    if event.name == IDENTIFY:
        ids.add(event.properties[_ANON_ID])
    context.people.load(event.project_id, ids)
