"""The insight kinds by the name they have in a query."""

from typing import Any, Final

from hedgerow.query.insights.nodes import TrendsNode
from hedgerow.query.insights.plan import InsightKind
from hedgerow.query.insights.trends import plan_trends

INSIGHT_KINDS: Final[dict[str, InsightKind[Any]]] = {
    "TrendsQuery": InsightKind(node=TrendsNode, plan=plan_trends),
}
