"""Splitting and deleting a person in the directory, within the transaction of a batch."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, delete

from hedgerow.directory.batch import DistinctId, Person
from hedgerow.directory.erased_content import mark_erased
from hedgerow.directory.identity_schema import person_overrides
from hedgerow.directory.person_traces import erase_traces
from hedgerow.directory.persons import save_persons
from hedgerow.directory.schema import person_distinct_ids, persons


def save_split(
    connection: Connection,
    person: Person,
    split_off: Sequence[Person],
    distinct_ids: Sequence[DistinctId],
) -> None:
    """The ids move to their own persons; what led to the person before leads nowhere now."""
    save_persons(connection, split_off, distinct_ids)
    _delete_overrides_to(connection, person)
    if all(item.id != person.id for item in split_off):
        _delete_person(connection, person)


def delete_person(
    connection: Connection, person: Person, distinct_ids: Collection[str], *, with_events: bool
) -> None:
    """Also what else names one of its ids. The bytes go with the next cleanup of the file."""
    mark_erased(connection)
    connection.execute(
        delete(person_distinct_ids).where(
            person_distinct_ids.c.project_id == person.project_id,
            person_distinct_ids.c.person_id == person.id,
        )
    )
    _delete_overrides_to(connection, person)
    _delete_person(connection, person)
    erase_traces(connection, person.project_id, distinct_ids, with_events=with_events)


def _delete_overrides_to(connection: Connection, person: Person) -> None:
    connection.execute(
        delete(person_overrides).where(
            person_overrides.c.project_id == person.project_id,
            person_overrides.c.person_id == person.id,
        )
    )


def _delete_person(connection: Connection, person: Person) -> None:
    connection.execute(
        delete(persons).where(persons.c.project_id == person.project_id, persons.c.id == person.id)
    )
