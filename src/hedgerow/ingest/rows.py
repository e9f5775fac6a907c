"""Events and persons as the store's rows."""

from collections.abc import Iterable
from typing import Final

from hedgerow.core import json, limits
from hedgerow.directory.batch import DistinctId, Person
from hedgerow.ingest.event import IngestEvent
from hedgerow.store.rows import DistinctIdRow, EventRow, PersonRow, hot_values
from hedgerow.wire.record import LANE_HISTORICAL

_HISTORICAL_AGE_US_MIN: Final = limits.HISTORICAL_AGE_HOURS_MIN * 3_600_000_000


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
        historical_migration=_is_historical(event),
        log_position=event.log_position,
        log_index=event.log_index,
        hot=hot_values(event.properties),
    )


def _is_historical(event: IngestEvent) -> bool:
    """The flag is honoured only for events that were old on arrival (ingestion §16)."""
    if event.logged.lane != LANE_HISTORICAL:
        return False
    return event.request.now_us - event.timestamp_us >= _HISTORICAL_AGE_US_MIN


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
