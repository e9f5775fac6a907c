"""Events → one row for each actor of a funnel, with its events as parallel arrays in time order.

`moments` are microseconds, counted so that they are never 0. `steps` has a bit for each step that
the event matches, `taints` one for each exclusion. Of events at the same time the lower step comes
first and what is no step last: events at one moment are not held against each other
(read-api §4.3).
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from hedgerow.query.fragments import Select, Sql, all_of, any_of, call, number, text
from hedgerow.query.insights.breakdown import Breakdown, bin_edges
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.date_range import InsightRange, between
from hedgerow.query.insights.event_rows import EventRows
from hedgerow.query.insights.filters import (
    entity_conditions,
    insight_conditions,
    series_conditions,
)
from hedgerow.query.insights.funnel_nodes import STEPS_MAX, FunnelsNode
from hedgerow.query.insights.nodes import SeriesNode
from hedgerow.query.insights.operators import numeric

# No event is older, so a moment counted from here is above 0, which stands for none.
ORIGIN: Final = datetime(1899, 1, 1, tzinfo=UTC)
_ORIGIN_US: Final = (ORIGIN - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
NO_VALUE: Final = text("")
_FIRST_OF_ENTITY: Final = "first_time_for_user"
_FIRST_MATCHING: Final = (*("first_time_for_user_with_filters", "first_matching_event_for_user"),)


def unix_us_of(moment: Sql) -> Sql:
    """A moment in microseconds since 1970."""
    return Sql(f"{moment} + ({_ORIGIN_US})")


def time_of(moment: Sql) -> Sql:
    """A moment as the engine's time."""
    return Sql(f"fromUnixTimestamp64Micro({unix_us_of(moment)}, 'UTC')")


