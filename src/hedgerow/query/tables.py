"""The tables that users see: their columns, and the confined subquery each stands for."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from hedgerow.store.rows import HOT_STRING_PROPERTIES


@dataclass(frozen=True, slots=True)
class VisibleTable:
    """`columns` maps the user's column name to the engine's expression, in documented order."""

    name: str
    columns: dict[str, str]
    hidden_columns: dict[str, str]


# Hot properties under names that cannot clash with a user's.
HOT_PREFIX: Final = "__hot_"

EVENTS: Final = VisibleTable(
    "events",
    {
        "uuid": "uuid",
        "event": "event",
        "distinct_id": "distinct_id",
        "person_id": "person_id",
        "timestamp": "timestamp",
        "properties": "properties",
        "elements_chain": "elements_chain",
        "created_at": "received_at",
        "person_mode": "person_mode",
    },
    {
        "person_properties": "person_properties",
        "person_created_at": "person_created_at",
        **{HOT_PREFIX + column: column for column in HOT_STRING_PROPERTIES},
    },
)
PERSONS: Final = VisibleTable(
    "persons",
    {
        "id": "id",
        "created_at": "created_at",
        "properties": "properties",
        "is_identified": "is_identified",
    },
    {},
)
PERSON_DISTINCT_IDS: Final = VisibleTable(
    "person_distinct_ids", {"distinct_id": "distinct_id", "person_id": "person_id"}, {}
)
GROUPS: Final = VisibleTable(
    "groups",
    {
        "group_type_index": "group_type_index",
        "group_key": "group_key",
        "properties": "properties",
        "created_at": "created_at",
    },
    {},
)
VISIBLE_TABLES: Final = {table.name: table for table in (EVENTS, PERSONS, PERSON_DISTINCT_IDS)}

# Names that a WITH may not take, so that no name stands for two things in one query.
RESERVED_TABLES: Final = frozenset((*VISIBLE_TABLES, "schema_migrations"))


def confined_subquery(
    table: VisibleTable, project_id: int, wanted: Collection[str] | None = None
) -> str:
    """The only way to a table: one project's rows, each row once, visible columns only.

    `wanted` leaves out the columns that it does not name.

    FINAL leaves the latest version of a person. Events have only one: ingest stores none twice.
    """
    columns = ", ".join(
        f"{expression} AS `{name}`"
        for name, expression in (table.columns | table.hidden_columns).items()
        if wanted is None or name in wanted
    )
    final, live = ("", "") if table is EVENTS else (" FINAL", " AND is_deleted = 0")
    return (
        f"SELECT {columns} FROM {table.name}{final} "  # noqa: S608 - fixed names and a number
        f"WHERE project_id = {int(project_id)}{live}"
    )
