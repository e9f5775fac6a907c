"""The newest events and single events, for the read API and the pages."""

from dataclasses import dataclass
from typing import Any

from hedgerow.core import json
from hedgerow.query.fragments import Sql
from hedgerow.query.literals import text_literal
from hedgerow.query.runner import QueryRunner
from hedgerow.query.sql import QueryOptions, prepare


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """What to list. Times are ISO text in UTC; None means no such condition."""

    event: str | None = None
    distinct_id: str | None = None
    person_id: str | None = None
    after: str | None = None
    before: str | None = None
    uuid: str | None = None


@dataclass(frozen=True, slots=True)
class EventDetails:
    uuid: str
    event: str
    distinct_id: str
    person_id: str
    timestamp: str
    properties: dict[str, Any]
    person_properties: dict[str, Any]
    elements_chain: str


def list_events(  # noqa: PLR0913 - independent parts, given by name
    runner: QueryRunner,
    project_id: int,
    wanted: EventFilter,
    *,
    condition: Sql | None = None,
    order_by: str = "timestamp DESC",
    limit: int,
    offset: int = 0,
) -> list[EventDetails]:
    """By default the newest first (blocking). `condition` is over the columns of confined events.

    Raises `QueryError`.
    """
    where = f"WHERE {' AND '.join((*_conditions(wanted), '{filters}'))} "
    sql = (
        "SELECT uuid, event, distinct_id, person_id, timestamp, properties, "  # noqa: S608
        f"person.properties, elements_chain FROM events {where}"
        f"ORDER BY {order_by}, uuid LIMIT {int(limit)} OFFSET {int(offset)}"
    )
    options = QueryOptions(event_condition=condition)
    result = runner.run(prepare(sql, project_id=project_id, options=options))
    return [_details(row) for row in result.rows]


def _conditions(wanted: EventFilter) -> list[str]:
    conditions = []
    for column, value in (("event", wanted.event), ("distinct_id", wanted.distinct_id)):
        if value is not None:
            conditions.append(f"{column} = {text_literal(value)}")
    if wanted.person_id is not None:
        conditions.append(f"person_id = toUUIDOrNull({text_literal(wanted.person_id)})")
    if wanted.after is not None:
        conditions.append(f"timestamp > toDateTime64({text_literal(wanted.after)}, 6, 'UTC')")
    if wanted.before is not None:
        conditions.append(f"timestamp < toDateTime64({text_literal(wanted.before)}, 6, 'UTC')")
    if wanted.uuid is not None:
        conditions.append(f"uuid = toUUIDOrNull({text_literal(wanted.uuid)})")
    return conditions


def _details(row: list[Any]) -> EventDetails:
    return EventDetails(
        uuid=row[0],
        event=row[1],
        distinct_id=row[2],
        person_id=row[3],
        timestamp=row[4],
        properties=json.decode(row[5]),
        person_properties=json.decode(row[6]),
        elements_chain=row[7],
    )
