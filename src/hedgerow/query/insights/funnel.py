"""A funnel with what it takes to plan it, and the attempt of each actor that counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hedgerow.query.fragments import Select, Sql
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
from hedgerow.query.insights.funnel_plain_attempts import best_plain_attempts, is_plain
from hedgerow.query.insights.series_items import whole


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
        if is_plain(self.node):
            return self._best_plain_attempts(by_entry=by_entry)
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

    @property
    def _events(self) -> FunnelEvents:
        return FunnelEvents(self.node, self.range, self.context, self.breakdown)

    def _best_plain_attempts(self, *, by_entry: bool) -> Select:
        events = self._events
        return best_plain_attempts(
            self.node,
            events.keys,
            events.by_entry() if by_entry else events.by_actor(),
            deciding_step=self.node.attribution_step + 1 if self.decided_by_step else 0,
        )

    def _attempts(self, *, by_entry: bool) -> Select:
        events = self._events
        return attempts_by_actor(
            self.node,
            events.keys,
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


def breakdown_order(breakdown: Breakdown | None, value: Any) -> tuple[int, str]:
    """By the value, then None, then Other: a funnel's lines keep their order as counts change."""
    assert breakdown is not None
    last = 2 if breakdown.is_other(value) else int(breakdown.is_missing(value))
    return last, str(value)


def shown_seconds(value: float | None) -> float | int | None:
    return None if value is None else whole(round(value, 6))
