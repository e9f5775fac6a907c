"""WebExternalClicksTableQuery: the links by which visitors left the site."""

from typing import Final

from hedgerow.query.fragments import Select, Sql, call
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.event_rows import EventRows
from hedgerow.query.insights.plan import Plan
from hedgerow.query.insights.web_nodes import WebExternalClicksNode
from hedgerow.query.insights.web_sessions import SessionQuestion, web_periods, web_sessions
from hedgerow.query.insights.web_table import Cell, plan_web_table

_CELLS: Final = (
    Cell("visitors", "Visitors", "uniqExactIf(click.2, {})"),
    Cell("clicks", "Clicks", "countIf({})"),
)
_FIRST: Final = ("Clicks", "Visitors")


def plan_web_external_clicks(node: WebExternalClicksNode, context: InsightContext) -> Plan:
    """Raises `QueryError` naming the field that is wrong."""
    context = context.for_node(node)
    periods = web_periods(node, context)
    rows = EventRows(context, node.aggregation_group_type_index)
    url = rows.property("event", "$external_click_url", "query")
    host = rows.property("event", "$host", "query")
    is_out = f"notEmpty(ifNull({url}, '')) AND domain({url}) != ifNull({host}, '')"
    shown = call("cutQueryStringAndFragment", url) if node.strip_query_parameters else url
    question = SessionQuestion(
        rows={
            "url": shown,
            "is_click": Sql(f"ifNull(event = '$autocapture' AND {is_out}, 0)"),
        },
        totals={"clicks": Sql("groupArrayIf((url, actor), is_click AND is_wanted)")},
    )
    clicks = Select(
        columns={
            "click": Sql("arrayJoin(clicks)"),
            "value": Sql("click.1"),
            "is_current": Sql("is_current"),
            "is_previous": Sql("is_previous"),
        },
        source=web_sessions(node, periods, rows, question),
    )
    return plan_web_table(node, periods, clicks, _CELLS, "url", first=_FIRST)
