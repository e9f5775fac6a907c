"""What a path of names means on each table (docs/sql.md)."""

from dataclasses import dataclass

from hedgerow.core.errors import QueryError
from hedgerow.query.relations import (
    GROUP_FIELDS,
    GROUP_TYPES_MAX,
    PERSON_FIELDS,
    PERSON_PREFIX,
    SESSION_PREFIX,
    group_prefix,
)
from hedgerow.query.sessions import session_columns
from hedgerow.query.suggestions import did_you_mean
from hedgerow.query.tables import EVENTS, GROUPS, PERSON_DISTINCT_IDS, PERSONS, VisibleTable


@dataclass(frozen=True, slots=True)
class Field:
    """A column, or a property in it.

    With a `property_path` the column is a scope of `property_expression`. `definition_scope` is
    the scope that the property's definition has, None where there is none.
    """

    column: str
    property_path: tuple[str, ...] | None = None
    definition_scope: str | None = None


def field_of(table: VisibleTable, path: list[str]) -> Field | None:
    """None where the table has nothing of this name."""
    if len(path) == 1 and path[0] in table.columns | table.hidden_columns:
        return None if path[0].startswith("__") else Field(path[0])
    if table is EVENTS:
        return _event_field(path)
    if table is PERSON_DISTINCT_IDS and path[0] == "person" and len(path) > 1:
        return _current_person_field("person", path[1:])
    if path[0] == "properties" and len(path) > 1 and table in (PERSONS, GROUPS):
        if table is PERSONS:
            return Field("person", tuple(path[1:]), "person")
        # Groups of several types may have properties of one name and different types.
        return Field("group", tuple(path[1:]))
    return None


def _event_field(path: list[str]) -> Field | None:
    head, rest = path[0], path[1:]
    if not rest:
        # `$browser` alone is the event's property.
        return Field("event", (head,), "event") if head.startswith("$") else None
    match head:
        case "properties":
            return Field("event", tuple(rest), "event")
        case "person":
            return _person_on_event_field(rest)
        case "current_person":
            return _current_person_field(head, rest)
        case "pdi":
            return _distinct_id_field(rest)
        case "session":
            return _session_field(rest)
    index = head.removeprefix("group_")
    if head != index and index.isascii() and index.isdigit() and int(index) < GROUP_TYPES_MAX:
        return _group_field(int(index), rest)
    return None


def _person_on_event_field(path: list[str]) -> Field:
    """The person as it was when the event arrived, but for who it is now."""
    head, rest = path[0], path[1:]
    if head == "properties" and rest:
        return Field("person_on_event", tuple(rest), "person")
    columns = {
        "id": "person_id",
        "created_at": "person_created_at",
        "properties": "person_properties",
        "is_identified": PERSON_PREFIX + "is_identified",
    }
    return Field(_known("person", path, columns))


def _current_person_field(written: str, path: list[str]) -> Field:
    head, rest = path[0], path[1:]
    if head == "properties" and rest:
        return Field(PERSON_PREFIX + "properties", tuple(rest), "person")
    columns = {"id": "person_id", **{name: PERSON_PREFIX + name for name in PERSON_FIELDS}}
    return Field(_known(written, path, columns))


def _distinct_id_field(path: list[str]) -> Field:
    """`pdi.person.properties.x` and the like, as PostHog writes it."""
    if path[0] == "person" and len(path) > 1:
        return _current_person_field("pdi.person", path[1:])
    return Field(_known("pdi", path, {"distinct_id": "distinct_id", "person_id": "person_id"}))


def _group_field(index: int, path: list[str]) -> Field:
    head, rest = path[0], path[1:]
    prefix = group_prefix(index)
    if head == "properties" and rest:
        return Field(prefix + "properties", tuple(rest), f"group_{index}")
    if path == ["key"]:
        return Field("event", (f"$group_{index}",))
    return Field(
        _known(f"group_{index}", path, {name: prefix + name for name in ("key", *GROUP_FIELDS)})
    )


def _session_field(path: list[str]) -> Field:
    columns = {name: SESSION_PREFIX + name for name in session_columns()}
    return Field(_known("session", path, columns | {"id": columns["session_id"]}))


def _known(written: str, path: list[str], columns: dict[str, str]) -> str:
    """Raises `QueryError` that says what there is instead."""
    if len(path) == 1 and path[0] in columns:
        return columns[path[0]]
    shown = ".".join((written, *path))
    hint = did_you_mean(path[0], columns)
    some = ", ".join(f"{written}.{name}" for name in list(columns)[:5])
    raise QueryError(f"There is no `{shown}`{hint} There are {some} and others in docs/sql.md.")
