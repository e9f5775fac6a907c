"""The cohorts that a person is in (read-api §3.4)."""

import asyncio
import uuid
from typing import Any, Final

from litestar import get

from hedgerow.api.auth import authorized_project
from hedgerow.api.data_routes import both
from hedgerow.api.errors import ApiError
from hedgerow.api.insight_context import insight_context
from hedgerow.api.pages import AnyRequest
from hedgerow.api.services import Services
from hedgerow.core.errors import QueryError
from hedgerow.directory.projects import Project
from hedgerow.directory.resource_kinds import CohortBody
from hedgerow.directory.resources import list_resources
from hedgerow.query.fragments import Select, Sql, text
from hedgerow.query.insight_runner import run_select
from hedgerow.query.tables import PERSONS, confined_subquery

# One statement asks for so many: each brings the whole question of its cohort along.
_COHORTS_A_QUERY: Final = 25


@get(both("persons/cohorts"), summary="The cohorts that a person is in")
async def cohorts_of_person(
    request: AnyRequest, services: Services, project_id: str, person_id: str
) -> dict[str, Any]:
    """As of now. A cohort whose criteria cannot be asked is left out."""
    project = await authorized_project(request, services, project_id)
    try:
        person = uuid.UUID(person_id)
    except ValueError:
        raise ApiError(400, "person_id is a person's uuid.", attribute="person_id") from None
    return {"results": await asyncio.to_thread(_cohorts_of, services, project, person)}


def _cohorts_of(services: Services, project: Project, person: uuid.UUID) -> list[dict[str, Any]]:
    cohorts, _ = list_resources(services.directory, project.id, CohortBody)
    members: list[tuple[int, str, Select]] = []
    for cohort in cohorts:
        try:
            found = insight_context(services, project, {}).cohort_members(cohort.id)
        except QueryError:
            continue
        if found is not None:
            members.append((cohort.id, cohort.body.name, found))
    shown = []
    for start in range(0, len(members), _COHORTS_A_QUERY):
        part = members[start : start + _COHORTS_A_QUERY]
        answers = _is_in(services, project, person, [found for _, _, found in part])
        shown += [
            {"id": cohort_id, "name": name}
            for (cohort_id, name, _), is_in in zip(part, answers, strict=True)
            if is_in
        ]
    return shown


def _is_in(
    services: Services, project: Project, person: uuid.UUID, cohorts: list[Select]
) -> list[bool]:
    """For each cohort; nobody is in any where there is no such person."""
    asked = Select(
        columns={f"c{place}": Sql(f"id IN ({one.sql()})") for place, one in enumerate(cohorts)},
        source=Sql(f"({confined_subquery(PERSONS, project.id)})"),
        where=(Sql(f"id = toUUID({text(str(person))})"),),
        limit=1,
    )
    rows = run_select(services.query_runner, asked).rows
    return [bool(value) for value in rows[0]] if rows else [False] * len(cohorts)
