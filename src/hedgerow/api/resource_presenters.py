"""Resources as the API's objects."""

from collections.abc import Sequence
from typing import Any

from msgspec import to_builtins

from hedgerow.api.times import shown_time
from hedgerow.directory.dashboards import dashboards_by_insight
from hedgerow.directory.engine import Directory
from hedgerow.directory.resource_kinds import DashboardBody, InsightBody
from hedgerow.directory.resources import Resource, list_resources


def present_resources(
    directory: Directory, project_id: int, resources: Sequence[Resource[Any]]
) -> list[dict[str, Any]]:
    """Insights tell their dashboards; dashboards show their insights whole (blocking)."""
    bodies = [resource.body for resource in resources]
    if not any(isinstance(body, InsightBody | DashboardBody) for body in bodies):
        return [_common(resource) for resource in resources]
    shown_on = dashboards_by_insight(directory, project_id)
    wanted = {
        tile.insight
        for body in bodies
        if isinstance(body, DashboardBody)
        for tile in body.tiles
        if tile.insight is not None
    }
    found, _ = list_resources(directory, project_id, InsightBody, ids=wanted)
    insights = {insight.id: _insight(insight, shown_on) for insight in found}
    return [_presented(resource, insights, shown_on) for resource in resources]


def _presented(
    resource: Resource[Any], insights: dict[int, dict[str, Any]], shown_on: dict[int, list[int]]
) -> dict[str, Any]:
    if isinstance(resource.body, DashboardBody):
        return {**_common(resource), "tiles": _tiles(resource.body, insights)}
    if isinstance(resource.body, InsightBody):
        return _insight(resource, shown_on)
    return _common(resource)


def _insight(resource: Resource[Any], shown_on: dict[int, list[int]]) -> dict[str, Any]:
    return {**_common(resource), "dashboards": shown_on.get(resource.id, [])}


def _tiles(body: DashboardBody, insights: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    """Those whose insight is still there."""
    return [
        {
            **to_builtins(tile),
            "insight": None if tile.insight is None else insights[tile.insight],
        }
        for tile in body.tiles
        if tile.insight is None or tile.insight in insights
    ]


def _common(resource: Resource[Any]) -> dict[str, Any]:
    return {
        "id": resource.id,
        "short_id": resource.short_id,
        **to_builtins(resource.body),
        "deleted": resource.is_deleted,
        "created_at": shown_time(resource.created_at_us),
        "updated_at": shown_time(resource.updated_at_us),
        "last_modified_at": shown_time(resource.updated_at_us),
    }
