"""Heatmap rows: where people pointed, and how far they scrolled (ingestion §15).

`$heatmap_data` maps a page's url to points. It comes with `$$heatmap`, which is no event, and with
ordinary events, from which it is taken off. A page that was left tells how far it was scrolled.
"""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from hedgerow.core.numbers import is_number
from hedgerow.ingest.context import StepContext
from hedgerow.ingest.event import Drop, IngestEvent
from hedgerow.ingest.warnings import event_warning
from hedgerow.people.merging import is_illegal
from hedgerow.store.side_rows import HeatmapRow
from hedgerow.wire.heatmap_split import HEATMAP_DATA, heatmap_part

# One of these is on every event that `take_heatmap` concerns.
HEATMAP_PROPERTIES: Final = frozenset((HEATMAP_DATA, "$prev_pageview_pathname"))
# Points are kept on a grid of this many pixels.
SCALE: Final = 16
_COORDINATE_MAX: Final = 32_767
_URL_CHARS_MAX: Final = 2048
_SAMPLE_CHARS: Final = 100

Properties = dict[str, Any]
Point = tuple[str, float, float, bool, str]  # url, x, y, whether the target is fixed, type


def take_heatmap(event: IngestEvent, context: StepContext) -> Drop | None:
    """Ordinary events: their points become rows, and are not kept as a property."""
    part = heatmap_part(event.name, event.properties)
    if part is not None:
        _add_rows(event, part, context)
        event.properties.pop(HEATMAP_DATA, None)
    return None


def add_heatmap_rows(event: IngestEvent, context: StepContext) -> None:
    """The rows of a `$$heatmap`."""
    _add_rows(event, event.properties, context)


def _add_rows(event: IngestEvent, properties: Properties, context: StepContext) -> None:
    if event.settings.heatmaps_opt_in is False or is_illegal(event.distinct_id):
        return
    width, height = properties.get("$viewport_width"), properties.get("$viewport_height")
    if not is_number(width) or not is_number(height):
        if HEATMAP_DATA in properties:
            context.warnings.append(
                event_warning(event, "invalid_heatmap_data", message="The viewport has no size.")
            )
        return
    session_id = properties.get("$session_id")
    for number, (url, x, y, fixed, kind) in enumerate(_points(event, properties, context)):
        context.heatmap_rows.append(
            HeatmapRow(
                project_id=event.project_id,
                log_position=event.log_position,
                log_index=event.log_index,
                number=number,
                timestamp_us=event.timestamp_us,
                session_id=session_id if isinstance(session_id, str) else "",
                distinct_id=event.distinct_id,
                x=_scaled(x),
                y=_scaled(y),
                viewport_width=_scaled(width),
                viewport_height=_scaled(height),
                is_target_fixed=fixed,
                url=url,
                type=kind,
            )
        )


def _points(event: IngestEvent, properties: Properties, context: StepContext) -> Iterator[Point]:
    """Points that are none are left out; a url or a list that is none is warned about."""
    data = properties.get(HEATMAP_DATA)
    if data is not None and not isinstance(data, dict):
        context.warnings.append(
            event_warning(event, "invalid_heatmap_data", message="$heatmap_data is no object.")
        )
        data = None
    for url, items in (data or {}).items():
        if not url or len(url) > _URL_CHARS_MAX:
            _reject(event, context, "rejecting_heatmap_data_with_invalid_url", url)
        elif not isinstance(items, list):
            _reject(event, context, "rejecting_heatmap_data_with_invalid_items", url)
        else:
            yield from (point for item in items if (point := _point(url, item)) is not None)
    scrolled = _scroll_depth(properties)
    if scrolled is not None:
        yield scrolled


def _reject(event: IngestEvent, context: StepContext, type_: str, url: str) -> None:
    context.warnings.append(
        event_warning(
            event,
            type_,
            heatmapUrl=url[:_SAMPLE_CHARS],
            session_id=event.properties.get("$session_id"),
        )
    )


def _point(url: str, item: Any) -> Point | None:
    if not isinstance(item, dict):
        return None
    x, y, kind = item.get("x"), item.get("y"), item.get("type")
    if not is_number(x) or not is_number(y) or not isinstance(kind, str):
        return None
    return url, x, y, item.get("target_fixed") is True, kind


def _scroll_depth(properties: Properties) -> Point | None:
    """How far down the page before was scrolled; its url is this one's with its own path."""
    path, here = properties.get("$prev_pageview_pathname"), properties.get("$current_url")
    depth = properties.get("$prev_pageview_max_scroll")
    if not isinstance(path, str) or not isinstance(here, str) or not is_number(depth):
        return None
    try:
        parts = urlsplit(here)
    except ValueError:
        return None
    if not path or not parts.netloc:
        return None
    return parts._replace(path=path, query="", fragment="").geturl(), 0, depth, False, "scrolldepth"


def _scaled(value: float) -> int:
    return max(-_COORDINATE_MAX, min(_COORDINATE_MAX, round(value / SCALE)))