class FunnelEvents:
    """The events of one funnel. `breakdown` is None where nothing is broken down."""

    def __init__(
        self,
        node: FunnelsNode,
        range_: InsightRange,
        context: InsightContext,
        breakdown: Breakdown | None,
    ) -> None:
        self.node = node
        self.range = range_
        self.context = context
        self.breakdown = breakdown

    def by_actor(self) -> Select:
        """Columns actor, breakdown, moments, steps, taints, and breakdowns where a step decides.

        With attribution by all events an actor has a row for each of its values.
        """
        rows = EventRows(self.context, self.node.aggregation_group_type_index)
        steps = [self._step(index, rows) for index in range(len(self.node.series))]
        taints = [
            all_of(series_conditions(item, rows, f"query.funnelsFilter.exclusions.{index}"))
            for index, item in enumerate(self.node.exclusions)
        ]
        columns = {
            "actor": self._actor(rows),
            "moment": Sql(f"toUnixTimestamp64Micro({rows.time}) - ({_ORIGIN_US})"),
            "step": _bits(steps),
            "taint": _bits(taints),
            "value": self._value(rows),
        }
        where = [
            *self.range.contains(rows.time),
            *insight_conditions(self.node, rows),
            *rows.actor_conditions(),
        ]
        if self.node.funnels_filter.order != "strict":
            where.append(any_of([*steps, *taints]))
        events = rows.select(columns, where)
        return self._grouped(events)

    def by_entry(self) -> Select:
        """The same with a row for each interval in which the actor enters: `bucket` says which,
        and `may_start` marks the events that lie in it.
        """
        events = self.by_actor()
        is_entry = (
            "step > 0" if self.node.funnels_filter.order == "unordered" else "bitTest(step, 0)"
        )
        bucket = self.range.bucket_of(time_of(Sql("moment")))
        placed = Select(
            columns={
                **{name: Sql(name) for name in events.columns},
                "buckets": Sql(f"arrayMap(moment -> {bucket}, moments)"),
                "entered": Sql(
                    f"arrayDistinct(arrayFilter((item, step) -> {is_entry}, buckets, steps))"
                ),
            },
            source=events,
        )
        joined = Select(
            columns={
                **{name: Sql(name) for name in (*events.columns, "buckets")},
                "bucket": Sql("arrayJoin(entered)"),
            },
            source=placed,
        )
        return Select(
            columns={
                **{name: Sql(name) for name in (*events.columns, "bucket")},
                "may_start": Sql("arrayMap(item -> item = bucket, buckets)"),
            },
            source=joined,
        )

    def _actor(self, rows: EventRows) -> Sql:
        written = self.node.funnels_filter.aggregate_by
        if written is None:
            return rows.actor()
        return rows.expression(written, "query.funnelsFilter.funnelAggregateByHogQL")

    def _step(self, index: int, rows: EventRows) -> Sql:
        series, path = self.node.series[index], f"query.series.{index}"
        conditions = series_conditions(series, rows, path)
        if series.math == _FIRST_OF_ENTITY:
            conditions.append(self._is_first(series, path, entity_conditions))
        elif series.math in _FIRST_MATCHING:
            conditions.append(self._is_first(series, path, series_conditions))
        return all_of(conditions)

    def _is_first(
        self,
        series: SeriesNode,
        path: str,
        conditions: Callable[[SeriesNode, EventRows, str], list[Sql]],
    ) -> Sql:
        """Whether the event is its actor's first ever of those that meet the conditions."""
        rows = EventRows(self.context, self.node.aggregation_group_type_index)
        actor = self._actor(rows)
        until = between(rows.time, self.range.start, self.range.end)[1]
        where = [until, *conditions(series, rows, path), *rows.actor_conditions()]
        events = rows.select(
            {"actor": actor, "moment": rows.time, "event_uuid": Sql("uuid")}, where
        )
        firsts = Select(
            columns={"first": Sql("argMin(event_uuid, (moment, event_uuid))")},
            source=events,
            group_by=(Sql("actor"),),
        )
        return Sql(f"uuid IN ({firsts.sql()})")

    def _value(self, rows: EventRows) -> Sql:
        if self.breakdown is None:
            return NO_VALUE

        def edges(read: Callable[[EventRows], Sql], count: int) -> Select:
            inner = EventRows(self.context, self.node.aggregation_group_type_index)
            value = numeric(read(inner))
            steps = any_of(self._step(index, inner) for index in range(len(self.node.series)))
            where = [*self.range.contains(inner.time), steps, Sql(f"{value} IS NOT NULL")]
            return bin_edges(inner.select({"number": value}, where), count)

        return self.breakdown.expression(rows, edges)

    def _grouped(self, events: Select) -> Select:
        attribution = self.node.attribution
        by_value = self.breakdown is not None and attribution == "all_events"
        by_step = self.breakdown is not None and attribution == "step"
        event = ["moment", "place", "step", "taint"] + (["value"] if by_step else [])
        placed = Select(
            columns={
                **{name: Sql(name) for name in ("actor", "moment", "step", "taint", "value")},
                "place": Sql(f"if(step = 0, {STEPS_MAX + 1}, bitCount(bitXor(step, step - 1)))"),
            },
            source=events,
        )
        rows = Select(
            columns={
                "actor": Sql("actor"),
                "breakdown": self._breakdown_of_actor(),
                "sorted": Sql(f"arraySort(groupArray(({', '.join(event)})))"),
            },
            source=placed,
            where=(Sql("isNotNull(actor)"),),
            group_by=(Sql("actor"), *((Sql("value"),) if by_value else ())),
            having=(Sql("max(step) > 0"),),
        )
        return Select(
            columns={
                "actor": Sql("actor"),
                "breakdown": Sql("breakdown"),
                "moments": Sql("sorted.1"),
                "steps": Sql("sorted.3"),
                "taints": Sql("sorted.4"),
                **({"breakdowns": Sql("sorted.5")} if by_step else {}),
            },
            source=rows,
        )

    def _breakdown_of_actor(self) -> Sql:
        """The value that the whole actor counts under, where no step of its own decides."""
        if self.breakdown is None:
            return NO_VALUE
        attribution = self.node.attribution
        if attribution == "all_events":
            return Sql("value")
        if attribution == "step":
            return Sql("any(value)")
        chosen = "argMin" if attribution == "first_touch" else "argMax"
        missing = self.breakdown.missing_sql()
        present = f"step > 0 AND value != {missing}"
        return Sql(
            f"if(countIf({present}) > 0, {chosen}If(value, (moment, place), {present}), {missing})"
        )


def _bits(conditions: Sequence[Sql]) -> Sql:
    """A number with bit n set where condition n holds."""
    parts = [
        f"bitShiftLeft(toUInt32(ifNull({condition}, 0)), {number(index)})"
        for index, condition in enumerate(conditions)
    ]
    return call("toUInt32", Sql(" + ".join(parts) or "0"))
