"""The actors behind a part of a funnel."""

from typing import Any

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Select, Sql, text
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.funnel import Funnel, read_funnel
from hedgerow.query.insights.funnel_nodes import FunnelsNode
from hedgerow.query.insights.funnel_over_time import entries
from hedgerow.query.insights.nodes import ActorsPoint


def funnel_actors(node: FunnelsNode, point: ActorsPoint, context: InsightContext) -> Select:
    """Who reached a step (`funnelStep` 2), or dropped off before it (-2); or who entered in an
    interval. Raises `QueryError`.
    """
    funnel = read_funnel(node, context)
    if node.funnels_filter.shown_as == "trends":
        return _actors_of_interval(funnel, point)
    conditions = [_depth_condition(funnel, point)]
    if point.funnel_step_breakdown is not None:
        conditions.append(_breakdown_is(funnel, point.funnel_step_breakdown))
    rows = funnel.with_other(funnel.best_attempts(), ("actor", "depth"))
    return Select(
        columns={"actor_id": Sql("actor"), "event_count": Sql("max(depth)")},
        source=rows,
        where=tuple(conditions),
        group_by=(Sql("actor"),),
    )


def _depth_condition(funnel: Funnel, point: ActorsPoint) -> Sql:
    steps = len(funnel.node.series)
    wanted = point.funnel_custom_steps
    if wanted:
        return Sql(f"depth IN ({', '.join(str(int(step)) for step in wanted)})")
    step = point.funnel_step
    if step is None or not 1 <= abs(step) <= steps or step == -1:
        raise QueryError(
            f"funnelStep must be 1 to {steps}, or -2 to -{steps} for those who dropped off.",
            attribute="query.source.funnelStep",
        )
    return Sql(f"depth >= {step}" if step > 0 else f"depth = {-step - 1}")


def _breakdown_is(funnel: Funnel, wanted: Any) -> Sql:
    if funnel.breakdown is None:
        raise QueryError(
            "This funnel has no breakdown.", attribute="query.source.funnelStepBreakdown"
        )
    return Sql(f"breakdown = {funnel.breakdown.value_sql(wanted)}")


def _actors_of_interval(funnel: Funnel, point: ActorsPoint) -> Select:
    wanted = point.funnel_trends_entrance_period_start
    by_day = dict(zip(funnel.range.days, funnel.range.buckets, strict=True))
    bucket = by_day.get(wanted or "") or by_day.get((wanted or "")[:10])
    if bucket is None:
        raise QueryError(
            f"The funnel has no interval that starts at {str(wanted)[:40]!r}.",
            attribute="query.source.funnelTrendsEntrancePeriodStart",
        )
    key = funnel.range.key(bucket)
    same = Sql(f"bucket = {text(key) if isinstance(key, str) else key}")
    conditions = [same, Sql(f"has_converted = {0 if point.funnel_trends_drop_off else 1}")]
    if point.funnel_step_breakdown is not None:
        conditions.append(_breakdown_is(funnel, point.funnel_step_breakdown))
    return Select(
        columns={"actor_id": Sql("actor"), "event_count": Sql("count()")},
        source=funnel.with_other(entries(funnel), ("actor", "bucket", "has_converted")),
        where=tuple(conditions),
        group_by=(Sql("actor"),),
    )
