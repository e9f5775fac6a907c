"""Projects: each has its own events and persons, and a public key that may only write."""

import re
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from hedgerow.core.errors import UserError
from hedgerow.core.ids import new_project_api_key
from hedgerow.core.limits import TOKEN_BYTES_MAX
from hedgerow.directory.engine import Directory
from hedgerow.directory.project_settings import (
    ProjectSettings,
    changed_settings,
    decode_settings,
    encode_settings,
)
from hedgerow.directory.schema import projects

_TOKEN_PREFIX = "phc_"  # noqa: S105 - a prefix, not a secret
_TOKEN_SHAPE = re.compile(r"phc_[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Project:
    id: int
    name: str
    api_token: str
    created_at_us: int
    settings: ProjectSettings


def create_project(
    directory: Directory, *, name: str, api_token: str | None = None, now_us: int
) -> Project:
    """A new project, with a new key unless `api_token` is given.

    Raises `UserError` when the key is not shaped as one or belongs to another project.
    """
    with directory.write() as connection:
        return add_project(connection, name=name, api_token=api_token, now_us=now_us)


def add_project(
    connection: Connection, *, name: str, api_token: str | None, now_us: int
) -> Project:
    """`create_project` within a transaction of the caller's."""
    token = new_project_api_key() if api_token is None else api_token
    _check_token(token)
    taken = connection.execute(select(projects.c.id).where(projects.c.api_token == token)).scalar()
    if taken is not None:
        raise UserError(f"the project API key {token} already belongs to project {taken}")
    row = connection.execute(
        insert(projects)
        .values(name=name, api_token=token, created_at_us=now_us)
        .returning(*projects.c)
    ).one()
    return _project(row)


def list_projects(directory: Directory) -> list[Project]:
    """All projects, the oldest first."""
    with directory.read() as connection:
        rows = connection.execute(select(projects).order_by(projects.c.id)).all()
    return [_project(row) for row in rows]


def first_project(connection: Connection) -> Project | None:
    """The project that was made at the first start."""
    row = connection.execute(select(projects).order_by(projects.c.id).limit(1)).one_or_none()
    return None if row is None else _project(row)


def project_by_id(directory: Directory, project_id: int) -> Project | None:
    with directory.read() as connection:
        query = select(projects).where(projects.c.id == project_id)
        row = connection.execute(query).one_or_none()
    return None if row is None else _project(row)


def project_by_token(directory: Directory, api_token: str) -> Project | None:
    with directory.read() as connection:
        query = select(projects).where(projects.c.api_token == api_token)
        row = connection.execute(query).one_or_none()
    return None if row is None else _project(row)


def change_project(
    directory: Directory,
    project_id: int,
    *,
    name: str | None = None,
    settings: dict[str, Any] | None = None,
) -> Project:
    """The project under another name, or with some settings changed (by JSON name).

    Raises `UserError` when there is no such project, `FieldError` for a setting that is wrong.
    """
    of_project = projects.c.id == project_id
    with directory.write() as connection:
        row = connection.execute(select(projects).where(of_project)).one_or_none()
        if row is None:
            raise UserError(f"there is no project {project_id}")
        project = _project(row)
        changed = replace(
            project,
            name=project.name if name is None else name,
            settings=changed_settings(project.settings, settings or {}),
        )
        connection.execute(
            update(projects)
            .where(of_project)
            .values(name=changed.name, settings=encode_settings(changed.settings))
        )
    return changed


def _check_token(token: str) -> None:
    if len(token) > TOKEN_BYTES_MAX or _TOKEN_SHAPE.fullmatch(token) is None:
        raise UserError(
            f"{token!r} is not a project API key: it must start with {_TOKEN_PREFIX} and have "
            f"at most {TOKEN_BYTES_MAX} printable ASCII characters without spaces"
        )


def _project(row: Row[*tuple[Any, ...]]) -> Project:
    return Project(
        row.id, row.name, row.api_token, row.created_at_us, decode_settings(row.settings)
    )
