"""WebStatsTableQuery: visitors and views by page, source, device or place (read-api §3.3, §4.7)."""

from dataclasses import dataclass
from typing import Final

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Select, Sql
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.event_rows import EventRows
from hedgerow.query.insights.operators import numeric
from hedgerow.query.insights.plan import Plan
from hedgerow.query.insights.web_breakdowns import (
    PAGE_BREAKDOWNS,
    SESSION_BREAKDOWNS,
    SessionBreakdown,
)
from hedgerow.query.insights.web_nodes import WebStatsTableNode
from hedgerow.query.insights.web_sessions import (
    SessionQuestion,
    WebPeriods,
    goal_condition,
    web_periods,
    web_sessions,
)
from hedgerow.query.insights.web_table import Cell, plan_web_table

FRUSTRATION: Final = "FrustrationMetrics"
_PAGE: Final = "Page"
_ENTRY_PATH: Final = "$entry_pathname"
# A session stands in one row for each of its values; `nth` numbers its rows of one value.
_ONCE: Final = "{} AND nth = 1"
_VISITORS: Final = Cell("visitors", "Visitors", "uniqExactArrayIf(actors, {})")
_VIEWS: Final = Cell("views", "Views", "sumIf(views, {})")
_BOUNCE: Final = Cell("bounce_rate", "BounceRate", f"avgIf(is_bounce, {_ONCE})")
_SCROLLED: Final = (
    Cell("average_scroll_percentage", "AverageScrollPercentage", f"avgIf(scroll, {_ONCE})"),
    Cell("scroll_gt80_percentage", "ScrollGt80Percentage", f"avgIf(scroll > 0.8, {_ONCE})"),
)
_GOAL: Final = (
    _VISITORS,
    Cell("total_conversions", "TotalConversions", f"sumIf(conversions, {_ONCE})"),
    Cell("unique_conversions", "UniqueConversions", "uniqExactArrayIf(converted, {})"),
    Cell(
        "conversion_rate",
        "ConversionRate",
        "uniqExactArrayIf(converted, {0}) / nullIf(uniqExactArrayIf(actors, {0}), 0)",
    ),
)
_FRUSTRATIONS: Final = (
    Cell("rage_clicks", "RageClicks", "countIf(name = '$rageclick' AND {})"),
    Cell("dead_clicks", "DeadClicks", "countIf(name = '$dead_click' AND {})"),
    Cell("errors", "Errors", "countIf(name = '$exception' AND {})"),
)


def plan_web_stats(node: WebStatsTableNode, context: InsightContext) -> Plan:
    """Raises `QueryError` naming the field that is wrong."""
    _check(node)
    context = context.for_node(node)
    periods = web_periods(node, context)
    rows = EventRows(context, node.aggregation_group_type_index)
    counted = _Counted.of(node, rows)
    found = SESSION_BREAKDOWNS.get(node.breakdown_by)
    source = (
        _by_page(node, periods, rows, counted)
        if found is None
        else _by_session(node, periods, rows, counted, found)
    )
    return plan_web_table(node, periods, source, _cells(node), "breakdown_value")


def _check(node: WebStatsTableNode) -> None:
    for is_asked, name in (
        (node.include_revenue, "includeRevenue"),
        (node.include_host, "includeHost"),
        (node.include_time_on_page, "includeAvgTimeOnPage"),
    ):
        if is_asked:
            raise QueryError(f"{name} is not supported.", attribute=f"query.{name}")
    if node.include_scroll_depth and node.breakdown_by != _PAGE:
        raise QueryError(
            "How far people scroll is known by Page only.", attribute="query.includeScrollDepth"
        )
    if node.breakdown_by == FRUSTRATION and node.conversion_goal is not None:
        raise QueryError(
            "FrustrationMetrics cannot be counted for a goal.", attribute="query.conversionGoal"
        )


def _cells(node: WebStatsTableNode) -> tuple[Cell, ...]:
    if node.breakdown_by == FRUSTRATION:
        return _FRUSTRATIONS
    cells = (_VISITORS, _VIEWS) if node.conversion_goal is None else _GOAL
    if node.include_bounce_rate:
        cells = (*cells, _BOUNCE)
    return (*cells, *_SCROLLED) if node.include_scroll_depth else cells


