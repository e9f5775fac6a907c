"""Which events and properties have been seen (ingestion §11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

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


def list_event_definitions(
    directory: Directory,
    project_id: int,
    *,
    search: str | None = None,
    limit: int = 100,
    offset: int = 0,
) -> tuple[list[EventDefinition], int]:
    """One page of events by name whose name contains `search`, and how many there are in all."""
    query = select(event_definitions).where(event_definitions.c.project_id == project_id)
    if search:
        name = func.lower(event_definitions.c.name)
        query = query.where(name.contains(search.lower(), autoescape=True))
    rows, count = _page(directory, query, event_definitions.c.name, limit, offset)
    return [EventDefinition(*row) for row in rows], count


def list_property_definitions(  # noqa: PLR0913 - independent filters, given by name
    directory: Directory,
    project_id: int,
    *,
    scope: str = "event",
    event: str | None = None,
    search: str | None = None,
    limit: int = 100,
    offset: int = 0,
) -> tuple[list[PropertyDefinition], int]:
    """One page of the scope's properties by name, and how many there are in all.

    `event` keeps those that this event has been seen with, `search` those whose name contains it.
    """
    columns = property_definitions.c
    query = select(property_definitions).where(
        columns.project_id == project_id, columns.scope == scope
    )
    if event is not None:
        seen_with_event = select(event_properties.c.property).where(
            event_properties.c.project_id == project_id, event_properties.c.event == event
        )
        query = query.where(columns.name.in_(seen_with_event))
    if search:
        query = query.where(func.lower(columns.name).contains(search.lower(), autoescape=True))
    rows, count = _page(directory, query, columns.name, limit, offset)
    return [PropertyDefinition(*row) for row in rows], count


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


def _page(
    directory: Directory, query: Select[Any], order: Any, limit: int, offset: int
) -> tuple[Sequence[Any], int]:
    with directory.read() as connection:
        count = connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
        rows = connection.execute(query.order_by(order).limit(limit).offset(offset)).all()
    return rows, count
