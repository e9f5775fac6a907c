"""Steps about the person of an event (ingestion §4 to §7)."""

import uuid
from typing import Final

from hedgerow.core import json, limits
from hedgerow.core.ids import person_uuid
from hedgerow.directory.batch import Person
from hedgerow.ingest.context import StepContext
from hedgerow.ingest.event import Drop, IngestEvent
from hedgerow.ingest.warnings import event_warning
from hedgerow.people.facebook_click import FBC, facebook_click
from hedgerow.people.groups import GROUP_COLUMNS, GROUP_IDENTIFY
from hedgerow.people.last_seen import seen_later_us
from hedgerow.people.person_properties import (
    ALWAYS_WRITTEN_EVENTS,
    UNLIFTED_EVENTS,
    PersonChange,
    created_properties,
    lift,
    trimmed,
    updated_properties,
)
from hedgerow.people.personless import (
    FLAG,
    PERSON_EVENTS,
    is_personless,
    is_valid_flag,
    personless_mode,
)
from hedgerow.wire.drops import DropReason
from hedgerow.wire.timestamps import format_milliseconds

_NEVER_UPDATE: Final = frozenset(("$exception", "$$heatmap"))
_NO_PERSON_CREATED_AT_US: Final = 5 * 1_000_000


def decide_personless(event: IngestEvent, context: StepContext) -> Drop | None:
    """`$process_person_profile` (§7): false takes all that is about a person off the event."""
    if event.logged.force_disable_person_processing:
        _take_off_person(event)
        return None
    if event.settings.person_processing_opt_out:
        event.properties[FLAG] = False
    elif FLAG not in event.properties:
        return None
    flag = event.properties[FLAG]
    if is_personless(flag):
        if event.name in PERSON_EVENTS:
            reason = DropReason.INVALID_PERSON_PROCESSING
            context.warnings.append(event_warning(event, reason.value))
            return Drop(reason)
        _take_off_person(event)
        return None
    if not is_valid_flag(flag):
        context.warnings.append(
            event_warning(
                event,
                "invalid_process_person_profile",
                **{FLAG: flag, "message": "Only true and false are valid; taken as true."},
            )
        )
    del event.properties[FLAG]
    return None


def _take_off_person(event: IngestEvent) -> None:
    event.personless = True
    _strip_person_changes(event)
    for name in GROUP_COLUMNS:
        event.properties.pop(name, None)


def _strip_person_changes(event: IngestEvent) -> None:
    event.set, event.set_once, event.unset = {}, {}, ()
    for name in ("$set", "$set_once", "$unset"):
        event.properties.pop(name, None)


def lift_properties(event: IngestEvent, context: StepContext) -> Drop | None:
    """Event properties that describe the person too, now and at first touch (§5)."""
    if event.personless:
        return None
    if event.name == GROUP_IDENTIFY:
        _strip_person_changes(event)
        return None
    if event.name == "survey shown":
        event.set.setdefault("$survey_last_seen_date", format_milliseconds(event.timestamp_us))
    if event.set or event.set_once:
        lift(event.name, event.properties, event.set, event.set_once)
    else:
        event.set, event.set_once = context.people.lifted.lift(
            event.project_id, event.distinct_id, event.name, event.properties, event.names
        )
    if "fbclid" in event.properties:
        _set_facebook_click(event)
    if event.set:
        event.properties["$set"] = event.set
    if event.set_once:
        event.properties["$set_once"] = event.set_once
    return None


def _set_facebook_click(event: IngestEvent) -> None:
    click = facebook_click(event.properties["fbclid"], event.timestamp_us, event.request.now_us)
    if click is not None and event.name not in UNLIFTED_EVENTS:
        # What was lifted is shared from one event to the next, so this is a copy.
        event.set = {FBC: click, **event.set}


def resolve_person(event: IngestEvent, context: StepContext) -> Drop | None:
    """Find, create or update the person, and write on the event who it was (§6, §7)."""
    person = context.people.find(event.project_id, event.distinct_id)
    if event.personless:
        _without_person(event, person)
        return None
    event.person_properties = b""
    change = change_of(event)
    if event.name in _NEVER_UPDATE:
        if person is None:
            _without_person(event, None)
            event.person_mode = "full"
            event.person_properties = b"{}"
            return None
    elif person is None:
        person = create_person(event, context, event.distinct_id)
    elif (
        not event.identifies
        and _seen_later_us(event, person) is None
        and (text := context.people.settled_text(person, change))
    ):
        event.person_properties = text
    else:
        _update(event, context, person, change)
    event.person = person
    event.person_id = person.id
    event.person_created_at_us = person.created_at_us
    if not event.person_properties:
        event.person_properties = _properties_with_set(event, context, person, change)
    return None


