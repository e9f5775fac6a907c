"""FunnelsQuery: steps, time to convert, and conversion over time (read-api §4.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Select, Sql, all_of, text
from hedgerow.query.insights.breakdown import Breakdown, read_breakdown
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.date_range import InsightRange, resolve_range
from hedgerow.query.insights.funnel_attempts import (
    DECIDING_EVENT,
    IS_TAINTED,
    MOMENTS,
    STEPS_MISSING,
    attempts_by_actor,
)
from hedgerow.query.insights.funnel_events import FunnelEvents
from hedgerow.query.insights.funnel_nodes import FunnelsNode, check_funnel
from hedgerow.query.insights.nodes import ActorsPoint
from hedgerow.query.insights.plan import Answer, Plan, Rows
from hedgerow.query.insights.series_items import series_name, whole

_US_PER_SECOND: Final = 1e6
# The middle of all values, between the two middle ones where their number is even.
_MEDIAN: Final = "quantileExactInclusive(0.5)"
_BINS_MAX: Final = 60
_BIN_WIDTH_OF_NOTHING: Final = 60


@dataclass(frozen=True, slots=True)
class Funnel:
    """A funnel with what it takes to plan it."""

    node: FunnelsNode
    range: InsightRange
    context: InsightContext
    breakdown: Breakdown | None

    @property
    def decided_by_step(self) -> bool:
        """Whether an event of the attempt itself decides the breakdown."""
        return self.breakdown is not None and self.node.attribution == "step"

    def best_attempts(self, *, by_entry: bool = False) -> Select:
        """One row an actor that is in the funnel: actor, breakdown, `depth` in steps, `moments`.

        An actor whose deepest attempt is tainted by an exclusion is not in it, unless a clean one
        came as far. `by_entry` gives a row for each interval in which the actor entered, as
        `bucket`: from there on a conversion counts, however late within its window.
        """
        steps = len(self.node.series)
        depth = f"{steps} - tupleElement(best, {STEPS_MISSING})"
        tainted = (
            f"arrayMax(arrayMap(attempt -> if(tupleElement(attempt, {IS_TAINTED}) = 1, "
            f"{steps} - tupleElement(attempt, {STEPS_MISSING}), 0), attempts))"
        )
        attempts = self._attempts(by_entry=by_entry)
        carried = {name: Sql(name) for name in attempts.columns if name != "attempts"}
        best = Select(
            columns={
                **carried,
                "best": Sql("arrayReduce('min', attempts)"),
                "tainted_depth": Sql(tainted if self.node.exclusions else "0"),
            },
            source=attempts,
            where=(Sql("notEmpty(attempts)"),),
        )
        conditions = [
            Sql(f"tupleElement(best, {IS_TAINTED}) = 0"),
            Sql(f"tainted_depth <= {depth}"),
        ]
        breakdown = Sql("breakdown")
        if self.decided_by_step:
            conditions.append(Sql(f"{depth} >= {self.node.attribution_step + 1}"))
            breakdown = Sql(f"breakdowns[tupleElement(best, {DECIDING_EVENT})]")
        return Select(
            columns={
                "actor": Sql("actor"),
                "breakdown": breakdown,
                **({"bucket": Sql("bucket")} if by_entry else {}),
                "depth": Sql(depth),
                "moments": Sql(f"tupleElement(best, {MOMENTS})"),
            },
            source=best,
            where=tuple(conditions),
        )

    def _attempts(self, *, by_entry: bool) -> Select:
        events = FunnelEvents(self.node, self.range, self.context, self.breakdown)
        return attempts_by_actor(
            self.node,
            events.by_entry() if by_entry else events.by_actor(),
            decided_by_step=self.decided_by_step,
            by_entry=by_entry,
        )

    def with_other(self, select: Select, columns: Sequence[str]) -> Select:
        """The rows with every breakdown value but the biggest as one: `Other`."""
        if self.breakdown is None:
            return select
        carried = {name: Sql(name) for name in columns}
        value = Sql("breakdown")
        weighed = Select(
            columns={
                "breakdown": value,
                **carried,
                "weight": Sql("count() OVER (PARTITION BY breakdown)"),
            },
            source=select,
        )
        ranked = Select(
            columns={
                "breakdown": value,
                **carried,
                "place": Sql("dense_rank() OVER (ORDER BY weight DESC, breakdown)"),
            },
            source=weighed,
        )
        kept = f"if(place <= {self.breakdown.limit}, breakdown, {self.breakdown.other_sql()})"
        return Select(columns={"breakdown": Sql(kept), **carried}, source=ranked)


def read_funnel(node: FunnelsNode, context: InsightContext) -> Funnel:
    """Raises `QueryError` naming the field that is wrong."""
    check_funnel(node)
    context = context.for_node(node)
    return Funnel(
        node=node,
        range=resolve_range(node.date_range, node.interval, context),
        context=context,
        breakdown=read_breakdown(node.breakdown_filter),
    )


def plan_funnel(node: FunnelsNode, context: InsightContext) -> Plan:
    """Raises `QueryError` naming the field that is wrong."""
    funnel = read_funnel(node, context)
    match node.funnels_filter.shown_as:
        case "time_to_convert":
            return _plan_time_to_convert(funnel)
        case "trends":
            return _plan_over_time(funnel)
    return _plan_steps(funnel)


# Steps.


def _plan_steps(funnel: Funnel) -> Plan:
    steps = range(1, len(funnel.node.series) + 1)
    counts = ", ".join(f"countIf(depth >= {step})" for step in steps)
    seconds = [
        f"(moments[{step}] - moments[{step - 1}]) / {_US_PER_SECOND}" for step in steps if step > 1
    ]
    reached = [f"depth >= {step}" for step in steps if step > 1]
    pairs = list(zip(seconds, reached, strict=True))
    means = ", ".join(f"avgIf({value}, {condition})" for value, condition in pairs)
    medians = ", ".join(
        f"quantileExactInclusiveIf(0.5)({value}, {condition})" for value, condition in pairs
    )
    rows = funnel.with_other(funnel.best_attempts(), ("depth", "moments"))
    statement = Select(
        columns={
            "breakdown": Sql("breakdown"),
            "counts": Sql(f"[{counts}]"),
            "means": Sql(f"[{means}]"),
            "medians": Sql(f"[{medians}]"),
        },
        source=rows,
        group_by=(Sql("breakdown"),),
    )

    def assemble(answers: Sequence[Rows]) -> Answer:
        (found,) = answers
        if funnel.breakdown is None:
            none = [0] * len(funnel.node.series)
            _, counts, means, medians = found[0] if found else (None, none, [], [])
            return Answer(_steps(funnel, counts, means, medians))
        ordered = sorted(found, key=lambda row: _rank(funnel.breakdown, row[0]))
        return Answer([_steps(funnel, row[1], row[2], row[3], breakdown=row[0]) for row in ordered])

    return Plan(statements=(statement,), assemble=assemble, range=funnel.range)


def _rank(breakdown: Breakdown | None, value: Any) -> tuple[int, str]:
    """By the value, then None, then Other: a funnel's lines keep their order as counts change."""
    assert breakdown is not None
    last = 2 if breakdown.is_other(value) else int(breakdown.is_missing(value))
    return last, str(value)


