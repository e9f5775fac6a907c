"""The step that joins two distinct ids, and their persons with them (ingestion §3)."""

import uuid
from typing import Final

from hedgerow.directory.batch import Person
from hedgerow.ingest.context import StepContext
from hedgerow.ingest.event import Drop, IngestEvent
from hedgerow.ingest.persons import change_of, create_person, fits
from hedgerow.ingest.warnings import event_warning
from hedgerow.people.merging import (
    ALIAS,
    MERGE_EVENTS,
    illegal_id,
    joining,
    merged_properties,
    other_id,
    primary_id,
    wrong_type,
)
from hedgerow.people.person_properties import updated_properties
from hedgerow.wire.drops import DropReason

MERGED_IDS: Final = frozenset(("alias", "$anon_distinct_id"))


def check_merge_ids(event: IngestEvent, context: StepContext) -> Drop | None:
    """An id to merge with must be text (§1.3)."""
    properties = event.properties
    if MERGED_IDS.isdisjoint(properties):
        return None
    wrong = wrong_type(properties)
    if wrong is None:
        return None
    type_, received = wrong
    context.warnings.append(event_warning(event, type_, receivedType=received))
    return Drop(DropReason(type_))


def merge_persons(event: IngestEvent, context: StepContext) -> Drop | None:
    """Join the ids of `$identify`, `$create_alias` or `$merge_dangerously`, if that is allowed.

    The event's own properties are applied afterwards, as those of any event.
    """
    if event.name not in MERGE_EVENTS:
        return None
    other = other_id(event.name, event.properties)
    if other is None or other == event.distinct_id:
        return None
    illegal = illegal_id(event.distinct_id, other)
    if illegal is not None:
        context.warnings.append(
            event_warning(
                event,
                "cannot_merge_with_illegal_distinct_id",
                illegalDistinctId=illegal[0],
                otherDistinctId=illegal[1],
            )
        )
        return None
    event.identifies = True
    _join(event, context, other)
    return None


def _join(event: IngestEvent, context: StepContext, other: str) -> None:
    people = context.people
    into_person = people.find(event.project_id, event.distinct_id)
    other_person = people.find(event.project_id, other)
    how = joining(
        event.name,
        into_identified=None if into_person is None else into_person.is_identified,
        other_identified=None if other_person is None else other_person.is_identified,
        same=into_person is not None and into_person is other_person,
    )
    if how == "refuse":
        assert into_person is not None
        assert other_person is not None
        _refuse(event, context, other, into_person, other_person)
        return
    if event.name == ALIAS:
        event.main_distinct_id = other
    if how == "create":
        primary = primary_id(event.name, event.distinct_id, other)
        person = create_person(event, context, primary)
        people.attach(person, event.distinct_id if primary == other else other)
    elif how == "attach_other":
        assert into_person is not None
        people.attach(into_person, other)
    elif how == "attach_into":
        assert other_person is not None
        people.attach(other_person, event.distinct_id)
    elif how == "merge_into":
        assert into_person is not None
        assert other_person is not None
        _merge(event, context, into_person, other_person)
    elif how == "merge_other":
        assert into_person is not None
        assert other_person is not None
        _merge(event, context, other_person, into_person)


def _refuse(
    event: IngestEvent, context: StepContext, other: str, into_person: Person, other_person: Person
) -> None:
    context.warnings.append(
        event_warning(
            event,
            "cannot_merge_already_identified",
            sourcePersonDistinctId=other,
            targetPersonDistinctId=event.distinct_id,
            personId=str(uuid.UUID(bytes=into_person.id)),
            otherPersonId=str(uuid.UUID(bytes=other_person.id)),
        )
    )


def _merge(event: IngestEvent, context: StepContext, survivor: Person, source: Person) -> None:
    """The event's changes go into the same write, so the merged person gets one new version."""
    merged = merged_properties(survivor.properties, source.properties)
    properties = updated_properties(merged, change_of(event)) or merged
    if not fits(event, context, properties, survivor):
        properties = survivor.properties
    context.people.merge(survivor, source, properties)
