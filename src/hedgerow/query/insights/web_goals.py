"""WebGoalsQuery: how many visitors reached each of the project's newest actions."""

from collections.abc import Sequence
from typing import Any, Final

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Select, Sql, all_of, array, text
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.event_rows import EventRows
from hedgerow.query.insights.filters import action_condition
from hedgerow.query.insights.plan import Answer, Plan, Rows
from hedgerow.query.insights.web_nodes import WebGoalsNode
from hedgerow.query.insights.web_sessions import (
    SessionQuestion,
    WebPeriods,
    shown_pair,
    web_periods,
    web_sessions,
)
from hedgerow.query.insights.web_table import column_name

GOALS_DEFAULT: Final = 5
GOALS_MAX: Final = 50
_COLUMNS: Final = ("action_name", "converting_users", "total_conversions", "conversion_rate")


def plan_web_goals(node: WebGoalsNode, context: InsightContext) -> Plan:
    """A row for each action, the newest first. Raises `QueryError` naming the wrong field."""
    if node.order_by:
        raise QueryError("Goals have one order.", attribute="query.orderBy")
    limit = GOALS_DEFAULT if node.limit is None else node.limit
    if not 1 <= limit <= GOALS_MAX:
        raise QueryError(f"The limit is from 1 to {GOALS_MAX}.", attribute="query.limit")
    context = context.for_node(node)
    periods = web_periods(node, context)
    offset = node.offset or 0
    every = sorted(context.actions(), reverse=True)
    actions = every[offset : offset + limit]
    fields: dict[str, Any] = {
        "columns": [column_name(name) for name in _COLUMNS],
        "hasMore": len(every) > offset + limit,
        "limit": limit,
        "offset": offset,
    }

    def assemble(answers: Sequence[Rows]) -> Answer:
        if not answers:
            return Answer([], fields)
        ((current, previous, _names),) = answers[0]
        found = [
            _row(name, current, previous, place, periods) for place, (_, name) in enumerate(actions)
        ]
        return Answer(found, fields)

    statements = (_reached(node, periods, context, actions),) if actions else ()
    return Plan(statements=statements, assemble=assemble, range=periods.current)


def _row(
    name: str, current: list[Any], previous: list[Any], place: int, periods: WebPeriods
) -> list[Any]:
    """`current` and `previous` are visitors, then those who converted and how often by action."""
    cells = []
    for visitors, *counts in (current, previous):
        users, total = counts[2 * place : 2 * place + 2]
        cells.append((users, total, users / visitors if visitors else None))
    return [name, *(shown_pair(now, before, periods) for now, before in zip(*cells, strict=True))]


def _reached(
    node: WebGoalsNode,
    periods: WebPeriods,
    context: InsightContext,
    actions: Sequence[tuple[int, str]],
) -> Select:
    rows = EventRows(context, node.aggregation_group_type_index)
    marks, totals = {}, {"actors": Sql("groupUniqArrayIf(actor, is_page)")}
    counts = ["uniqExactArrayIf(actors, {0})"]
    for place, (action_id, _) in enumerate(actions):
        reached = all_of([action_condition(action_id, rows, "query")])
        marks[f"goal_{place}"] = Sql(f"ifNull({reached}, 0)")
        is_reached = f"goal_{place} AND is_wanted"
        totals[f"conversions_{place}"] = Sql(f"countIf({is_reached})")
        totals[f"converted_{place}"] = Sql(f"groupUniqArrayIf(actor, {is_reached})")
        counts += [
            f"uniqExactArrayIf(converted_{place}, {{0}})",
            f"sumIf(conversions_{place}, {{0}})",
        ]
    listed = ", ".join(counts)
    return Select(
        columns={
            "current": Sql(f"[{listed.format('is_current')}]"),
            "previous": Sql(f"[{listed.format('is_previous')}]"),
            # The statement names the answer, which shows these.
            "names": array(text(name) for _, name in actions),
        },
        source=web_sessions(node, periods, rows, SessionQuestion(rows=marks, totals=totals)),
    )
