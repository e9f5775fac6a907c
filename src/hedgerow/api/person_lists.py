"""Lists of persons by what is known of them, or by a cohort. All of it blocks."""

import uuid
from typing import Any, Final

from hedgerow.api.insight_context import insight_context
from hedgerow.api.sent_filters import ATTRIBUTE
from hedgerow.api.services import Services
from hedgerow.core.errors import QueryError
from hedgerow.directory.persons import PersonCursor, PersonDetails, persons_by_id
from hedgerow.directory.projects import Project
from hedgerow.query.fragments import Select, Sql, number, text
from hedgerow.query.insight_runner import run_select
from hedgerow.query.insights.cohorts import cohort_select
from hedgerow.query.tables import PERSONS, confined_subquery

_CREATED_US: Final = "toUnixTimestamp64Micro(created_at)"


def list_filtered(  # noqa: PLR0913 - independent filters, given by name
    services: Services,
    project: Project,
    *,
    cohort: int | None,
    filters: list[Any],
    limit: int,
    after: PersonCursor | None,
) -> list[PersonDetails]:
    """The newest persons first, from behind `after` on, who are in the cohort and match.

    Raises `QueryError` naming the filter that is wrong.
    """
    where = []
    if cohort is not None:
        where.append(Sql(f"id IN ({cohort_members(services, project, cohort).sql()})"))
    if filters:
        matching = cohort_select(
            {"type": "AND", "values": filters}, insight_context(services, project, {}), ATTRIBUTE
        )
        where.append(Sql(f"id IN ({matching.sql()})"))
    if after is not None:
        created_us, person_id = after
        cursor = f"({number(created_us)}, {text(str(uuid.UUID(bytes=person_id)))})"
        where.append(Sql(f"({_CREATED_US}, toString(id)) < {cursor}"))
    page = Select(
        columns={"shown_id": Sql("toString(id)")},
        source=Sql(f"({confined_subquery(PERSONS, project.id)})"),
        where=tuple(where),
        order_by=(Sql(f"{_CREATED_US} DESC"), Sql("toString(id) DESC")),
        limit=limit,
    )
    ids = [uuid.UUID(row[0]).bytes for row in run_select(services.query_runner, page).rows]
    return persons_by_id(services.directory, project.id, ids)


def cohort_members(services: Services, project: Project, cohort_id: int) -> Select:
    """A select of the `id` of each. Raises `QueryError`."""
    found = insight_context(services, project, {}).cohort_members(cohort_id)
    if found is None:
        raise QueryError(f"There is no cohort {cohort_id}.", attribute="cohort")
    return found
