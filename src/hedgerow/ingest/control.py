"""Carries out a control record of the log: alone, between two batches, on committed state.

The order is that of a batch: the store first, then one directory transaction with the position. A
crash in between does the same again, to the same result.
"""

import uuid
from dataclasses import dataclass

import structlog
from sqlalchemy import Connection

from hedgerow.directory.engine import Directory
from hedgerow.directory.outcomes import advance_progress
from hedgerow.directory.people_reader import PeopleReader
from hedgerow.directory.person_changes import delete_person, save_split
from hedgerow.directory.persons import person_by_id
from hedgerow.ingest.person_admin import PersonChange, delete, split
from hedgerow.ingest.rows import distinct_id_rows, person_rows
from hedgerow.log.contract import Frame
from hedgerow.store.contract import EventStore
from hedgerow.wire.control import DeletePerson, SplitPerson

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class PersonAdmin:
    directory: Directory
    store: EventStore

    def run(self, record: SplitPerson | DeletePerson, frame: Frame) -> None:
        """Split or delete the person, and move the position past the record (blocking).

        A person that is gone by now, merged or deleted, is left alone.
        """
        change = self._change(record, frame.position)
        if change is None:
            log.warning("person_is_gone", person=record.person_id, position=frame.position)
        else:
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

    def _change(self, record: SplitPerson | DeletePerson, position: int) -> PersonChange | None:
        person_id = uuid.UUID(record.person_id).bytes
        found = person_by_id(self.directory, record.project_id, person_id)
        if found is None:
            return None
        people = PeopleReader(self.directory)
        if isinstance(record, SplitPerson):
            return split(people, found.person, record.main_distinct_id)
        return delete(people, found.person, position if record.with_events else None)


def _save(connection: Connection, change: PersonChange) -> None:
    if change.persons:
        save_split(connection, change.person, change.persons, change.distinct_ids)
    else:
        erasure = change.erasure
        with_events = erasure.events_before_position is not None
        delete_person(connection, change.person, erasure.distinct_ids, with_events=with_events)
