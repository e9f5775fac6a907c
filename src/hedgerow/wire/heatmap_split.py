"""Where people pointed comes with ordinary events, and is split off from them (capture §8.5)."""

from collections.abc import Mapping
from typing import Any, Final

HEATMAP_EVENT: Final = "$$heatmap"
HEATMAP_DATA: Final = "$heatmap_data"

_KEPT: Final = (
    HEATMAP_DATA,
    "$viewport_height",
    "$viewport_width",
    "$session_id",
    "$prev_pageview_pathname",
    "$prev_pageview_max_scroll",
    "$current_url",
    "$raw_user_agent",
    "$ip",
    "$host",
    "$timezone",
    "$cookieless_extra",
    "$cookieless_mode",
)

_PAGE_LEFT: Final = frozenset(("$prev_pageview_pathname", "$current_url"))


def heatmap_part(event_name: str, properties: Mapping[str, Any]) -> dict[str, Any] | None:
    """What of these properties a `$$heatmap` of its own would have.

    None where there is nothing to split off: no points and no page left, or a `$$heatmap` already.
    """
    if event_name == HEATMAP_EVENT:
        return None
    has_points = HEATMAP_DATA in properties
    if not has_points and not (
        "$prev_pageview_pathname" in properties and "$current_url" in properties
    ):
        return None
    return {key: properties[key] for key in _KEPT if key in properties}
