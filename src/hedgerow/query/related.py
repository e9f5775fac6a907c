"""Which groups and persons have events together, and the properties that groups have.

All of it blocks, and raises `QueryError`.
"""

from dataclasses import dataclass
from typing import Any, Final

from hedgerow.query.relations import GROUP_TYPES_MAX
from hedgerow.query.runner import QueryRunner
from hedgerow.query.sql import QueryOptions, prepare
from hedgerow.wire.timestamps import format_timestamp

RELATED_DAYS: Final = 90
RELATED_MAX: Final = 100
VALUES_MAX: Final = 50
_DAY_US: Final = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Related:
    """`groups` are type index and key; `person_ids` are uuids as text."""

    groups: list[tuple[int, str]]
    person_ids: list[str]


def related_to_group(
    runner: QueryRunner, project_id: int, type_index: int, key: str, *, now_us: int
) -> Related:
    """The persons and the groups of other types with events of the group in the last days."""
    column = f"properties['$group_{int(type_index)}']"
    others = [index for index in range(GROUP_TYPES_MAX) if index != type_index]
    found = _together(runner, project_id, f"{column} = {{wanted}}", key, others, now_us)
    persons = _rows(
        runner,
        project_id,
        f"SELECT DISTINCT toString(person_id) FROM events WHERE {column} = {{wanted}} "  # noqa: S608 - a number
        f"AND timestamp > {{since}} ORDER BY 1 LIMIT {RELATED_MAX}",
        {"wanted": key, "since": _since(now_us)},
    )
    return Related(found, [row[0] for row in persons])


def groups_of_person(
    runner: QueryRunner, project_id: int, person_id: str, *, now_us: int
) -> list[tuple[int, str]]:
    """Type index and key of each group that the person has had events in, in the last days."""
    condition = "person_id = toUUIDOrNull({wanted})"
    indexes = list(range(GROUP_TYPES_MAX))
    return _together(runner, project_id, condition, person_id, indexes, now_us)


def _together(  # noqa: PLR0913, PLR0917 - the parts of one question
    runner: QueryRunner,
    project_id: int,
    condition: str,
    wanted: str,
    indexes: list[int],
    now_us: int,
) -> list[tuple[int, str]]:
    pairs = ", ".join(f"({index}, ifNull(properties['$group_{index}'], ''))" for index in indexes)
    sql = (
        f"SELECT DISTINCT tupleElement(pair, 1), tupleElement(pair, 2) FROM "  # noqa: S608 - numbers
        f"(SELECT arrayJoin(array({pairs})) AS pair FROM events "
        f"WHERE {condition} AND timestamp > {{since}}) AS found "
        f"WHERE tupleElement(pair, 2) != '' ORDER BY 1, 2 LIMIT {RELATED_MAX}"
    )
    rows = _rows(runner, project_id, sql, {"wanted": wanted, "since": _since(now_us)})
    return [(int(index), str(key)) for index, key in rows]


def group_property_counts(runner: QueryRunner, project_id: int) -> dict[str, list[dict[str, Any]]]:
    """By type index, the properties that groups have, those of most groups first."""
    rows = _rows(
        runner,
        project_id,
        "SELECT toString(index), name, count() FROM "
        "(SELECT index, arrayJoin(JSONExtractKeys(properties)) AS name FROM groups) AS found "
        "GROUP BY index, name ORDER BY index, count() DESC, name LIMIT 10000",
        {},
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for index, name, count in rows:
        found.setdefault(index, []).append({"name": name, "count": count})
    return found


def group_property_values(
    runner: QueryRunner, project_id: int, type_index: int, key: str, *, part: str | None
) -> list[dict[str, Any]]:
    """The values that groups of the type have, with how many have each, most frequent first."""
    rows = _rows(
        runner,
        project_id,
        "SELECT value, count() FROM (SELECT JSONExtract(properties, {key}, 'Nullable(String)') "  # noqa: S608 - a number
        "AS value FROM groups WHERE index = {index}) AS found WHERE value != '' "
        "AND positionCaseInsensitive(value, {part}) > 0 "
        f"GROUP BY value ORDER BY count() DESC, value LIMIT {VALUES_MAX}",
        {"key": key, "index": type_index, "part": part or ""},
    )
    return [{"name": value, "count": count} for value, count in rows]


def _since(now_us: int) -> str:
    since_us = now_us - RELATED_DAYS * _DAY_US
    return format_timestamp(since_us).removesuffix("Z").replace("T", " ")


def _rows(
    runner: QueryRunner, project_id: int, sql: str, values: dict[str, Any]
) -> list[list[Any]]:
    options = QueryOptions(values=values)
    return runner.run(prepare(sql, project_id=project_id, options=options)).rows