_NO_BREAKDOWN: Final = object()


def _steps(
    funnel: Funnel,
    counts: list[int],
    means: list[float | None],
    medians: list[float | None],
    breakdown: Any = _NO_BREAKDOWN,
) -> list[dict[str, Any]]:
    is_unordered = funnel.node.funnels_filter.order == "unordered"
    result = []
    for order, (series, count) in enumerate(zip(funnel.node.series, counts, strict=True)):
        reached = order > 0 and count > 0
        item: dict[str, Any] = {
            "order": order,
            "action_id": series.event if series.kind == "EventsNode" else series.id,
            "name": series_name(series),
            "custom_name": series.custom_name,
            "type": "events" if series.kind == "EventsNode" else "actions",
            "count": count,
            "average_conversion_time": _seconds(means[order - 1]) if reached else None,
            "median_conversion_time": _seconds(medians[order - 1]) if reached else None,
            "people": [],
        }
        if is_unordered:
            # Any of the steps may have been this one.
            steps = "step" if order == 0 else "steps"
            item |= {"action_id": None, "name": f"Completed {order + 1} {steps}"}
        if breakdown is not _NO_BREAKDOWN:
            shown = breakdown if isinstance(breakdown, list) else [breakdown]
            item |= {"breakdown": shown, "breakdown_value": breakdown}
        result.append(item)
    return result


def _seconds(value: float | None) -> float | int | None:
    return None if value is None else whole(round(value, 6))


# Time to convert.


