"""Which insight is on which dashboard. Only the dashboard's tiles say so; all else is derived."""

from collections.abc import Collection
from functools import partial

from msgspec.structs import replace

from hedgerow.core.errors import FieldError
from hedgerow.directory.engine import Directory
from hedgerow.directory.resource_kinds import DashboardBody, InsightBody, Tile
from hedgerow.directory.resources import change_resource, list_resources


def dashboards_by_insight(directory: Directory, project_id: int) -> dict[int, list[int]]:
    """Insight id → ids of the dashboards that show it."""
    found, _ = list_resources(directory, project_id, DashboardBody)
    shown: dict[int, list[int]] = {}
    for dashboard in reversed(found):
        for tile in dashboard.body.tiles:
            if tile.insight is not None:
                shown.setdefault(tile.insight, []).append(dashboard.id)
    return shown


def put_insight_on_dashboards(
    directory: Directory, project_id: int, insight_id: int, wanted: Collection[int], *, now_us: int
) -> None:
    """Show the insight on exactly the `wanted` dashboards, and on none besides."""
    found, _ = list_resources(directory, project_id, DashboardBody)
    for dashboard in found:
        is_shown = any(tile.insight == insight_id for tile in dashboard.body.tiles)
        if is_shown != (dashboard.id in wanted):
            change_resource(
                directory,
                project_id,
                DashboardBody,
                str(dashboard.id),
                change=partial(_without if is_shown else _with, insight_id),
                now_us=now_us,
            )


def _with(insight_id: int, body: DashboardBody) -> DashboardBody:
    return replace(body, tiles=numbered([*body.tiles, Tile(insight=insight_id)]))


def _without(insight_id: int, body: DashboardBody) -> DashboardBody:
    return replace(body, tiles=[tile for tile in body.tiles if tile.insight != insight_id])


def check_dashboards(directory: Directory, project_id: int, wanted: Collection[int]) -> None:
    """Raises `FieldError` for one that is not there."""
    found, _ = list_resources(directory, project_id, DashboardBody, ids=wanted)
    unknown = set(wanted) - {dashboard.id for dashboard in found}
    if unknown:
        raise FieldError(f"There is no dashboard {min(unknown)}.", "dashboards")


def checked_tiles(directory: Directory, project_id: int, body: DashboardBody) -> DashboardBody:
    """The dashboard with every tile numbered. Raises `FieldError` for an insight that is not."""
    wanted = {tile.insight for tile in body.tiles if tile.insight is not None}
    known, _ = list_resources(directory, project_id, InsightBody, ids=wanted)
    missing = wanted - {insight.id for insight in known}
    if missing:
        raise FieldError(f"There is no insight {min(missing)}.", "tiles.insight")
    if any((tile.insight is None) == (tile.text is None) for tile in body.tiles):
        raise FieldError("A tile shows either an insight or a text.", "tiles")
    return replace(body, tiles=numbered(body.tiles))


def numbered(tiles: list[Tile]) -> list[Tile]:
    """Every tile with an id of its own; one that has none yet, or a taken one, gets the next."""
    next_id = max((tile.id for tile in tiles), default=0) + 1
    taken: set[int] = set()
    result = []
    for tile in tiles:
        given = tile
        if tile.id < 1 or tile.id in taken:
            given, next_id = replace(tile, id=next_id), next_id + 1
        taken.add(given.id)
        result.append(given)
    return result
