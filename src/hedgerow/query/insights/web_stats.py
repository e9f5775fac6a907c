"""WebStatsTableQuery: visitors and views by page, source, device or place (read-api §3.3, §4.7)."""

from dataclasses import dataclass
from typing import Final

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Select, Sql
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.event_rows import EventRows
from hedgerow.query.insights.plan import Plan
from hedgerow.query.insights.web_breakdowns import (
    PAGE_BREAKDOWNS,
    SessionBreakdown,
    session_breakdown,
)
from hedgerow.query.insights.web_left_pages import left_cells, left_columns, left_rows, left_totals
from hedgerow.query.insights.web_nodes import WebStatsTableNode
from hedgerow.query.insights.web_revenue import GOAL_REVENUE, REVENUE, revenue_of
from hedgerow.query.insights.web_sessions import (
    SessionQuestion,
    WebPeriods,
    goal_condition,
    web_periods,
    web_sessions,
)
from hedgerow.query.insights.web_table import ONCE, Cell, plan_web_table

FRUSTRATION: Final = "FrustrationMetrics"
_PAGE: Final = "Page"
_VISITORS: Final = Cell("visitors", "Visitors", "uniqExactArrayIf(actors, {})")
_VIEWS: Final = Cell("views", "Views", "sumIf(views, {})")
_BOUNCE: Final = Cell("bounce_rate", "BounceRate", f"avgIf(is_bounce, {ONCE})")
_REVENUE: Final = Cell("revenue", "Revenue", f"sumIf(revenue, {ONCE})")
_GOAL_REVENUE: Final = Cell("conversion_revenue", "ConversionRevenue", f"sumIf(revenue, {ONCE})")
_GOAL: Final = (
    _VISITORS,
    Cell("total_conversions", "TotalConversions", f"sumIf(conversions, {ONCE})"),
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
    found = session_breakdown(node.breakdown_by, with_host=bool(node.include_host))
    source = (
        _by_page(node, periods, rows, counted)
        if found is None
        else _by_session(node, periods, rows, counted, found)
    )
    return plan_web_table(node, periods, source, _cells(node), "breakdown_value")


def _check(node: WebStatsTableNode) -> None:
    for is_asked, name in (
        (node.include_scroll_depth, "includeScrollDepth"),
        (node.include_time_on_page, "includeAvgTimeOnPage"),
    ):
        if is_asked and node.breakdown_by != _PAGE:
            raise QueryError(
                "What people did on a page is known by Page only.", attribute=f"query.{name}"
            )
    if node.breakdown_by == FRUSTRATION and node.conversion_goal is not None:
        raise QueryError(
            "FrustrationMetrics cannot be counted for a goal.", attribute="query.conversionGoal"
        )


def _cells(node: WebStatsTableNode) -> tuple[Cell, ...]:
    if node.breakdown_by == FRUSTRATION:
        return _FRUSTRATIONS
    cells, revenue = (
        ((_VISITORS, _VIEWS), _REVENUE) if node.conversion_goal is None else (_GOAL, _GOAL_REVENUE)
    )
    return (
        *cells,
        *((revenue,) if node.include_revenue else ()),
        *((_BOUNCE,) if node.include_bounce_rate else ()),
        *left_cells(node),
    )


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
        earned = {"revenue": revenue_of(rows)} if node.include_revenue else {}
        if goal is None:
            return cls(wanted, earned, dict.fromkeys(earned, REVENUE))
        reached = Sql(f"ifNull({goal}, 0)")
        totals = {
            "conversions": Sql("countIf(is_goal AND is_wanted)"),
            "converted": Sql("groupUniqArrayIf(actor, is_goal AND is_wanted)"),
            **dict.fromkeys(earned, GOAL_REVENUE),
        }
        return cls(wanted, {"is_goal": reached, **earned}, totals)

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
        "value": breakdown.expression(rows, with_host=bool(node.include_host)),
        "has_value": breakdown.is_there(rows),
        "name": Sql("event"),
        **counted.rows,
        **left_rows(node, rows),
    }
    asked = (
        "is_wanted AND name IN ('$rageclick', '$dead_click', '$exception')"
        if frustrated
        else "is_page"
    )
    totals = {
        "pages": Sql(f"groupArrayIf((value, actor, name), {asked} AND has_value)"),
        **counted.totals,
        **left_totals(node),
    }
    entry = _entry(node) if node.breakdown_by == _PAGE and counted.wanted else None
    question = SessionQuestion(
        wanted=(*counted.wanted, *(entry.columns if entry else ())),
        rows=event_rows,
        totals=totals,
    )
    numbered = "arrayZip(pages, arrayEnumerateUniq(arrayMap(page -> page.1, pages)))"
    pages = Select(
        columns={
            **counted.shown(),
            "page": Sql(f"arrayJoin({numbered})"),
            **({"entry": entry.expression} if entry else {}),
            **{name: Sql(name) for name in left_totals(node)},
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
        **left_columns(node, "page.1.1"),
    }
    if entry:
        # A bounce is blamed on the page where the session began.
        columns["is_bounce"] = Sql("if(entry = page.1.1, is_bounce, NULL)")
    return Select(columns=columns, source=pages)


def _entry(node: WebStatsTableNode) -> SessionBreakdown:
    """The page where the session began, named as pages are in the table."""
    found = session_breakdown("InitialPage", with_host=bool(node.include_host))
    assert found is not None
    return found
