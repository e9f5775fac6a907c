"""The tables that users see: their columns, and the confined subquery each stands for."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from hedgerow.query.sessions import session_columns
from hedgerow.store.rows import HOT_STRING_PROPERTIES
from hedgerow.store.schema import TABLES


@dataclass(frozen=True, slots=True)
class VisibleTable:
    """`columns` maps the user's column name to the engine's expression, in documented order.

    `hidden_columns` can be read but are not part of `*`.
    """

    name: str
    columns: dict[str, str]
    hidden_columns: dict[str, str]


# Hot properties under names that cannot clash with a user's.
HOT_PREFIX: Final = "__hot_"
# Gives each event its session's id, or the zero UUID where it is in none.
SESSION_UUID: Final = "__session_uuid"

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
        SESSION_UUID: "session_uuid",
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
GROUPS: Final = VisibleTable(
    "groups",
    {
        "index": "group_type_index",
        "key": "group_key",
        "created_at": "created_at",
        "properties": "properties",
    },
    {"group_type_index": "group_type_index", "group_key": "group_key"},
)
PERSON_DISTINCT_IDS: Final = VisibleTable(
    "person_distinct_ids", {"distinct_id": "distinct_id", "person_id": "person_id"}, {}
)
# Read through `sessions.py`, since a session is made of events.
SESSIONS: Final = VisibleTable("sessions", {name: name for name in session_columns()}, {})
VISIBLE_TABLES: Final = {
    table.name: table for table in (EVENTS, PERSONS, GROUPS, SESSIONS, PERSON_DISTINCT_IDS)
}

# Names that a WITH may not take, so that no name stands for two things in one query.
RESERVED_TABLES: Final = frozenset((*VISIBLE_TABLES, *TABLES, "schema_migrations"))


def confined_subquery(
    table: VisibleTable, project_id: int, wanted: Collection[str] | None = None
) -> str:
    """The only way to a stored table: one project's rows, each once, and named columns only.

    `wanted` are the columns to read, all where it is None. FINAL leaves the latest version of a
    person. Events have only one: ingest stores none twice.
    """
    every = table.columns | table.hidden_columns
    columns = ", ".join(
        f"{expression} AS `{name}`"
        for name, expression in every.items()
        if wanted is None or name in wanted
    )
    is_events = table.name == EVENTS.name
    final, live = ("", "") if is_events else (" FINAL", " AND is_deleted = 0")
    return (
        f"SELECT {columns or '1 AS `__row`'} FROM {table.name}{final} "  # noqa: S608 - fixed names and a number
        f"WHERE project_id = {int(project_id)}{live}"
    )
