"""Insights, dashboards, annotations, cohorts and actions: made, listed, changed, deleted.

One set of statements serves all kinds. What each holds is in `resource_kinds.py`.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from msgspec import convert
from sqlalchemy import Connection, Row, Select, func, insert, or_, select, update

from hedgerow.core import json
from hedgerow.core.errors import UserError
from hedgerow.core.ids import new_short_id
from hedgerow.directory.dialect import json_text
from hedgerow.directory.engine import Directory
from hedgerow.directory.resource_kinds import KINDS, ResourceBody
from hedgerow.directory.resources_schema import resources

Body = TypeVar("Body", bound=ResourceBody)
_KIND_NAMES: dict[type[Any], str] = {body: kind for kind, body in KINDS.items()}
# The fields of a body that a search looks into.
_SEARCHED_FIELDS = ("name", "description", "content")
# A number beyond this is no id of ours, and no integer of the database's.
_ID_DIGITS_MAX = 15


@dataclass(frozen=True, slots=True)
class Resource(Generic[Body]):
    """`short_id` names it in links."""

    id: int
    project_id: int
    short_id: str
    body: Body
    is_deleted: bool
    created_at_us: int
    updated_at_us: int


class NoSuchResourceError(UserError):
    """Nothing of that kind has that id in that project."""


def create_resource(
    directory: Directory, project_id: int, body: Body, *, now_us: int
) -> Resource[Body]:
    with directory.write() as connection:
        row = connection.execute(
            insert(resources)
            .values(
                project_id=project_id,
                kind=_KIND_NAMES[type(body)],
                short_id=new_short_id(),
                body=json.encode(body).decode(),
                is_deleted=False,
                created_at_us=now_us,
                updated_at_us=now_us,
            )
            .returning(*resources.c)
        ).one()
    return _resource(row, type(body))


def resource_by_id(
    directory: Directory, project_id: int, kind: type[Body], wanted: str
) -> Resource[Body]:
    """By its number or its short id, deleted or not. Raises `NoSuchResourceError`."""
    with directory.read() as connection:
        return _one(connection, project_id, kind, wanted)


def list_resources(  # noqa: PLR0913 - independent filters, given by name
    directory: Directory,
    project_id: int,
    kind: type[Body],
    *,
    search: str | None = None,
    ids: Collection[int] | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[list[Resource[Body]], int]:
    """Those that are not deleted, the newest first, and how many there are in all.

    `search` looks, ignoring ASCII case, for a part of the name, description or content.
    """
    query = _of_kind(project_id, kind).where(resources.c.is_deleted.is_(False))
    if ids is not None:
        query = query.where(resources.c.id.in_(ids))
    with directory.read() as connection:
        if search:
            query = query.where(
                or_(
                    *(
                        func.lower(json_text(connection.dialect, resources.c.body, name)).contains(
                            search.lower(), autoescape=True
                        )
                        for name in _SEARCHED_FIELDS
                    )
                )
            )
        count = connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
        page = query.order_by(resources.c.id.desc()).limit(limit).offset(offset)
        rows = connection.execute(page).all()
    return [_resource(row, kind) for row in rows], count


def change_resource(  # noqa: PLR0913 - who, what, how and when
    directory: Directory,
    project_id: int,
    kind: type[Body],
    wanted: str,
    *,
    change: Callable[[Body], Body],
    is_deleted: bool | None = None,
    now_us: int,
) -> Resource[Body]:
    """The resource with `change` applied to its body, read and written in one transaction.

    Raises `NoSuchResourceError`, and whatever `change` raises; nothing is then changed.
    """
    with directory.write() as connection:
        found = _one(connection, project_id, kind, wanted)
        row = connection.execute(
            update(resources)
            .where(resources.c.id == found.id)
            .values(
                body=json.encode(change(found.body)).decode(),
                is_deleted=found.is_deleted if is_deleted is None else is_deleted,
                updated_at_us=now_us,
            )
            .returning(*resources.c)
        ).one()
    return _resource(row, kind)


def _one(connection: Connection, project_id: int, kind: type[Body], wanted: str) -> Resource[Body]:
    is_number = wanted.isascii() and wanted.isdigit() and len(wanted) <= _ID_DIGITS_MAX
    named = resources.c.id == int(wanted) if is_number else resources.c.short_id == wanted
    row = connection.execute(_of_kind(project_id, kind).where(named)).one_or_none()
    if row is None:
        raise NoSuchResourceError(f"There is no {_KIND_NAMES[kind]} {wanted[:40]}.")
    return _resource(row, kind)


def _of_kind(project_id: int, kind: type[Body]) -> Select[Any]:
    return select(resources).where(
        resources.c.project_id == project_id, resources.c.kind == _KIND_NAMES[kind]
    )


def _resource(row: Row[*tuple[Any, ...]], kind: type[Body]) -> Resource[Body]:
    return Resource(
        id=row.id,
        project_id=row.project_id,
        short_id=row.short_id,
        body=convert(json.decode(row.body), kind),
        is_deleted=row.is_deleted,
        created_at_us=row.created_at_us,
        updated_at_us=row.updated_at_us,
    )
