"""Forgetting everything that ingest has written, so that it can be made again from the log.

Projects, keys, insights and all else that people have made stay.
"""

from typing import Final

from sqlalchemy import delete, update

from hedgerow.directory.cookieless_schema import cookieless_visitors
from hedgerow.directory.deferred_schema import deferred_frames
from hedgerow.directory.engine import Directory
from hedgerow.directory.group_schema import group_types, groups
from hedgerow.directory.identity_schema import person_overrides
from hedgerow.directory.schema import (
    dead_letters,
    event_definitions,
    event_properties,
    ingest_progress,
    ingestion_warning_samples,
    ingestion_warnings,
    outcomes,
    person_distinct_ids,
    persons,
    property_definitions,
    seen_event_days,
    seen_events,
)

_INGESTED: Final = (
    *(person_distinct_ids, persons, person_overrides, group_types, groups, deferred_frames),
    *(event_definitions, property_definitions, event_properties),
    *(ingestion_warnings, ingestion_warning_samples, seen_events, seen_event_days),
    *(dead_letters, outcomes),
    # Not the salts: with them visitors get the ids again that they had.
    cookieless_visitors,
)


def forget_ingested(directory: Directory) -> None:
    """In one transaction: after a crash either all is there or ingest begins anew."""
    with directory.write() as connection:
        for table in _INGESTED:
            connection.execute(delete(table))
        connection.execute(
            update(ingest_progress).values(position=0, newest_event_received_us=0, alarm=None)
        )
