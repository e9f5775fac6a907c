"""The values a property has had lately, the most frequent first: what a filter suggests."""

from typing import Final

from sqlglot import exp

from hedgerow.query.runner import QueryRunner
from hedgerow.query.sql import prepare
from hedgerow.wire.timestamps import format_timestamp

VALUES_MAX: Final = 50
EVENT_DAYS: Final = 30
_VALUE_CHARS_MAX: Final = 200
_DAY_US: Final = 86_400_000_000


def event_property_values(  # noqa: PLR0913 - independent filters, given by name
    runner: QueryRunner,
    project_id: int,
    key: str,
    *,
    event: str | None,
    part: str | None,
    now_us: int,
) -> list[str]:
    """Of events of the last days. `part` is looked for in the value (blocking)."""
    conditions = [_recent(now_us)]
    if event is not None:
        conditions.append(f"event = {_literal(event)}")
    return _values(runner, project_id, "events", f"properties[{_literal(key)}]", conditions, part)


def event_names(
    runner: QueryRunner, project_id: int, *, part: str | None, now_us: int
) -> list[str]:
    """Names of events of the last days (blocking)."""
    return _values(runner, project_id, "events", "event", [_recent(now_us)], part)


def person_property_values(
    runner: QueryRunner, project_id: int, key: str, *, part: str | None
) -> list[str]:
    """Of persons as they are now (blocking)."""
    return _values(runner, project_id, "persons", f"properties[{_literal(key)}]", [], part)


def _values(  # noqa: PLR0913, PLR0917 - the parts of one statement
    runner: QueryRunner,
    project_id: int,
    table: str,
    value: str,
    conditions: list[str],
    part: str | None,
) -> list[str]:
    wanted = ["value IS NOT NULL", f"length(value) <= {_VALUE_CHARS_MAX}"]
    if part:
        wanted.append(f"positionCaseInsensitive(value, {_literal(part)}) > 0")
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    sql = (
        "SELECT value FROM "  # noqa: S608 - fixed names and quoted literals, checked by prepare
        f"(SELECT {value} AS value FROM {table} {where}) AS found "
        f"WHERE {' AND '.join(wanted)} GROUP BY value ORDER BY count() DESC, value "
        f"LIMIT {VALUES_MAX}"
    )
    return [row[0] for row in runner.run(prepare(sql, project_id=project_id)).rows]


def _recent(now_us: int) -> str:
    since = format_timestamp(now_us - EVENT_DAYS * _DAY_US).removesuffix("Z").replace("T", " ")
    return f"timestamp > toDateTime64({_literal(since)}, 6, 'UTC')"


def _literal(value: str) -> str:
    return exp.Literal.string(value).sql(dialect="clickhouse")
