"""What planning an insight needs, looked up for one project."""

from typing import Any, Final

from hedgerow.api.services import Services
from hedgerow.core.errors import QueryError
from hedgerow.directory.projects import Project
from hedgerow.directory.resource_kinds import (
    ActionBody,
    ActionStep,
    CohortBody,
    ResourceBody,
)
from hedgerow.directory.resources import NoSuchResourceError, list_resources, resource_by_id
from hedgerow.query.fragments import Select
from hedgerow.query.insight_runner import earliest_event_us
from hedgerow.query.insights.cohorts import cohort_select, static_cohort_select
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.event_rows import EventRows
from hedgerow.query.insights.filters import filter_condition, step_condition
from hedgerow.query.insights.nodes import FilterNode
from hedgerow.query.insights.read_node import read_node

TEST_ACCOUNT_FILTERS: Final = "test_account_filters"


def insight_context(services: Services, project: Project, query: dict[str, Any]) -> InsightContext:
    """The project as it is now (blocking)."""

    def action_steps(number: int) -> list[ActionStep] | None:
        try:
            found = resource_by_id(services.directory, project.id, ActionBody, str(number))
        except NoSuchResourceError:
            return None
        return None if found.is_deleted else found.body.steps

    # The cohorts that are being looked up: one may ask for another, but not for itself.
    asked: list[int] = []

    def cohort_members(number: int) -> Select | None:
        try:
            found = resource_by_id(services.directory, project.id, CohortBody, str(number))
        except NoSuchResourceError:
            return None
        if found.is_deleted:
            return None
        if found.body.is_static:
            return static_cohort_select(project.id, number, found.updated_at_us)
        if number in asked:
            raise QueryError(f"Cohort {number} asks for itself.")
        asked.append(number)
        try:
            return cohort_select(found.body.filters, context, f"cohort {number}")
        finally:
            asked.pop()

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
        test_account_filters=tuple(project.settings.test_account_filters),
        revenue_events=tuple(project.settings.revenue_analytics_config.events),
        persons_on_events=project.settings.person_on_events_querying_enabled,
        actors_by_distinct_id=project.settings.actors_by_distinct_id,
        promoted=services.promotions.promoted(),
        action_steps=action_steps,
        actions=actions,
        cohort_members=cohort_members,
    )
    return context


def check_definition(services: Services, project: Project, body: ResourceBody) -> None:
    """Raises `QueryError` naming what no question could use of a cohort or an action (blocking)."""
    context = insight_context(services, project, {})
    if isinstance(body, CohortBody) and not body.is_static:
        cohort_select(body.filters, context, "filters.properties")
    if isinstance(body, ActionBody):
        rows = EventRows(context)
        for number, step in enumerate(body.steps):
            step_condition(step, rows, f"steps.{number}")


def check_test_account_filters(services: Services, project: Project, filters: Any) -> None:
    """Raises `QueryError` naming the filter that no insight could use (blocking)."""
    if not isinstance(filters, list):
        return
    rows = EventRows(insight_context(services, project, {}))
    for number, item in enumerate(filters):
        path = f"{TEST_ACCOUNT_FILTERS}.{number}"
        filter_condition(read_node(item, FilterNode, path), rows, path)


def _asks_for_all(query: Any) -> bool:
    """Whether a range anywhere in the query begins with the first event."""
    if isinstance(query, dict):
        return query.get("date_from") == "all" or any(map(_asks_for_all, query.values()))
    return isinstance(query, list) and any(map(_asks_for_all, query))
