"""What a resource answers when it is looked at: an insight's result, a cohort's size (blocking)."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from hedgerow.api.errors import ApiError
from hedgerow.api.query_answers import fresh_answer, kept_answer, new_answer, prepare_answer
from hedgerow.api.services import Services
from hedgerow.api.static_cohorts import count_members
from hedgerow.core.errors import QueryError
from hedgerow.directory.projects import Project
from hedgerow.directory.resource_kinds import (
    CohortBody,
    DashboardBody,
    InsightBody,
    ResourceBody,
)
from hedgerow.query.cancellation import Cancellation
from hedgerow.query.insights.override import with_filters, with_variables
from hedgerow.query.insights.read_node import unwrapped

Shown = dict[str, Any]

# By the value of `refresh`; without one the cache alone is asked.
_MODES: Final = {
    None: "force_cache",
    "false": "force_cache",
    "force_cache": "force_cache",
    "true": "force_blocking",
    "blocking": "blocking",
    "force_blocking": "force_blocking",
}
_COPIED: Final = ("columns", "types", "hasMore", "hogql", "timezone", "resolved_date_range")
_NO_RESULT: Final[Shown] = {"result": None, "last_refresh": None, "is_cached": False}


@dataclass(frozen=True, slots=True)
class Asked:
    """How a resource is looked at: what its answers come from, and what is put over its queries."""

    refresh: str | None = None
    filters: Shown = field(default_factory=dict)
    variables: Shown = field(default_factory=dict)

    @property
    def mode(self) -> str:
        return _MODES[self.refresh]

    def over(self, dashboard: Shown) -> "Asked":
        """The same on a dashboard, whose own filters and variables come second."""
        return replace(
            self,
            filters=dashboard["filters"] | self.filters,
            variables=dashboard["variables"] | self.variables,
        )


def with_results(
    services: Services,
    project: Project,
    kind: type[ResourceBody],
    shown: Shown,
    asked: Asked,
) -> Shown:
    """The shown resource with what it answers now.

    A query that fails leaves `result` null and says why in `error`. Raises `ApiError` 400 for a
    `refresh` that is none.
    """
    if asked.refresh not in _MODES:
        known = ", ".join(str(mode) for mode in _MODES if mode is not None)
        raise ApiError(400, f"refresh must be one of {known}.", attribute="refresh")
    if kind is CohortBody:
        return shown | _counted(lambda: count_members(services, project, shown["id"]))
    if kind is InsightBody:
        return shown | _result(services, project, shown["query"], asked)
    if kind is DashboardBody:
        tiles = [_tile(services, project, tile, asked.over(shown)) for tile in shown["tiles"]]
        return shown | {"tiles": tiles}
    return shown


def _tile(services: Services, project: Project, tile: Shown, asked: Asked) -> Shown:
    insight = tile["insight"]
    if insight is None:
        return tile
    return tile | {"insight": insight | _result(services, project, insight["query"], asked)}


def _result(services: Services, project: Project, query: Shown, asked: Asked) -> Shown:
    try:
        query = with_filters(unwrapped(query), asked.filters, "filters")
        prepared = prepare_answer(services, project, with_variables(query, asked.variables))
        if asked.mode == "force_cache":
            answer = kept_answer(services, prepared)
        else:
            answer = fresh_answer(services, prepared) if asked.mode == "blocking" else None
            answer = answer or new_answer(services, prepared, Cancellation())
    except (QueryError, ApiError) as error:
        return _NO_RESULT | {"error": error.detail}
    if answer is None:
        return _NO_RESULT
    copied: Shown = {name: answer[name] for name in _COPIED if name in answer}
    return {
        "result": answer["results"],
        "last_refresh": answer["last_refresh"],
        "is_cached": answer["is_cached"],
        **copied,
    }


def _counted(count: Callable[[], int]) -> Shown:
    try:
        return {"count": count()}
    except QueryError as error:
        return {"count": None, "error": error.detail}