def change_of(event: IngestEvent) -> PersonChange:
    always_written = event.name in ALWAYS_WRITTEN_EVENTS
    return PersonChange(always_written, event.set, event.set_once, event.unset)


def _properties_with_set(
    event: IngestEvent, context: StepContext, person: Person, change: PersonChange
) -> bytes:
    """The person's properties, overlaid with what the event sets but did not write (§6)."""
    properties = person.properties
    if all(name in properties and properties[name] == value for name, value in event.set.items()):
        context.people.settle(person, change)
        return context.people.properties_text(person)
    return json.encode({**properties, **event.set})


def _without_person(event: IngestEvent, person: Person | None) -> None:
    """Nothing about a person changes; the id it would have is known all the same."""
    if person is None:
        event.person_id = person_uuid(event.project_id, event.distinct_id).bytes
        event.person_created_at_us = _NO_PERSON_CREATED_AT_US
    else:
        event.person_id = person.id
        event.person_created_at_us = person.created_at_us
    created_at_us = person.created_at_us if person else None
    if event.settings.person_processing_opt_out:
        created_at_us = None
    event.person_mode = personless_mode(event.timestamp_us, created_at_us)


def create_person(event: IngestEvent, context: StepContext, distinct_id: str) -> Person:
    """A new person with this primary id, and what the event says about it (§2)."""
    properties = created_properties(change_of(event), event.uuid)
    if not fits(event, context, properties, None):
        properties = {"$creator_event_uuid": event.uuid}
        event.person_properties = json.encode({**properties, **event.set})
    person = context.people.create(event.project_id, distinct_id, properties, event.timestamp_us)
    person.is_identified = event.identifies
    person.main_distinct_id = event.main_distinct_id
    return person


def _update(event: IngestEvent, context: StepContext, person: Person, change: PersonChange) -> None:
    properties = updated_properties(person.properties, change)
    if properties is not None and not fits(event, context, properties, person):
        event.person_properties = json.encode({**person.properties, **event.set})
        properties = _trimmed(person)
    changed = event.identifies and _identify(person, event.main_distinct_id)
    seen_us = _seen_later_us(event, person)
    if seen_us is not None:
        person.last_seen_at_us, changed = seen_us, True
    if changed and properties is None:
        properties = person.properties
    if properties is not None:
        context.people.update(person, properties)


def _seen_later_us(event: IngestEvent, person: Person) -> int | None:
    if not event.settings.person_last_seen_at_enabled:
        return None
    return seen_later_us(person.last_seen_at_us, event.timestamp_us, event.properties)


def _trimmed(person: Person) -> dict[str, object] | None:
    """What stays of a person that is too large as it is, which a lowered limit may bring (§4)."""
    if len(json.encode(person.properties)) <= limits.PERSON_PROPERTIES_BYTES_MAX:
        return None
    return trimmed(person.properties, limits.PERSON_PROPERTIES_TRIMMED_BYTES)


def _identify(person: Person, main_distinct_id: str | None) -> bool:
    """Whether that changed anything; a person never stops being identified (§2)."""
    main = main_distinct_id or person.main_distinct_id
    changed = not person.is_identified or main != person.main_distinct_id
    person.is_identified = True
    person.main_distinct_id = main
    return changed


def fits(
    event: IngestEvent, context: StepContext, properties: dict[str, object], person: Person | None
) -> bool:
    """Whether a person may be this large (§4). The text made for it serves the event row too."""
    text = json.encode(properties)
    if len(text) <= limits.PERSON_PROPERTIES_BYTES_MAX:
        if properties.keys() >= event.set.keys():
            event.person_properties = text
        return True
    person_id = person.id if person else person_uuid(event.project_id, event.distinct_id).bytes
    context.warnings.append(
        event_warning(
            event,
            "person_properties_size_violation",
            personId=str(uuid.UUID(bytes=person_id)),
            message=f"The person's properties would take {len(text)} bytes; they were not changed.",
        )
    )
    return False
