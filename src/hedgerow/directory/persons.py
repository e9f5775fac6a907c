"""Persons and their distinct ids (ingestion §2): looked up, listed for the API, and saved."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, or_, select, tuple_

from hedgerow.core import json
from hedgerow.directory.batch import DeletedPerson, DistinctId, Person
from hedgerow.directory.chunks import chunks
from hedgerow.directory.dialect import execute_many, insert_or_change, json_text
from hedgerow.directory.engine import Directory
from hedgerow.directory.schema import person_distinct_ids, persons

# The properties by which people look for a person, besides its distinct ids.
SEARCHED_PROPERTIES = ("email", "name", "username")

# Where a list goes on: `created_at_us` and `id` of the last person shown.
PersonCursor = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """A person with its distinct ids: the main one, then the others, the oldest first."""

    person: Person
    distinct_ids: tuple[str, ...]

    @property
    def cursor(self) -> PersonCursor:
        return self.person.created_at_us, self.person.id


def load_persons(
    directory: Directory, project_id: int, distinct_ids: Collection[str]
) -> dict[str, Person]:
    """The persons of these distinct ids; unknown ones are left out.

    Distinct ids of one person share one `Person`, so that a change to it shows under all of them.
    """
    found: dict[str, Person] = {}
    by_id: dict[bytes, Person] = {}
    with directory.read() as connection:
        for chunk in chunks(distinct_ids):
            query = _persons_by_distinct_id(project_id).where(
                person_distinct_ids.c.distinct_id.in_(chunk)
            )
            for row in connection.execute(query):
                if row.id not in by_id:
                    by_id[row.id] = _person(row)
                found[row.distinct_id] = by_id[row.id]
    return found


def person_by_distinct_id(
    directory: Directory, project_id: int, distinct_id: str
) -> PersonDetails | None:
    with directory.read() as connection:
        query = _persons_by_distinct_id(project_id).where(
            person_distinct_ids.c.distinct_id == distinct_id
        )
        details = _with_distinct_ids(connection, project_id, connection.execute(query).all())
    return details[0] if details else None


def person_by_id(directory: Directory, project_id: int, person_id: bytes) -> PersonDetails | None:
    with directory.read() as connection:
        query = _persons(project_id).where(persons.c.id == person_id)
        details = _with_distinct_ids(connection, project_id, connection.execute(query).all())
    return details[0] if details else None


def persons_by_id(
    directory: Directory, project_id: int, person_ids: Sequence[bytes]
) -> list[PersonDetails]:
    """In the order of the ids; unknown ones are left out."""
    found: dict[bytes, PersonDetails] = {}
    with directory.read() as connection:
        for chunk in chunks(person_ids):
            query = _persons(project_id).where(persons.c.id.in_(chunk))
            details = _with_distinct_ids(connection, project_id, connection.execute(query).all())
            found |= {item.person.id: item for item in details}
    return [found[id_] for id_ in dict.fromkeys(person_ids) if id_ in found]


def list_persons(  # noqa: PLR0913 - independent filters, given by name
    directory: Directory,
    project_id: int,
    *,
    search: str | None = None,
    email: str | None = None,
    limit: int = 100,
    after: PersonCursor | None = None,
) -> list[PersonDetails]:
    """Persons, the newest first, from behind `after` on.

    `search` looks, ignoring ASCII case, for a part of a distinct id or of the email, name or
    username property; `email` is the property's exact value.
    """
    query = _persons(project_id).order_by(persons.c.created_at_us.desc(), persons.c.id.desc())
    if after is not None:
        query = query.where(tuple_(persons.c.created_at_us, persons.c.id) < tuple_(*after))
    with directory.read() as connection:
        if email is not None:
            query = query.where(
                json_text(connection.dialect, persons.c.properties, "email") == email
            )
        if search:
            query = query.where(_matches(connection, project_id, search))
        rows = connection.execute(query.limit(limit)).all()
        return _with_distinct_ids(connection, project_id, rows)


def save_persons(
    connection: Connection, changed: Sequence[Person], distinct_ids: Sequence[DistinctId]
) -> None:
    """Write the persons as they now are, then their new or moved distinct ids."""
    statement = insert_or_change(
        connection.dialect,
        persons,
        lambda new: {
            "properties": new.properties,
            "created_at_us": new.created_at_us,
            "is_identified": new.is_identified,
            "version": new.version,
            "main_distinct_id": new.main_distinct_id,
            "last_seen_at_us": new.last_seen_at_us,
        },
    )
    columns = (
        *("project_id", "id", "properties", "created_at_us", "is_identified", "version"),
        *("main_distinct_id", "last_seen_at_us"),
    )
    execute_many(connection, statement, columns, [_person_values(person) for person in changed])
    statement = insert_or_change(
        connection.dialect,
        person_distinct_ids,
        lambda new: {"person_id": new.person_id, "version": new.version},
        key=("project_id", "distinct_id"),
    )
    execute_many(
        connection,
        statement,
        ("project_id", "distinct_id", "person_id", "version"),
        [
            (item.project_id, item.distinct_id, item.person_id, item.version)
            for item in distinct_ids
        ],
    )


def delete_persons(connection: Connection, deleted: Sequence[DeletedPerson]) -> None:
    """Remove persons whose distinct ids have been moved to others."""
    for item in deleted:
        connection.execute(
            delete(persons).where(persons.c.project_id == item.project_id, persons.c.id == item.id)
        )


def load_distinct_ids(directory: Directory, project_id: int, person_id: bytes) -> list[DistinctId]:
    """All distinct ids of one person, the oldest first."""
    query = (
        select(person_distinct_ids.c.distinct_id, person_distinct_ids.c.version)
        .where(
            person_distinct_ids.c.project_id == project_id,
            person_distinct_ids.c.person_id == person_id,
        )
        .order_by(person_distinct_ids.c.id)
    )
    with directory.read() as connection:
        rows = connection.execute(query).all()
    return [DistinctId(project_id, name, person_id, version) for name, version in rows]


def _persons(project_id: int) -> Select[Any]:
    return select(persons).where(persons.c.project_id == project_id)


def _persons_by_distinct_id(project_id: int) -> Select[Any]:
    return (
        select(person_distinct_ids.c.distinct_id, persons)
        .join_from(person_distinct_ids, persons)
        .where(person_distinct_ids.c.project_id == project_id)
    )


def _matches(connection: Connection, project_id: int, search: str) -> ColumnElement[bool]:
    part = search.lower()
    with_distinct_id = select(person_distinct_ids.c.person_id).where(
        person_distinct_ids.c.project_id == project_id,
        func.lower(person_distinct_ids.c.distinct_id).contains(part, autoescape=True),
    )
    return or_(
        persons.c.id.in_(with_distinct_id),
        *(
            func.lower(json_text(connection.dialect, persons.c.properties, name)).contains(
                part, autoescape=True
            )
            for name in SEARCHED_PROPERTIES
        ),
    )


def _with_distinct_ids(
    connection: Connection, project_id: int, rows: Sequence[Row[*tuple[Any, ...]]]
) -> list[PersonDetails]:
    found: dict[bytes, list[str]] = {row.id: [] for row in rows}
    for chunk in chunks(found):
        query = (
            select(person_distinct_ids.c.person_id, person_distinct_ids.c.distinct_id)
            .where(
                person_distinct_ids.c.project_id == project_id,
                person_distinct_ids.c.person_id.in_(chunk),
            )
            .order_by(person_distinct_ids.c.id)
        )
        for person_id, distinct_id in connection.execute(query):
            found[person_id].append(distinct_id)
    return [
        PersonDetails(_person(row), _main_first(row.main_distinct_id, found[row.id]))
        for row in rows
    ]


def _main_first(main: str | None, distinct_ids: list[str]) -> tuple[str, ...]:
    if main is None or main not in distinct_ids:
        return tuple(distinct_ids)
    return (main, *(item for item in distinct_ids if item != main))


def _person(row: Row[*tuple[Any, ...]]) -> Person:
    return Person(
        project_id=row.project_id,
        id=row.id,
        properties=json.decode(row.properties),
        created_at_us=row.created_at_us,
        is_identified=row.is_identified,
        version=row.version,
        main_distinct_id=row.main_distinct_id,
        last_seen_at_us=row.last_seen_at_us,
    )


def _person_values(person: Person) -> tuple[Any, ...]:
    return (
        person.project_id,
        person.id,
        json.encode(person.properties).decode(),
        person.created_at_us,
        person.is_identified,
        person.version,
        person.main_distinct_id,
        person.last_seen_at_us,
    )
