"""Which events and properties have been seen (ingestion §11)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from hedgerow.directory.batch import EventDefinition, EventProperty, PropertyDefinition
from hedgerow.directory.dialect import execute_many, greater_of, insert_or_change, insert_or_keep
from hedgerow.directory.engine import Directory
from hedgerow.directory.schema import event_definitions, event_properties, property_definitions

KNOWN_DEFINITIONS_MAX = 100_000


@dataclass(frozen=True, slots=True)
class KnownDefinitions:
    """What ingest need not write again."""

    event_definitions: list[EventDefinition]
    property_definitions: list[PropertyDefinition]
    event_properties: list[EventProperty]


def load_known_definitions(
    directory: Directory, rows_max: int = KNOWN_DEFINITIONS_MAX
) -> KnownDefinitions:
    """The definitions of all projects, at most `rows_max` of each kind, to warm ingest's caches.

    One that is left out is only written again, to no effect.
    """
    with directory.read() as connection:
        events = connection.execute(select(event_definitions).limit(rows_max)).all()
        properties = connection.execute(select(property_definitions).limit(rows_max)).all()
        pairs = connection.execute(select(event_properties).limit(rows_max)).all()
    return KnownDefinitions(
        [EventDefinition(*row) for row in events],
        [PropertyDefinition(*row) for row in properties],
        [EventProperty(*row) for row in pairs],
    )


def save_definitions(
    connection: Connection,
    events: Sequence[EventDefinition],
    properties: Sequence[PropertyDefinition],
    pairs: Sequence[EventProperty],
) -> None:
    """Write what was seen. A time only moves on, and a type once known stays."""
    seen = event_definitions.c
    execute_many(
        connection,
        insert_or_change(
            connection.dialect,
            event_definitions,
            lambda new: {
                "last_seen_at_us": greater_of(seen.last_seen_at_us, new.last_seen_at_us),
            },
        ),
        ("project_id", "name", "last_seen_at_us"),
        [(item.project_id, item.name, item.last_seen_at_us) for item in events],
    )
    known_type = property_definitions.c.property_type
    execute_many(
        connection,
        insert_or_change(
            connection.dialect,
            property_definitions,
            lambda new: {"property_type": func.coalesce(known_type, new.property_type)},
        ),
        ("project_id", "scope", "name", "property_type"),
        [(item.project_id, item.scope, item.name, item.property_type) for item in properties],
    )
    execute_many(
        connection,
        insert_or_keep(connection.dialect, event_properties),
        ("project_id", "event", "property"),
        [(item.project_id, item.event, item.property) for item in pairs],
    )


def property_type(directory: Directory, project_id: int, scope: str, name: str) -> str | None:
    """One property's type; None for an unknown property, and for one of no type."""
    columns = property_definitions.c
    query = select(columns.property_type).where(
        columns.project_id == project_id, columns.scope == scope, columns.name == name
    )
    with directory.read() as connection:
        return connection.execute(query).scalar()