def _plan_time_to_convert(funnel: Funnel) -> Plan:
    node = funnel.node
    first, last = node.from_step + 1, node.to_step + 1
    samples = Select(
        columns={"seconds": Sql(f"(moments[{last}] - moments[{first}]) / {_US_PER_SECOND}")},
        source=funnel.best_attempts(),
        where=(Sql(f"depth >= {last}"),),
    )
    whole_sample = Select(
        columns={
            "seconds": Sql("seconds"),
            "lowest": Sql("floor(min(seconds) OVER ())"),
            "highest": Sql("ceil(max(seconds) OVER ())"),
            "total": Sql("count() OVER ()"),
            "mean": Sql("avg(seconds) OVER ()"),
            "middle": Sql(f"{_MEDIAN}(seconds) OVER ()"),
        },
        source=samples,
    )
    asked = node.funnels_filter.bin_count
    bins = (
        str(asked)
        if asked is not None
        else f"least(greatest(toInt64(ceil(round(cbrt(total), 9))), 1), {_BINS_MAX})"
    )
    width = f"toInt64(ceil((highest - lowest) / ({bins})))"
    sized = Select(
        columns={
            **{name: Sql(name) for name in ("seconds", "lowest", "mean", "middle")},
            "bins": Sql(bins),
            "width": Sql(f"if({width} = 0, {_BIN_WIDTH_OF_NOTHING}, {width})"),
        },
        source=whole_sample,
    )
    statement = Select(
        columns={
            "bin": Sql("toInt64(floor((seconds - lowest) / width))"),
            "members": Sql("count()"),
            **{
                f"{name}_": Sql(f"any({name})")
                for name in ("lowest", "width", "bins", "mean", "middle")
            },
        },
        source=sized,
        group_by=(Sql("1"),),
    )

    def assemble(answers: Sequence[Rows]) -> Answer:
        (found,) = answers
        if not found:
            return Answer(
                {"average_conversion_time": None, "median_conversion_time": None, "bins": []}
            )
        _, _, lowest, width, bins, mean, middle = found[0]
        members = {row[0]: row[1] for row in found}
        return Answer(
            {
                "average_conversion_time": _seconds(mean),
                "median_conversion_time": _seconds(middle),
                "bins": [
                    [whole(lowest + width * index), members.get(index, 0)]
                    for index in range(int(bins) + 1)
                ],
            }
        )

    return Plan(statements=(statement,), assemble=assemble, range=funnel.range)


# Conversion over time.


def _entries(funnel: Funnel) -> Select:
    """One row for each actor and interval in which it entered, and whether it converted."""
    node = funnel.node
    return Select(
        columns={
            "actor": Sql("actor"),
            "breakdown": Sql("breakdown"),
            "bucket": Sql("bucket"),
            "has_converted": Sql(f"depth >= {node.to_step + 1}"),
        },
        source=funnel.best_attempts(by_entry=True),
        where=(Sql(f"depth >= {node.from_step + 1}"),),
    )


def _plan_over_time(funnel: Funnel) -> Plan:
    rows = funnel.with_other(_entries(funnel), ("bucket", "has_converted"))
    counted = Select(
        columns={
            "breakdown": Sql("breakdown"),
            "bucket": Sql("bucket"),
            "entered": Sql("count()"),
            "converted": Sql("countIf(has_converted)"),
        },
        source=rows,
        group_by=(Sql("breakdown"), Sql("bucket")),
    )
    statement = Select(
        columns={
            "breakdown": Sql("breakdown"),
            "buckets": Sql("groupArray(bucket)"),
            "entered_": Sql("groupArray(entered)"),
            "converted_": Sql("groupArray(converted)"),
        },
        source=counted,
        group_by=(Sql("breakdown"),),
    )

    def assemble(answers: Sequence[Rows]) -> Answer:
        (found,) = answers
        if funnel.breakdown is None:
            return Answer([_line(funnel, found[0] if found else [None, [], [], []])])
        ordered = sorted(found, key=lambda row: _rank(funnel.breakdown, row[0]))
        return Answer([{**_line(funnel, row), "breakdown_value": row[0]} for row in ordered])

    return Plan(statements=(statement,), assemble=assemble, range=funnel.range)


def _line(funnel: Funnel, row: list[Any]) -> dict[str, Any]:
    """Percent of those who entered in each interval that converted."""
    _, buckets, entered, converted = row
    shares = {
        bucket: round(100 * good / all_, 2)
        for bucket, all_, good in zip(buckets, entered, converted, strict=True)
    }
    range_ = funnel.range
    return {
        "count": sum(entered),
        "data": [whole(shares.get(range_.key(bucket), 0)) for bucket in range_.buckets],
        "days": range_.days,
        "labels": range_.labels,
    }


# Actors.


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
    values = wanted if isinstance(wanted, list) else [wanted]
    if funnel.breakdown.is_list:
        return Sql(f"breakdown = [{', '.join(text(str(value)) for value in values)}]")
    return Sql(f"breakdown = {text(str(values[0] if values else ''))}")


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
    has_converted = Sql(f"has_converted = {0 if point.funnel_trends_drop_off else 1}")
    return Select(
        columns={"actor_id": Sql("actor"), "event_count": Sql("count()")},
        source=_entries(funnel),
        where=(all_of([same, has_converted]),),
        group_by=(Sql("actor"),),
    )
