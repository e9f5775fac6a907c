"""FunnelsQuery, by how it is shown (read-api §4.3)."""

from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.funnel import read_funnel
from hedgerow.query.insights.funnel_nodes import FunnelsNode
from hedgerow.query.insights.funnel_over_time import plan_over_time
from hedgerow.query.insights.funnel_steps import plan_steps
from hedgerow.query.insights.funnel_time_to_convert import plan_time_to_convert
from hedgerow.query.insights.plan import Plan


def plan_funnel(node: FunnelsNode, context: InsightContext) -> Plan:
    """Raises `QueryError` naming the field that is wrong."""
    funnel = read_funnel(node, context)
    match node.funnels_filter.shown_as:
        case "time_to_convert":
            return plan_time_to_convert(funnel)
        case "trends":
            return plan_over_time(funnel)
    return plan_steps(funnel)
