"""What is known of a page once it is left: how far it was scrolled, and how long it was open.

The event that leaves a page tells of it, by the page's path: the next pageview, or a pageleave.
"""

from typing import Final

from hedgerow.query.fragments import Sql
from hedgerow.query.insights.event_rows import EventRows
from hedgerow.query.insights.operators import numeric
from hedgerow.query.insights.web_breakdowns import HOST, with_host_before
from hedgerow.query.insights.web_nodes import WebStatsTableNode
from hedgerow.query.insights.web_table import ONCE, Cell

# A page that is open for longer counts as open for a day.
SECONDS_MAX: Final = 86_400
_LEAVES: Final = "event IN ('$pageview', '$pageleave', '$screen')"
_SCROLL_CELLS: Final = (
    Cell("average_scroll_percentage", "AverageScrollPercentage", f"avgIf(scroll, {ONCE})"),
    Cell("scroll_gt80_percentage", "ScrollGt80Percentage", f"avgIf(scroll > 0.8, {ONCE})"),
)
# As PostHog has it, what nine of ten stays do not exceed.
_TIME_CELL: Final = Cell(
    "avg_time_on_page", "AvgTimeOnPage", f"quantileExactInclusiveArrayIf(0.9)(stays, {ONCE})"
)


def left_cells(node: WebStatsTableNode) -> tuple[Cell, ...]:
    scrolled = _SCROLL_CELLS if node.include_scroll_depth else ()
    return (*scrolled, _TIME_CELL) if node.include_time_on_page else scrolled


def left_rows(node: WebStatsTableNode, rows: EventRows) -> dict[str, Sql]:
    """Of each event: the page it leaves, how much of it was seen (0 to 1), and for how long."""
    if not left_cells(node):
        return {}
    path = "query.breakdownBy"
    left = rows.property("event", "$prev_pageview_pathname", path)
    found = {"left_page": left}
    if node.include_host:
        found["left_page"] = with_host_before(left, rows.property("event", HOST, path))
    if node.include_scroll_depth:
        depth = numeric(rows.property("event", "$prev_pageview_max_content_percentage", path))
        found["depth"] = Sql(f"if(isNull({left}), NULL, {depth})")
    if node.include_time_on_page:
        seconds = numeric(rows.property("event", "$prev_pageview_duration", path))
        is_known = f"{_LEAVES} AND isNotNull({left})"
        found["seconds"] = Sql(f"if({is_known}, least({seconds}, {SECONDS_MAX}), NULL)")
    return found


def left_totals(node: WebStatsTableNode) -> dict[str, Sql]:
    """Of each session, the pages it left with what is known of them."""
    totals = {}
    if node.include_scroll_depth:
        totals["scrolls"] = Sql("groupArrayIf((left_page, depth), isNotNull(depth))")
    if node.include_time_on_page:
        totals["all_stays"] = Sql(
            "groupArrayIf((left_page, assumeNotNull(seconds)), isNotNull(seconds))"
        )
    return totals


def left_columns(node: WebStatsTableNode, page: str) -> dict[str, Sql]:
    """What a session's row of one `page` has of it."""
    columns = {}
    if node.include_scroll_depth:
        columns["scroll"] = Sql(f"arrayReduce('maxOrNull', {_of_page('scrolls', page)})")
    if node.include_time_on_page:
        columns["stays"] = Sql(_of_page("all_stays", page))
    return columns


def _of_page(items: str, page: str) -> str:
    return f"arrayMap(item -> item.2, arrayFilter(item -> item.1 = {page}, {items}))"
