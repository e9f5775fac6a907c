"""WebOverviewQuery: the totals of a site's visits beside those of the period before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from hedgerow.query.fragments import Select, Sql
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.event_rows import EventRows
from hedgerow.query.insights.plan import Answer, Plan, Rows
from hedgerow.query.insights.web_nodes import WebOverviewNode
from hedgerow.query.insights.web_revenue import GOAL_REVENUE, REVENUE, revenue_of
from hedgerow.query.insights.web_sessions import (
    SessionQuestion,
    WebPeriods,
    goal_condition,
    web_periods,
    web_sessions,
)


@dataclass(frozen=True, slots=True)
class WebTile:
    """`expression` has `{}` for the period that is asked for."""

    key: str
    kind: str
    expression: str
    is_increase_bad: bool = False


_ACTORS: Final = Sql("groupUniqArrayIf(actor, is_page)")
_VISITORS: Final = WebTile("visitors", "unit", "uniqExactArrayIf(actors, {})")
OVERVIEW_TILES: Final = (
    _VISITORS,
    WebTile("views", "unit", "sumIf(views, {})"),
    WebTile("sessions", "unit", "countIf({})"),
    WebTile("session duration", "duration_s", "avgIf(`$session_duration`, {})"),
    WebTile("bounce rate", "percentage", "avgIf(`$is_bounce`, {}) * 100", is_increase_bad=True),
)
_REVENUE: Final = WebTile("revenue", "currency", "sumIf(revenue, {})")
_GOAL_TILES: Final = (
    _VISITORS,
    WebTile("total conversions", "unit", "sumIf(conversions, {})"),
    WebTile("unique conversions", "unit", "uniqExactArrayIf(converted, {})"),
    WebTile(
        "conversion rate",
        "percentage",
        "uniqExactArrayIf(converted, {0}) / uniqExactArrayIf(actors, {0}) * 100",
    ),
)
_GOAL_REVENUE: Final = WebTile("conversion revenue", "currency", "sumIf(revenue, {})")


def plan_web_overview(node: WebOverviewNode, context: InsightContext) -> Plan:
    """Raises `QueryError` naming the field that is wrong."""
    context = context.for_node(node)
    periods = web_periods(node, context)
    rows = EventRows(context, node.aggregation_group_type_index)
    tiles = _tiles(node)
    columns = {}
    for number, tile in enumerate(tiles):
        columns[f"current_{number}"] = Sql(tile.expression.format("is_current"))
        columns[f"previous_{number}"] = Sql(tile.expression.format("is_previous"))
    statement = Select(
        columns=columns, source=web_sessions(node, periods, rows, _question(node, rows))
    )

    def assemble(answers: Sequence[Rows]) -> Answer:
        ((values,),) = answers
        results = [
            _shown(tile, values[2 * number], values[2 * number + 1], periods)
            for number, tile in enumerate(tiles)
        ]
        resolved = periods.current.resolved()
        fields = {
            "dateFrom": resolved["date_from"],
            "dateTo": resolved["date_to"],
            "samplingRate": {"numerator": 1, "denominator": None},
        }
        return Answer(results, fields)

    return Plan(statements=(statement,), assemble=assemble, range=periods.current)


def overview_question(*wanted: str) -> SessionQuestion:
    """What `OVERVIEW_TILES` are counted from, and columns of sessions besides."""
    return SessionQuestion(
        wanted=("$session_duration", "$is_bounce", *wanted), rows={}, totals={"actors": _ACTORS}
    )


def _tiles(node: WebOverviewNode) -> tuple[WebTile, ...]:
    tiles, revenue = (
        (OVERVIEW_TILES, _REVENUE) if node.conversion_goal is None else (_GOAL_TILES, _GOAL_REVENUE)
    )
    return (*tiles, revenue) if node.include_revenue else tiles


def _question(node: WebOverviewNode, rows: EventRows) -> SessionQuestion:
    goal = goal_condition(node, rows)
    earned = {"revenue": revenue_of(rows)} if node.include_revenue else {}
    if goal is None:
        visits = overview_question()
        return replace(
            visits, rows=earned, totals={**visits.totals, **dict.fromkeys(earned, REVENUE)}
        )
    return SessionQuestion(
        rows={"is_goal": Sql(f"ifNull({goal}, 0)"), **earned},
        totals={
            "actors": _ACTORS,
            **dict.fromkeys(earned, GOAL_REVENUE),
            "conversions": Sql("countIf(is_goal AND is_wanted)"),
            "converted": Sql("groupUniqArrayIf(actor, is_goal AND is_wanted)"),
        },
    )


def _shown(tile: WebTile, value: Any, previous: Any, periods: WebPeriods) -> dict[str, Any]:
    before = None if periods.previous is None else previous
    shown = {
        "key": tile.key,
        "kind": tile.kind,
        "value": value,
        "previous": before,
        "changeFromPreviousPct": change_percent(value, before),
    }
    return shown | {"isIncreaseBad": True} if tile.is_increase_bad else shown


def change_percent(value: float | None, previous: float | None) -> int | None:
    """None where there is nothing to compare with."""
    if value is None or not previous:
        return None
    return round(100 * (value - previous) / previous)