@dataclass(frozen=True, slots=True)
class _Counted:
    """What a session counts besides its pages, where it is asked for."""

    wanted: tuple[str, ...]
    rows: dict[str, Sql]
    totals: dict[str, Sql]

    @classmethod
    def of(cls, node: WebStatsTableNode, rows: EventRows) -> "_Counted":
        wanted = ("$is_bounce",) if node.include_bounce_rate else ()
        goal = goal_condition(node, rows)
        if goal is None:
            return cls(wanted, {}, {})
        reached = Sql(f"ifNull({goal}, 0)")
        totals = {
            "conversions": Sql("countIf(is_goal AND is_wanted)"),
            "converted": Sql("groupUniqArrayIf(actor, is_goal AND is_wanted)"),
        }
        return cls(wanted, {"is_goal": reached}, totals)

    def shown(self) -> dict[str, Sql]:
        """The columns that stay as they are, by session."""
        bounce = {"is_bounce": Sql("`$is_bounce`")} if self.wanted else {}
        names = ("is_current", "is_previous", *self.totals)
        return {name: Sql(name) for name in names} | bounce


def _by_session(
    node: WebStatsTableNode,
    periods: WebPeriods,
    rows: EventRows,
    counted: _Counted,
    breakdown: SessionBreakdown,
) -> Select:
    """A row for each session: all its views go to the session's value."""
    question = SessionQuestion(
        wanted=tuple(dict.fromkeys((*breakdown.columns, *counted.wanted))),
        rows=counted.rows,
        totals={"actors": Sql("groupUniqArrayIf(actor, is_page)"), **counted.totals},
    )
    columns = {
        "value": breakdown.expression,
        "actors": Sql("actors"),
        "views": Sql("views"),
        "nth": Sql("1"),
        **counted.shown(),
    }
    where = () if breakdown.keeps_null else (Sql("value IS NOT NULL"),)
    return Select(columns=columns, source=web_sessions(node, periods, rows, question), where=where)


def _by_page(
    node: WebStatsTableNode, periods: WebPeriods, rows: EventRows, counted: _Counted
) -> Select:
    """A row for each page, with what its session counts."""
    frustrated = node.breakdown_by == FRUSTRATION
    breakdown = PAGE_BREAKDOWNS[_PAGE if frustrated else node.breakdown_by]
    event_rows = {
        "value": breakdown.expression(rows),
        "has_value": breakdown.is_there(rows),
        "name": Sql("event"),
        **counted.rows,
    }
    asked = (
        "is_wanted AND name IN ('$rageclick', '$dead_click', '$exception')"
        if frustrated
        else "is_page"
    )
    totals = {
        "pages": Sql(f"groupArrayIf((value, actor, name), {asked} AND has_value)"),
        **counted.totals,
    }
    if node.include_scroll_depth:
        event_rows |= _scroll_rows(rows)
        totals["scrolls"] = Sql("groupArrayIf((left_path, depth), isNotNull(depth))")
    by_entry = node.breakdown_by == _PAGE and counted.wanted
    question = SessionQuestion(
        wanted=(*counted.wanted, _ENTRY_PATH) if by_entry else counted.wanted,
        rows=event_rows,
        totals=totals,
    )
    numbered = "arrayZip(pages, arrayEnumerateUniq(arrayMap(page -> page.1, pages)))"
    pages = Select(
        columns={
            **counted.shown(),
            "page": Sql(f"arrayJoin({numbered})"),
            **({"entry": Sql(f"`{_ENTRY_PATH}`")} if by_entry else {}),
            **({"scrolls": Sql("scrolls")} if node.include_scroll_depth else {}),
        },
        source=web_sessions(node, periods, rows, question),
    )
    columns = {
        "value": Sql("page.1.1"),
        "actors": Sql("[page.1.2]"),
        "name": Sql("page.1.3"),
        "views": Sql("1"),
        "nth": Sql("page.2"),
        **{name: Sql(name) for name in counted.shown()},
    }
    if by_entry:
        # A bounce is blamed on the page where the session began.
        columns["is_bounce"] = Sql("if(entry = page.1.1, is_bounce, NULL)")
    if node.include_scroll_depth:
        columns["scroll"] = Sql(
            "arrayReduce('maxOrNull', arrayMap(s -> s.2, "
            "arrayFilter(s -> s.1 = page.1.1, scrolls)))"
        )
    return Select(columns=columns, source=pages)


def _scroll_rows(rows: EventRows) -> dict[str, Sql]:
    """The page that was left with this event, and how much of it had been seen, from 0 to 1."""
    path = "query.includeScrollDepth"
    left = rows.property("event", "$prev_pageview_pathname", path)
    depth = numeric(rows.property("event", "$prev_pageview_max_content_percentage", path))
    return {"left_path": left, "depth": Sql(f"if(isNull({left}), NULL, {depth})")}
