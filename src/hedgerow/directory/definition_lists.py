"""The events and properties seen so far, page by page, for the API and the pages."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Select, func, select
from sqlalchemy.sql.elements import ColumnElement

from hedgerow.directory.batch import EventDefinition, PropertyDefinition
from hedgerow.directory.engine import Directory
from hedgerow.directory.schema import event_definitions, event_properties, property_definitions

# `$pageview` and its like are an SDK's own; all other events are the project's.
EventOrigin = Literal["event", "event_custom", "event_posthog"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which part of a list. `descending` turns its order round."""

    limit: int = 100
    offset: int = 0
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Which events to list, and whether by their time rather than by name."""

    search: str | None = None
    origin: EventOrigin = "event"
    by_last_seen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyFilter:
    """Which properties of a scope to list; all that is given must hold."""

    scope: str = "event"
    search: str | None = None
    names: Collection[str] | None = None
    excluded: Collection[str] = ()
    is_numerical: bool | None = None
    seen_with_events: Collection[str] | None = None


def list_event_definitions(
    directory: Directory, project_id: int, wanted: EventFilter, *, page: Page
) -> tuple[list[EventDefinition], int]:
    """Events in the order wanted, and how many there are in all."""
    columns = event_definitions.c
    query = select(event_definitions).where(columns.project_id == project_id)
    if wanted.search:
        name = func.lower(columns.name)
        query = query.where(name.contains(wanted.search.lower(), autoescape=True))
    if wanted.origin != "event":
        is_sdks = columns.name.startswith("$")
        query = query.where(is_sdks if wanted.origin == "event_posthog" else ~is_sdks)
    order = (columns.last_seen_at_us if wanted.by_last_seen else columns.name, columns.name)
    rows, count = _page(directory, query, order, page)
    return [EventDefinition(*row) for row in rows], count


def list_property_definitions(
    directory: Directory, project_id: int, wanted: PropertyFilter, *, page: Page
) -> tuple[list[PropertyDefinition], int]:
    """Properties by name, and how many there are in all."""
    columns = property_definitions.c
    query = select(property_definitions).where(
        columns.project_id == project_id, columns.scope == wanted.scope
    )
    if wanted.search:
        name = func.lower(columns.name)
        query = query.where(name.contains(wanted.search.lower(), autoescape=True))
    if wanted.names is not None:
        query = query.where(columns.name.in_(wanted.names))
    if wanted.excluded:
        query = query.where(columns.name.not_in(wanted.excluded))
    if wanted.is_numerical is not None:
        is_number = func.coalesce(columns.property_type, "") == "Numeric"
        query = query.where(is_number if wanted.is_numerical else ~is_number)
    if wanted.seen_with_events is not None:
        query = query.where(columns.name.in_(_seen_with(project_id, wanted.seen_with_events)))
    rows, count = _page(directory, query, (columns.name,), page)
    return [PropertyDefinition(*row) for row in rows], count


def properties_seen_with(
    directory: Directory, project_id: int, events: Collection[str], names: Collection[str]
) -> set[str]:
    """Those of `names` that at least one of the events has had."""
    query = _seen_with(project_id, events).where(event_properties.c.property.in_(names))
    with directory.read() as connection:
        return set(connection.execute(query).scalars())


def _seen_with(project_id: int, events: Collection[str]) -> Select[Any]:
    columns = event_properties.c
    return select(columns.property).where(
        columns.project_id == project_id, columns.event.in_(events)
    )


def _page(
    directory: Directory, query: Select[Any], order: Sequence[ColumnElement[Any]], page: Page
) -> tuple[Sequence[Any], int]:
    ordered = [column.desc() if page.descending else column for column in order]
    with directory.read() as connection:
        count = connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
        rows = connection.execute(
            query.order_by(*ordered).limit(page.limit).offset(page.offset)
        ).all()
    return rows, count
