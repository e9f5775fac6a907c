"""Who is in a cohort: static lists changed, members counted. All of it blocks."""

import csv
import io
import uuid
from collections.abc import Collection
from typing import Any, Final

from hedgerow.api.errors import ApiError
from hedgerow.api.person_lists import cohort_members
from hedgerow.api.services import Services
from hedgerow.directory.persons import load_persons, persons_by_id
from hedgerow.directory.projects import Project
from hedgerow.directory.resource_kinds import CohortBody
from hedgerow.directory.resources import (
    NoSuchResourceError,
    Resource,
    change_resource,
    resource_by_id,
)
from hedgerow.query.fragments import Select, Sql
from hedgerow.query.insight_runner import run_select

_HEADERS: Final = frozenset(("distinct_id", "distinct_ids", "distinct-id", "distinctid", "id"))


def csv_distinct_ids(content: str) -> list[str]:
    """The column `distinct_id`, else the first column, whose heading may be missing."""
    rows = [row for row in csv.reader(io.StringIO(content.removeprefix("\ufeff"))) if any(row)]
    if not rows:
        return []
    heading = [cell.strip().lower() for cell in rows[0]]
    known = [place for place, name in enumerate(heading) if name in _HEADERS]
    place = known[0] if known else 0
    body = rows[1:] if known else rows
    return [row[place].strip() for row in body if len(row) > place and row[place].strip()]


def static_cohort(services: Services, project: Project, cohort_id: str) -> Resource[CohortBody]:
    """Raises `ApiError` 404, and 400 for a cohort that is not static."""
    found = _cohort(services, project, cohort_id)
    if not found.body.is_static:
        raise ApiError(400, "Only a static cohort has a list of persons.", attribute="is_static")
    return found


def change_members(
    services: Services,
    project: Project,
    cohort: Resource[CohortBody],
    people: Collection[bytes],
    *,
    is_removed: bool = False,
) -> None:
    """Put persons on the list, or take them off under all ids they had before merges."""
    # Later than the change before, whatever the clock says.
    version = max(services.clock.now_us(), cohort.updated_at_us + 1)
    write = services.static_cohorts.remove if is_removed else services.static_cohorts.add
    write(project.id, cohort.id, people, version)
    # Queries name the time of the last change, so that no older answer is taken for theirs.
    change_resource(
        services.directory,
        project.id,
        CohortBody,
        str(cohort.id),
        change=lambda body: body,
        now_us=version,
    )


def known_people(services: Services, project: Project, person_ids: Any) -> list[bytes]:
    """Persons by uuid. Raises `ApiError` 400 for what is no list of uuids; unknown ones are left
    out.
    """
    try:
        wanted = [uuid.UUID(item).bytes for item in person_ids]
    except (TypeError, ValueError, AttributeError):
        raise ApiError(
            400, "person_ids is a list of persons' uuids.", attribute="person_ids"
        ) from None
    return [item.person.id for item in persons_by_id(services.directory, project.id, wanted)]


def people_of(services: Services, project: Project, distinct_ids: Any) -> list[bytes]:
    """Persons by distinct id; unknown ones are left out. Raises `ApiError` 400."""
    if not isinstance(distinct_ids, list) or not all(isinstance(x, str) for x in distinct_ids):
        raise ApiError(400, "distinct_ids is a list of texts.", attribute="distinct_ids")
    found = load_persons(services.directory, project.id, distinct_ids)
    return list({person.id for person in found.values()})


def count_members(services: Services, project: Project, cohort_id: int) -> int:
    """Raises `QueryError` where the cohort's filters are wrong."""
    members = cohort_members(services, project, cohort_id)
    counted = Select(columns={"members": Sql("count()")}, source=members)
    return int(run_select(services.query_runner, counted).rows[0][0])


def _cohort(services: Services, project: Project, cohort_id: str) -> Resource[CohortBody]:
    try:
        return resource_by_id(services.directory, project.id, CohortBody, cohort_id)
    except NoSuchResourceError as error:
        raise ApiError(404, str(error)) from None
