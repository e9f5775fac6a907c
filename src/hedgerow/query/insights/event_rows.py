"""One project's events as the rows of a statement, with what belongs to them joined on.

Every insight reads events through `EventRows`: it decides who the actor is, where a property is
read from and which joins that takes, so that all insights agree. Ask it for expressions first,
then for the select; the joins that the expressions need are in it.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from hedgerow.core.errors import QueryError
from hedgerow.query.expressions import checked_expression
from hedgerow.query.fragments import Join, Select, Sql, call, identifier, number, printed, text
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.person_resolution import overrides_subquery, resolved_person
from hedgerow.query.properties import events_table, property_expression
from hedgerow.query.relations import SESSION_PREFIX, Confinement
from hedgerow.query.sessions import SESSION_DAYS_MAX, URLS, session_columns
from hedgerow.query.suggestions import did_you_mean
from hedgerow.query.tables import (
    GROUPS,
    PERSONS,
    VisibleTable,
    confined_subquery,
)

GROUP_TYPES_MAX: Final = 5
_WORD = re.compile(r"\w+")
_TIME: Final = Sql("timestamp")
# Columns of what an event belongs to, as `relations.py` names them.
_RELATED = re.compile(r"`?(__(?:person|group_\d|session_of)_[^`\s,()]+)`?")
_TIME_BOUND = re.compile(r"timestamp (?P<operator>[<>]=?) toDateTime64\('[0-9 :.-]+', 6, 'UTC'\)")
# Fields of the event itself, as text.
_METADATA: Final = {
    "event": Sql("event"),
    "distinct_id": Sql("distinct_id"),
    "uuid": Sql("toString(uuid)"),
    "timestamp": Sql("toString(timestamp)"),
    "created_at": Sql("toString(created_at)"),
    "person_mode": Sql("toString(person_mode)"),
    "elements_chain": Sql("elements_chain"),
}
_OVERRIDES: Final = "overrides"


class EventRows:
    """A builder for one SELECT over events.

    `group_type_index` makes groups of that type the actors. Expressions name columns of events as
    they are; the joined columns have names that no event column has.
    """

    def __init__(self, context: InsightContext, group_type_index: int | None = None) -> None:
        self.context = context
        self.group_type_index = group_type_index
        self._joins: dict[str, Join] = {}
        # Alias of a join → the joined table's expressions by the column they get.
        self._joined_columns: dict[str, dict[str, Sql]] = {}
        if group_type_index is not None:
            check_group_type(group_type_index, "query.aggregation_group_type_index")

    @property
    def time(self) -> Sql:
        return _TIME

    # Actors.

    def actor(self) -> Sql:
        """Who did it: the person after all merges, the group's key, or the distinct id."""
        if self.group_type_index is not None:
            return self.group_key(self.group_type_index)
        if self.context.actors_by_distinct_id:
            return Sql("distinct_id")
        return self.person()

    def actor_conditions(self) -> list[Sql]:
        """Which events have an actor at all: those without the group's key have none."""
        if self.group_type_index is None:
            return []
        return [call("notEmpty", self.group_key(self.group_type_index))]

    def actor_created_at(self) -> Sql:
        """When the person (or group) came to be, as the directory has it now."""
        if self.group_type_index is not None:
            where = Sql(f"group_type_index = {number(self.group_type_index)}")
            key = self.group_key(self.group_type_index)
            alias = f"groups_{self.group_type_index}"
            created = Sql("toNullable(created_at)")
            return self._joined(alias, GROUPS, "group_key", key, None, created, where)
        return self.person_column("person_created_at", Sql("toNullable(created_at)"))

    def profile_conditions(self) -> list[Sql]:
        """Leaves out events that were sent without a person profile."""
        if self.group_type_index is not None:
            return []
        return [Sql("person_mode != 'propertyless'")]

    def person(self) -> Sql:
        """The event's person after all merges, as a UUID; personless ids have theirs too."""
        self._joins.setdefault(
            _OVERRIDES,
            Join(
                "LEFT ANY",
                Sql(f"({overrides_subquery(self.context.project_id)})"),
                _OVERRIDES,
                Sql("events.person_id = overrides.old_person_id"),
            ),
        )
        return Sql(resolved_person("events.person_id", "overrides.new_person_id"))

    def group_key(self, group_type_index: int) -> Sql:
        """The key of the event's group, empty where it has none."""
        value = self.event_property(f"$group_{group_type_index}")
        return call("ifNull", value, text(""))

    def in_cohort(self, cohort_id: int, path: str) -> Sql:
        members = self.context.cohort_members(cohort_id)
        if members is None:
            raise QueryError(f"There is no cohort {cohort_id}.", attribute=path)
        return Sql(f"{self.person()} IN ({members.sql()})")

    # Values.

    def property(
        self, type_: str, key: str, path: str, *, group_type_index: int | None = None
    ) -> Sql:
        """A property as Nullable(String). Raises `QueryError` naming the wrong field."""
        match type_:
            case "event" | "feature":
                return self.event_property(key)
            case "person" if self.context.persons_on_events:
                return self._of_event("person_on_event", key)
            case "person":
                return self._person_property(key)
            case "group":
                return self._group_property(group_type_index, key, path)
            case "session":
                return self._session_property(key, path)
            case "event_metadata":
                return self._metadata(key, path)
        raise QueryError(
            f"Properties of type {type_[:50]!r} are not supported.", attribute=f"{path}.type"
        )

    def event_property(self, key: str) -> Sql:
        """A property of the event itself as Nullable(String)."""
        return self._of_event("event", key)

    def _of_event(self, scope: str, key: str) -> Sql:
        self.context.properties_read.add((scope, key))
        return printed(property_expression(scope, [key], promoted=self.context.promoted))

    def expression(self, written: str, path: str) -> Sql:
        """A user's SQL expression over an event's row. Raises `QueryError`."""
        return checked_expression(written, path, self.person, self.context.promoted)

    def _session_property(self, key: str, path: str) -> Sql:
        if key not in session_columns():
            raise QueryError(
                f"Sessions have no {key[:50]!r}{did_you_mean(key, session_columns())}",
                attribute=f"{path}.key",
            )
        column = identifier(SESSION_PREFIX + key)
        return Sql(f"toString({column})" if key == URLS else f"toString(toNullable({column}))")

    def _metadata(self, key: str, path: str) -> Sql:
        if key == "person_id":
            return call("toString", self.person())
        if key.startswith("$group_") and key.removeprefix("$group_").isdigit():
            return self.event_property(key)
        found = _METADATA.get(key)
        if found is None:
            raise QueryError(
                f"Events have no field {key[:50]!r}; there are "
                f"{', '.join((*_METADATA, 'person_id'))}.",
                attribute=f"{path}.key",
            )
        return found

    # Joins.

    def person_column(self, name: str, expression: Sql) -> Sql:
        """An expression over the current person's row, NULL or empty where there is none."""
        return self._joined("people", PERSONS, "id", self.person(), name, expression)

    def _person_property(self, key: str) -> Sql:
        expression = printed(property_expression("person", [key]))
        return self._joined("people", PERSONS, "id", self.person(), None, expression)

    def _group_property(self, index: int | None, key: str, path: str) -> Sql:
        index = group_type_of(index, path)
        expression = printed(property_expression("group", [key]))
        where = Sql(f"group_type_index = {number(index)}")
        return self._joined(
            f"groups_{index}", GROUPS, "group_key", self.group_key(index), None, expression, where
        )

    def _joined(  # noqa: PLR0913, PLR0917 - the parts of one join
        self,
        alias: str,
        table: VisibleTable,
        key: str,
        equals: Sql,
        name: str | None,
        expression: Sql,
        where: Sql | None = None,
    ) -> Sql:
        columns = self._joined_columns.setdefault(alias, {f"{alias}_key": Sql(key)})
        known = [column for column, known in columns.items() if known == expression]
        column = known[0] if known else name or f"{alias}_{len(columns)}"
        columns[column] = expression
        self._joins[alias] = Join(
            "LEFT ANY",
            Select(
                columns=dict(columns),
                source=Sql(f"({confined_subquery(table, self.context.project_id)})"),
                where=() if where is None else (where,),
            ),
            alias,
            Sql(f"{equals} = {alias}.{alias}_key"),
        )
        return Sql(f"{alias}.{identifier(column)}")

    # The select.

    def select(
        self,
        columns: Mapping[str, Sql],
        where: Sequence[Sql] = (),
        group_by: Sequence[Sql] = (),
        *,
        having: Sequence[Sql] = (),
        order_by: Sequence[Sql] = (),
    ) -> Select:
        """The rows; ask for every expression before this, since its joins must be known."""
        conditions = tuple(where)
        select = Select(
            columns=columns,
            source=Sql("(SELECT 1)"),
            alias="events",
            joins=tuple(self._joins.values()),
            where=conditions,
            group_by=tuple(group_by),
            having=tuple(having),
            order_by=tuple(order_by),
        )
        return select.changed(source=self._events(select.sql(), conditions))

    def _events(self, printed_select: str, conditions: Sequence[Sql]) -> Sql:
        """Only the columns that are named somewhere: the rest is never read."""
        words = set(_WORD.findall(printed_select))
        table = events_table(self.context.promoted)
        only = (table.columns.keys() | table.hidden_columns.keys()) & words
        related = set(_RELATED.findall(printed_select))
        if not related:
            rows = confined_subquery(table, self.context.project_id, only or {"uuid"})
            return Sql(f"({rows})")
        bounds = [_session_bound(item) for item in conditions]
        confinement = Confinement(
            self.context.project_id, table, [bound for bound in bounds if bound]
        )
        return Sql(f"({confinement.subquery(table, only | related)})")


def _session_bound(condition: Sql) -> str:
    """A bound on the events' time as one on their sessions' events; empty for anything else."""
    found = _TIME_BOUND.fullmatch(condition)
    if found is None:
        return ""
    sign = "-" if found["operator"].startswith(">") else "+"
    return f"{condition} {sign} toIntervalDay({SESSION_DAYS_MAX})"


def group_type_of(index: int | None, path: str) -> int:
    """Of a group's property; raises `QueryError` where it is missing or none."""
    if index is None:
        raise QueryError(
            "A group property needs the index of its group type.",
            attribute=f"{path}.group_type_index",
        )
    check_group_type(index, f"{path}.group_type_index")
    return index


def check_group_type(index: int, path: str) -> None:
    if not 0 <= index < GROUP_TYPES_MAX:
        raise QueryError(f"Group types are numbered 0 to {GROUP_TYPES_MAX - 1}.", attribute=path)
