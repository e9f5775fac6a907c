"""Carries out a control record of the log: alone, between two batches, on committed state.

The order is that of a batch: the store first, then one directory transaction with the position. A
crash in between does the same again, to the same result.
"""

import uuid
from dataclasses import dataclass

import structlog
from sqlalchemy import Connection

from hedgerow.directory.batch import Person
from hedgerow.directory.engine import Directory
from hedgerow.directory.outcomes import advance_progress
from hedgerow.directory.people_reader import PeopleReader
from hedgerow.directory.person_changes import delete_person, save_split
from hedgerow.directory.persons import person_by_id, save_persons
from hedgerow.ingest.person_admin import PersonChange, changed, delete, split
from hedgerow.ingest.rows import distinct_id_rows, person_rows
from hedgerow.log.contract import Frame
from hedgerow.store.contract import EventStore
from hedgerow.wire.control import ChangePerson, DeletePerson, PersonRecord, SplitPerson

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class PersonAdmin:
    directory: Directory
    store: EventStore

    def run(self, record: PersonRecord, frame: Frame) -> None:
        """Do it to the person, and move the position past the record (blocking).

        A person that is gone by now, merged or deleted, is left alone.
        """
        person_id = uuid.UUID(record.person_id).bytes
        found = person_by_id(self.directory, record.project_id, person_id)
        if found is None:
            log.warning("person_is_gone", person=record.person_id, position=frame.position)
        if isinstance(record, ChangePerson):
            self._change_properties(None if found is None else found.person, record, frame)
        else:
            self._split_or_delete(None if found is None else found.person, record, frame)

    def _change_properties(self, person: Person | None, record: ChangePerson, frame: Frame) -> None:
        new = None if person is None else changed(person, record)
        if new is not None:
            self.store.insert_persons(person_rows([new]), [])
        with self.directory.write() as connection:
            if new is not None:
                save_persons(connection, [new], [])
            advance_progress(connection, frame.next_position, 0)

    def _split_or_delete(
        self, person: Person | None, record: SplitPerson | DeletePerson, frame: Frame
    ) -> None:
        change = None if person is None else self._change(person, record, frame.position)
        if change is not None:
            self.store.erase(change.erasure)
            if change.reassigned:
                self.store.reassign_events(
                    record.project_id, change.reassigned, before_position=frame.position
                )
            self.store.insert_persons(
                person_rows(change.persons), distinct_id_rows(change.distinct_ids)
            )
        with self.directory.write() as connection:
            if change is not None:
                _save(connection, change)
            advance_progress(connection, frame.next_position, 0)

    def _change(
        self, person: Person, record: SplitPerson | DeletePerson, position: int
    ) -> PersonChange:
        people = PeopleReader(self.directory)
        if isinstance(record, SplitPerson):
            return split(people, person, record.main_distinct_id)
        return delete(people, person, position if record.with_events else None)


def _save(connection: Connection, change: PersonChange) -> None:
    if change.persons:
        save_split(connection, change.person, change.persons, change.distinct_ids)
    else:
        erasure = change.erasure
        with_events = erasure.events_before_position is not None
        delete_person(connection, change.person, erasure.distinct_ids, with_events=with_events)
