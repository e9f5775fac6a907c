"""What visits earn: the numbers in the events that the project names as revenue (read-api §3.3)."""

from typing import Final

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Sql, text
from hedgerow.query.insights.event_rows import EventRows
from hedgerow.query.insights.operators import numeric

_PATH: Final = "query.includeRevenue"
# With a goal only the events that reach it earn.
REVENUE: Final = Sql("sumIf(revenue, is_wanted)")
GOAL_REVENUE: Final = Sql("sumIf(revenue, is_goal AND is_wanted)")


def revenue_of(rows: EventRows) -> Sql:
    """What one event earned; 0 for one that earns nothing, or whose property is no number.

    Raises `QueryError` where the project names no such event.
    """
    events = rows.context.revenue_events
    if not events:
        raise QueryError(
            "The project names no events with revenue: set revenue_analytics_config.",
            attribute=_PATH,
        )
    cases = ", ".join(
        f"event = {text(item.event)}, {numeric(rows.property('event', item.property, _PATH))}"
        for item in events
    )
    return Sql(f"ifNull(multiIf({cases}, NULL), 0)")
