"""Events and persons as the store's rows."""

from collections.abc import Iterable

from hedgerow.core import json
from hedgerow.directory.batch import DistinctId, Person
from hedgerow.ingest.event import IngestEvent
from hedgerow.store.rows import DistinctIdRow, EventRow, PersonRow, hot_values
from hedgerow.wire.record import LANE_HISTORICAL


def event_row(event: IngestEvent) -> EventRow:
    return EventRow(
        uuid=event.uuid,
        project_id=event.project_id,
        event=event.name,
        distinct_id=event.distinct_id,
        person_id=event.person_id,
        timestamp_us=event.timestamp_us,
        received_at_us=event.request.now_us,
        properties=json.encode(event.properties),
        person_properties=event.person_properties,
        person_created_at_us=event.person_created_at_us,
        person_mode=event.person_mode,
        elements_chain=event.elements_chain,
        historical_migration=event.logged.lane == LANE_HISTORICAL,
        log_position=event.log_position,
        log_index=event.log_index,
        hot=hot_values(event.properties),
    )


def person_rows(persons: Iterable[Person]) -> list[PersonRow]:
    return [
        PersonRow(
            project_id=person.project_id,
            id=person.id,
            created_at_us=person.created_at_us,
            properties=json.encode(person.properties),
            is_identified=person.is_identified,
            version=person.version,
        )
        for person in persons
    ]


def distinct_id_rows(distinct_ids: Iterable[DistinctId]) -> list[DistinctIdRow]:
    return [
        DistinctIdRow(item.project_id, item.distinct_id, item.person_id, item.version)
        for item in distinct_ids
    ]
