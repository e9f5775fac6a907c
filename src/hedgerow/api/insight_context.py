"""What planning an insight needs, looked up for one project."""

from typing import Any

from hedgerow.api.services import Services
from hedgerow.core.errors import QueryError
from hedgerow.directory.projects import Project
from hedgerow.directory.resource_kinds import ActionBody, ActionStep, CohortBody
from hedgerow.directory.resources import NoSuchResourceError, list_resources, resource_by_id
from hedgerow.query.fragments import Select
from hedgerow.query.insight_runner import earliest_event_us
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.person_filters import cohort_select


def insight_context(services: Services, project: Project, query: dict[str, Any]) -> InsightContext:
    """The project as it is now (blocking)."""

    def action_steps(number: int) -> list[ActionStep] | None:
        try:
            found = resource_by_id(services.directory, project.id, ActionBody, str(number))
        except NoSuchResourceError:
            return None
        return None if found.is_deleted else found.body.steps

    def cohort_members(number: int) -> Select | None:
        try:
            found = resource_by_id(services.directory, project.id, CohortBody, str(number))
        except NoSuchResourceError:
            return None
        if found.is_deleted:
            return None
        if found.body.is_static:
            raise QueryError(f"Cohort {number} is static, which queries cannot use yet.")
        return cohort_select(found.body.filters, context, f"cohort {number}")

    def actions() -> list[tuple[int, str]]:
        found, _ = list_resources(services.directory, project.id, ActionBody)
        return [(action.id, action.body.name) for action in found]

    context = InsightContext(
        project_id=project.id,
        now_us=services.clock.now_us(),
        time_zone=project.settings.time_zone,
        week_start_day=project.settings.week_start_day,
        earliest_us=(
            earliest_event_us(services.query_runner, project.id) if _asks_for_all(query) else None
        ),
        action_steps=action_steps,
        actions=actions,
        cohort_members=cohort_members,
    )
    return context


def _asks_for_all(query: Any) -> bool:
    """Whether a range anywhere in the query begins with the first event."""
    if isinstance(query, dict):
        return query.get("date_from") == "all" or any(map(_asks_for_all, query.values()))
    return isinstance(query, list) and any(map(_asks_for_all, query))
