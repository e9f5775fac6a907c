"""What a row belongs to, joined on only where a query asks for it.

An event has a person after merges, that person's current properties, five groups and a session;
a distinct id has a current person. Each is read through hidden columns that this module names and
joins: a query that names none of them reads the bare table.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

from hedgerow.query.person_resolution import overrides_subquery, resolved_person
from hedgerow.query.sessions import SESSION_KEY, URLS, session_columns, sessions_subquery
from hedgerow.query.tables import (
    EVENTS,
    GROUPS,
    PERSON_DISTINCT_IDS,
    PERSONS,
    SESSION_UUID,
    SESSIONS,
    VisibleTable,
    confined_subquery,
)

GROUP_TYPES_MAX: Final = 5
PERSON_PREFIX: Final = "__person_"
SESSION_PREFIX: Final = "__session_of_"
PERSON_FIELDS: Final = ("properties", "created_at", "is_identified")
GROUP_FIELDS: Final = ("properties", "created_at")


def group_prefix(index: int) -> str:
    return f"__group_{index}_"


@dataclass(frozen=True, slots=True)
class Confinement:
    """Whose rows a query may read, and what bounds its sessions.

    `events` is the events table with the columns of promoted properties.
    """

    project_id: int
    events: VisibleTable = EVENTS
    session_conditions: Sequence[str] = field(default=())

    def subquery(self, table: VisibleTable, wanted: Collection[str]) -> str:
        """What stands in a query for `table`, of which only the `wanted` columns are read."""
        if table.name == EVENTS.name:
            return self._events(wanted)
        if table.name == SESSIONS.name:
            return sessions_subquery(self.project_id, wanted, self.session_conditions)
        if table.name == PERSON_DISTINCT_IDS.name:
            return self._distinct_ids(wanted)
        return confined_subquery(table, self.project_id, wanted)

    def _events(self, wanted: Collection[str]) -> str:
        every = self.events.columns | self.events.hidden_columns
        shown = {name: f"e.`{name}`" for name in every if name in wanted}
        read = set(shown)
        person = [name for name in PERSON_FIELDS if PERSON_PREFIX + name in wanted]
        joins: list[str] = []
        if person or "person_id" in read:
            read.add("person_id")
            overrides = overrides_subquery(self.project_id)
            joins.append(f"LEFT ANY JOIN ({overrides}) AS o ON e.person_id = o.old_person_id")
            current = resolved_person("e.person_id", "o.new_person_id")
            shown["person_id"] = current
        if person:
            joins.append(self._persons_join(person, current))
            shown |= {PERSON_PREFIX + name: _or_null("p", "id", name) for name in person}
        for index in range(GROUP_TYPES_MAX):
            fields = [name for name in GROUP_FIELDS if group_prefix(index) + name in wanted]
            if fields:
                read.add(f"__hot_group_{index}")
                joins.append(self._group_join(index, fields))
                shown |= {
                    group_prefix(index) + name: _or_null(f"g{index}", "key", name)
                    for name in fields
                }
        session = [name for name in session_columns() if SESSION_PREFIX + name in wanted]
        if session:
            read.add(SESSION_UUID)
            joins.append(self._session_join(session))
            shown |= {
                SESSION_PREFIX + name: f"s.`{name}`"
                if name == URLS
                else _or_null("s", SESSION_KEY, name)
                for name in session
            }
        rows = confined_subquery(self.events, self.project_id, read)
        if not joins:
            return rows
        return _joined(rows, "e", shown, joins)

    def _distinct_ids(self, wanted: Collection[str]) -> str:
        person = [name for name in PERSON_FIELDS if PERSON_PREFIX + name in wanted]
        read = [name for name in PERSON_DISTINCT_IDS.columns if name in wanted]
        if not person:
            return confined_subquery(PERSON_DISTINCT_IDS, self.project_id, read)
        rows = confined_subquery(PERSON_DISTINCT_IDS, self.project_id, {*read, "person_id"})
        shown = {name: f"d.`{name}`" for name in read}
        shown |= {PERSON_PREFIX + name: _or_null("p", "id", name) for name in person}
        return _joined(rows, "d", shown, [self._persons_join(person, "d.person_id")])

    def _persons_join(self, fields: Collection[str], person_id: str) -> str:
        rows = confined_subquery(PERSONS, self.project_id, {"id", *fields})
        return f"LEFT ANY JOIN ({rows}) AS p ON {person_id} = p.id"

    def _group_join(self, index: int, fields: Collection[str]) -> str:
        rows = confined_subquery(GROUPS, self.project_id, {"key", *fields})
        return (
            f"LEFT ANY JOIN ({rows} AND group_type_index = {index}) AS g{index} "
            f"ON e.`__hot_group_{index}` = g{index}.key"
        )

    def _session_join(self, columns: Collection[str]) -> str:
        wanted = {SESSION_KEY, *columns}
        rows = sessions_subquery(self.project_id, wanted, self.session_conditions)
        return f"LEFT ANY JOIN ({rows}) AS s ON e.`{SESSION_UUID}` = s.`{SESSION_KEY}`"


def _or_null(alias: str, key: str, column: str) -> str:
    """The joined table's column, NULL where there was no row to join."""
    return f"if(empty({alias}.`{key}`), NULL, {alias}.`{column}`)"


def _joined(rows: str, alias: str, shown: dict[str, str], joins: Sequence[str]) -> str:
    columns = ", ".join(f"{expression} AS `{name}`" for name, expression in shown.items())
    return f"SELECT {columns} FROM ({rows}) AS {alias} {' '.join(joins)}"  # noqa: S608 - fixed names
