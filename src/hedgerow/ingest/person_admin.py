"""What an operator's split, delete or change of a person changes: computed from committed state,
writes nothing.

Rules of ingestion §3.4: after a split each distinct id has a person of its own with the
deterministic uuid of that id, versions above every earlier one of it. A delete leaves nothing, so
an id that is seen again begins anew: events that are kept count for their own distinct id's person.
"""

from dataclasses import dataclass, field, replace
from typing import Final

from hedgerow.core import json, limits
from hedgerow.core.ids import person_uuid
from hedgerow.directory.batch import DistinctId, Person
from hedgerow.directory.people_reader import PeopleReader
from hedgerow.ingest.side_rows import DELETED_VERSION_STEP
from hedgerow.people.person_properties import PersonChange as PropertyChange
from hedgerow.people.person_properties import updated_properties
from hedgerow.store.erasure import Erasure
from hedgerow.wire.control import ChangePerson

# Above the person's version, and above that of the tombstone of everyone merged into it.
_SPLIT_VERSION_STEP: Final = DELETED_VERSION_STEP + 1


@dataclass(frozen=True, slots=True)
class PersonChange:
    """`erasure` first, then the events of the distinct ids `reassigned`, then new rows."""

    erasure: Erasure
    person: Person
    persons: list[Person] = field(default_factory=list)
    distinct_ids: list[DistinctId] = field(default_factory=list)
    reassigned: list[str] = field(default_factory=list)


def split(people: PeopleReader, person: Person, main_distinct_id: str | None) -> PersonChange:
    """The main id's person keeps the properties; the others begin with none."""
    project_id = person.project_id
    ids = people.distinct_ids(project_id, person.id)
    main = _main_id(person, [item.distinct_id for item in ids], main_distinct_id)
    split_off = [
        Person(
            project_id=project_id,
            id=person_uuid(project_id, item.distinct_id).bytes,
            properties=person.properties if item.distinct_id == main else {},
            created_at_us=person.created_at_us,
            is_identified=person.is_identified and item.distinct_id == main,
            version=person.version + _SPLIT_VERSION_STEP,
            last_seen_at_us=person.last_seen_at_us,
        )
        for item in ids
    ]
    by_id = {item.distinct_id: each.id for item, each in zip(ids, split_off, strict=True)}
    overrides = people.overrides(project_id, person.id)
    return PersonChange(
        erasure=Erasure(
            project_id,
            person_ids=[person.id] if person.id not in by_id.values() else [],
            old_person_ids=[item.old_person_id for item in overrides],
        ),
        person=person,
        persons=split_off,
        distinct_ids=[
            DistinctId(project_id, item.distinct_id, by_id[item.distinct_id], item.version + 1)
            for item in ids
        ],
        reassigned=list(by_id),
    )


def changed(person: Person, record: ChangePerson) -> Person | None:
    """The person with its properties changed; None where nothing is, or they would be too large."""
    asked = PropertyChange(
        always_written=True, set=record.set, set_once={}, unset=tuple(record.unset)
    )
    properties = updated_properties(person.properties, asked)
    if properties is None or len(json.encode(properties)) > limits.PERSON_PROPERTIES_BYTES_MAX:
        return None
    return replace(person, properties=properties, version=person.version + 1)


def _main_id(person: Person, ids: list[str], wanted: str | None) -> str:
    """The id asked for, else the one that the person's uuid comes from, else the oldest."""
    if wanted in ids:
        return wanted
    made_with = (item for item in ids if person_uuid(person.project_id, item).bytes == person.id)
    return next(made_with, ids[0])


def delete(people: PeopleReader, person: Person, events_before: int | None) -> PersonChange:
    """Everything of the person goes; of its events those below that position, or none."""
    project_id = person.project_id
    ids = people.distinct_ids(project_id, person.id)
    old = [item.old_person_id for item in people.overrides(project_id, person.id)]
    return PersonChange(
        erasure=Erasure(
            project_id,
            person_ids=[person.id, *old],
            distinct_ids=[item.distinct_id for item in ids],
            old_person_ids=old,
            events_before_position=events_before,
        ),
        person=person,
        reassigned=[item.distinct_id for item in ids] if events_before is None else [],
    )
