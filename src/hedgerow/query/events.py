"""The newest events and single events, for the read API and the pages."""

from dataclasses import dataclass
from typing import Any

from hedgerow.core import json
from hedgerow.query.literals import text_literal
from hedgerow.query.runner import QueryRunner
from hedgerow.query.sql import prepare


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """What to list. Times are ISO text in UTC; None means no such condition."""

    event: str | None = None
    distinct_id: str | None = None
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


def list_events(
    runner: QueryRunner, project_id: int, wanted: EventFilter, *, limit: int, offset: int = 0
) -> list[EventDetails]:
    """The newest first (blocking). Raises `QueryError`."""
    conditions = _conditions(wanted)
    where = f"WHERE {' AND '.join(conditions)} " if conditions else ""
    sql = (
        "SELECT uuid, event, distinct_id, person_id, timestamp, properties, "  # noqa: S608
        f"person.properties, elements_chain FROM events {where}"
        f"ORDER BY timestamp DESC, uuid LIMIT {int(limit)} OFFSET {int(offset)}"
    )
    result = runner.run(prepare(sql, project_id=project_id))
    return [_details(row) for row in result.rows]


def _conditions(wanted: EventFilter) -> list[str]:
    conditions = []
    for column, value in (("event", wanted.event), ("distinct_id", wanted.distinct_id)):
        if value is not None:
            conditions.append(f"{column} = {text_literal(value)}")
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
