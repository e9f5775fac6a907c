"""Surveys: made, listed, changed, deleted."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from hedgerow.core import json
from hedgerow.core.errors import UserError
from hedgerow.directory.dialect import json_text
from hedgerow.directory.engine import Directory
from hedgerow.directory.flags_schema import surveys
from hedgerow.directory.survey_body import SurveyBody


@dataclass(frozen=True, slots=True)
class Survey:
    """`id` is a UUID: events carry it as `$survey_id`."""

    id: str
    project_id: int
    body: SurveyBody
    is_archived: bool
    created_at_us: int
    updated_at_us: int


class NoSuchSurveyError(UserError):
    """There is no such survey in that project."""


def create_survey(  # noqa: PLR0913 - what, where and when
    directory: Directory,
    project_id: int,
    body: SurveyBody,
    *,
    survey_id: str | None = None,
    is_archived: bool,
    now_us: int,
) -> Survey:
    """`survey_id` is a UUID that is not taken; a new one if it is left out."""
    with directory.write() as connection:
        row = connection.execute(
            insert(surveys)
            .values(
                id=survey_id or str(uuid.uuid4()),
                project_id=project_id,
                body=json.encode(body).decode(),
                is_archived=is_archived,
                created_at_us=now_us,
                updated_at_us=now_us,
            )
            .returning(*surveys.c)
        ).one()
    return _survey(row)


def survey_by_id(directory: Directory, project_id: int, survey_id: str) -> Survey:
    """Raises `NoSuchSurveyError`."""
    with directory.read() as connection:
        return _one(connection, project_id, survey_id)


def list_surveys(
    directory: Directory,
    project_id: int,
    *,
    search: str | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[list[Survey], int]:
    """The newest first, and how many there are. `search` looks for a part of the name."""
    query = _surveys(project_id)
    with directory.read() as connection:
        if search:
            name = json_text(connection.dialect, surveys.c.body, "name")
            query = query.where(func.lower(name).contains(search.lower(), autoescape=True))
        count = connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
        page = query.order_by(surveys.c.created_at_us.desc(), surveys.c.id).limit(limit)
        rows = connection.execute(page.offset(offset)).all()
    return [_survey(row) for row in rows], count


def change_survey(  # noqa: PLR0913 - who, what, how and when
    directory: Directory,
    project_id: int,
    survey_id: str,
    change: Callable[[SurveyBody], SurveyBody],
    *,
    is_archived: bool | None = None,
    now_us: int,
) -> Survey:
    """The survey after `change`, read and written in one transaction.

    Raises `NoSuchSurveyError`, and whatever `change` raises; nothing is then changed.
    """
    with directory.write() as connection:
        found = _one(connection, project_id, survey_id)
        row = connection.execute(
            update(surveys)
            .where(surveys.c.id == found.id)
            .values(
                body=json.encode(change(found.body)).decode(),
                is_archived=found.is_archived if is_archived is None else is_archived,
                updated_at_us=now_us,
            )
            .returning(*surveys.c)
        ).one()
    return _survey(row)


def delete_survey(directory: Directory, project_id: int, survey_id: str) -> None:
    """Its answers stay, as events. Raises `NoSuchSurveyError`."""
    with directory.write() as connection:
        found = _one(connection, project_id, survey_id)
        connection.execute(delete(surveys).where(surveys.c.id == found.id))


def _one(connection: Connection, project_id: int, survey_id: str) -> Survey:
    row = connection.execute(
        _surveys(project_id).where(surveys.c.id == survey_id.lower())
    ).one_or_none()
    if row is None:
        raise NoSuchSurveyError(f"There is no survey {survey_id[:40]}.")
    return _survey(row)


def _surveys(project_id: int) -> Select[Any]:
    return select(surveys).where(surveys.c.project_id == project_id)


def _survey(row: Row[*tuple[Any, ...]]) -> Survey:
    return Survey(
        id=row.id,
        project_id=row.project_id,
        body=msgspec.convert(json.decode(row.body), SurveyBody),
        is_archived=row.is_archived,
        created_at_us=row.created_at_us,
        updated_at_us=row.updated_at_us,
    )
