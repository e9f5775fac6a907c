"""WebVitalsPathBreakdownQuery: which pages are quick, middling or slow (read-api §3.3)."""

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

from msgspec import Meta

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Select, Sql, number
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.date_range import resolve_range
from hedgerow.query.insights.event_rows import EventRows
from hedgerow.query.insights.filters import event_is, insight_conditions
from hedgerow.query.insights.nodes import InsightNode
from hedgerow.query.insights.operators import numeric
from hedgerow.query.insights.plan import Answer, Plan, Rows
from hedgerow.query.insights.series_items import whole

PATHS_MAX: Final = 20
_EVENT: Final = "$web_vitals"
_BANDS: Final = ("good", "needs_improvements", "poor")
_SHARES: Final = {"p75": 0.75, "p90": 0.9, "p99": 0.99}


class WebVitalsPathsNode(InsightNode, frozen=True, kw_only=True):
    """`thresholds` are the highest value that is good, and the highest that is not poor."""

    metric: Literal["INP", "LCP", "CLS", "FCP"]
    percentile: Literal["p75", "p90", "p99"]
    thresholds: Annotated[list[float], Meta(min_length=2, max_length=2)]


def plan_web_vitals_paths(node: WebVitalsPathsNode, context: InsightContext) -> Plan:
    """The paths of each band, the quickest first. Raises `QueryError` naming the wrong field."""
    good, poor = node.thresholds
    if good > poor:
        raise QueryError(
            "The first threshold must not be above the second.", attribute="query.thresholds"
        )
    context = context.for_node(node)
    range_ = resolve_range(node.date_range, None, context)
    rows = EventRows(context)
    value = numeric(rows.event_property(f"$web_vitals_{node.metric}_value"))
    path = rows.event_property("$pathname")
    events = rows.select(
        {"path": path, "measured": value},
        [
            *range_.contains(rows.time),
            event_is(_EVENT),
            Sql(f"notEmpty(ifNull({path}, ''))"),
            Sql(f"{value} IS NOT NULL"),
            *insight_conditions(node, rows),
        ],
    )
    by_path = Select(
        columns={
            "path": Sql("path"),
            "value": Sql(f"quantileExactInclusive({_SHARES[node.percentile]})(measured)"),
        },
        source=events,
        group_by=(Sql("path"),),
    )
    band = Sql(f"multiIf(value <= {number(good)}, 0, value <= {number(poor)}, 1, 2)")
    placed = Select(
        columns={
            "band": band,
            "path": Sql("path"),
            "value": Sql("value"),
            "place": Sql(f"row_number() OVER (PARTITION BY {band} ORDER BY value, path)"),
        },
        source=by_path,
    )
    statement = Select(
        columns={name: Sql(name) for name in ("band", "path", "value")},
        source=placed,
        where=(Sql(f"place <= {PATHS_MAX}"),),
        order_by=(Sql("band"), Sql("value"), Sql("path")),
    )

    def assemble(answers: Sequence[Rows]) -> Answer:
        bands: dict[str, list[dict[str, Any]]] = {name: [] for name in _BANDS}
        for index, found, measured in answers[0]:
            bands[_BANDS[index]].append({"path": found, "value": whole(measured)})
        return Answer([bands])

    return Plan(statements=(statement,), assemble=assemble, range=range_)
