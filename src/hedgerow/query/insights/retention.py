"""RetentionQuery: of those who started in an interval, who came back in which (read-api §4.4)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Select, Sql, all_of, any_of, text
from hedgerow.query.insights.breakdown import Breakdown, bin_edges, read_breakdown
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.date_range import InsightRange, between, resolve_range
from hedgerow.query.insights.event_rows import EventRows
from hedgerow.query.insights.filters import (
    entity_conditions,
    insight_conditions,
    series_conditions,
)
from hedgerow.query.insights.nodes import ActorsPoint, DateRangeNode
from hedgerow.query.insights.operators import numeric
from hedgerow.query.insights.plan import Answer, Plan, Rows
from hedgerow.query.insights.retention_nodes import RetentionNode

_TARGET_PATH: Final = "query.retentionFilter.targetEntity"
_RETURNING_PATH: Final = "query.retentionFilter.returningEntity"
_MICROSECOND: Final = timedelta(microseconds=1)
_PERIOD_SECONDS: Final = {"hour": 3600, "day": 86_400, "week": 604_800, "month": 2_592_000}


@dataclass(frozen=True, slots=True)
class Retention:
    """`starts` has a bucket for each row; `reach` goes on to the end of the last row's columns."""

    node: RetentionNode
    context: InsightContext
    starts: InsightRange
    reach: InsightRange
    breakdown: Breakdown | None

    def rows(self) -> EventRows:
        return EventRows(self.context, self.node.aggregation_group_type_index)

    def interval_of(self, time: Sql) -> Sql:
        """The number of the interval that a time lies in, the first row's being 0."""
        first = self.starts.key(self.starts.buckets[0])
        bucket = self.starts.bucket_of(time)
        match self.starts.interval:
            case "hour":
                return Sql(f"intDiv(toInt64({bucket}) - {first}, 3600)")
            case "week":
                return Sql(f"intDiv(dateDiff('day', toDate({text(str(first))}), {bucket}), 7)")
            case unit:
                return Sql(f"dateDiff({text(unit)}, toDate({text(str(first))}), {bucket})")

    def is_start(self, rows: EventRows) -> Sql:
        """Whether the event may start. A first-ever start is judged by its filters afterwards."""
        target = self.node.retention_filter.target.as_series()
        conditions = entity_conditions(target, rows, _TARGET_PATH)
        if self.node.retention_filter.type != "retention_first_ever_occurrence":
            conditions = series_conditions(target, rows, _TARGET_PATH)
        return all_of(conditions)

    def matches_target(self, rows: EventRows) -> Sql:
        return all_of(
            series_conditions(self.node.retention_filter.target.as_series(), rows, _TARGET_PATH)
        )

    def is_return(self, rows: EventRows) -> Sql:
        returning = self.node.retention_filter.returning.as_series()
        return all_of(series_conditions(returning, rows, _RETURNING_PATH))


def read_retention(node: RetentionNode, context: InsightContext) -> Retention:
    """Raises `QueryError` naming the field that is wrong."""
    context = context.for_node(node)
    starts = _starts(node, context)
    last = node.columns[-1][1]
    end = starts.bucket_after(starts.buckets[-1], last + 1)
    reach = replace(starts, end=end - _MICROSECOND)
    return Retention(node, context, starts, reach, read_breakdown(node.breakdown_filter))


def _starts(node: RetentionNode, context: InsightContext) -> InsightRange:
    """From `date_from` on, or up to `date_to`: as many intervals as asked for, or all between."""
    asked, count = node.date_range, node.retention_filter.total_intervals
    if asked.date_from is not None and asked.date_to is not None:
        return resolve_range(asked, node.interval, context).aligned()
    if asked.date_from is not None:
        found = resolve_range(
            DateRangeNode(date_from=asked.date_from, date_to=asked.date_from),
            node.interval,
            context,
        ).aligned()
        first = found.buckets[0]
    else:
        until = asked.date_to or "-0d"
        found = resolve_range(
            DateRangeNode(date_from=until, date_to=until), node.interval, context
        ).aligned()
        first = found.bucket_after(found.buckets[0], 1 - count)
    end = found.bucket_after(first, count) - _MICROSECOND
    return replace(found, start=first, end=end)


def plan_retention(node: RetentionNode, context: InsightContext) -> Plan:
    """Raises `QueryError` naming the field that is wrong."""
    retention = read_retention(node, context)
    cells = Select(
        columns={
            "breakdown": Sql("breakdown"),
            "cell": Sql("arrayJoin(cells)"),
        },
        source=actors_cells(retention),
    )
    counted = Select(
        columns={
            "breakdown": Sql("breakdown"),
            "row": Sql("tupleElement(cell, 1)"),
            "column": Sql("tupleElement(cell, 2)"),
            "actors": Sql("count()"),
        },
        source=cells,
        group_by=(Sql("breakdown"), Sql("cell")),
    )
    statement = Select(
        columns={
            "breakdown": Sql("breakdown"),
            "cells": Sql("groupArray((row, column, actors))"),
            "started": Sql("sumIf(actors, column = 0)"),
        },
        source=counted,
        group_by=(Sql("breakdown"),),
        order_by=(Sql("started DESC"), Sql("breakdown")),
        limit=None if retention.breakdown is None else retention.breakdown.limit,
    )

    def assemble(answers: Sequence[Rows]) -> Answer:
        (found,) = answers
        if retention.breakdown is None:
            return Answer(_table(retention, found[0][1] if found else []))
        return Answer(
            [
                {**row, "breakdown_value": value}
                for value, cells, _ in found
                for row in _table(retention, cells)
            ]
        )

    return Plan(statements=(statement,), assemble=assemble, range=retention.starts)


def _table(retention: Retention, cells: list[list[int]]) -> list[dict[str, Any]]:
    counts = {(row, column): actors for row, column, actors in cells}
    period, columns = retention.node.retention_filter.period, retention.node.columns
    labels = [
        f"{period} {first}" if first == last else f"{period} {first}-{last}"
        for first, last in columns
    ]
    return [
        {
            "label": f"{period} {row}",
            "date": day,
            "values": [
                {"count": counts.get((row, column), 0), "label": label}
                for column, label in enumerate(labels)
            ],
        }
        for row, day in enumerate(retention.starts.days)
    ]


def actors_cells(retention: Retention) -> Select:
    """One row for each actor that started: its breakdown, and the (row, column) it counts in."""
    return Select(
        columns={
            "actor": Sql("actor"),
            "breakdown": Sql("breakdown"),
            "cells": Sql(
                f"arrayFlatten([arrayFlatten(arrayMap(start -> {_cells_of_start(retention)}, "
                "starts))])"
            ),
        },
        source=_actors(retention),
        where=(Sql("notEmpty(starts)"),),
    )


def _cells_of_start(retention: Retention) -> str:
    """Column 0 for the start itself, and each column with enough returns in it."""
    node = retention.node
    after = "tupleElement(start, 2)"
    if node.retention_filter.windows == "24_hour_windows":
        seconds = _PERIOD_SECONDS[node.interval]
        distances = f"arrayMap(moment -> intDiv(moment - {after}, {seconds}), returns)"
    else:
        distances = "arrayMap(number -> number - tupleElement(start, 1), returns)"
    columns = node.columns
    if node.retention_filter.brackets:
        edges = ", ".join(str(first) for first, _ in columns)
        last = columns[-1][1]
        column = (
            f"if(distance > {last}, 0, arrayLastIndex(edge -> edge <= distance, [{edges}]) - 1)"
        )
        distances = f"arrayMap(distance -> toInt64({column}), {distances})"
    came = f"arrayFilter(distance -> distance >= 1 AND distance < {len(columns)}, {distances})"
    least = node.retention_filter.occurrences_min
    if least > 1:
        came = (
            f"arrayFilter(distance -> countEqual({came}, distance) >= {least}, "
            f"arrayDistinct({came}))"
        )
    if node.retention_filter.is_cumulative:
        reached = f"range(1, toUInt64(arrayMax(arrayPushBack({came}, 0))) + 1)"
    else:
        reached = f"arrayDistinct({came})"
    row = "toInt64(tupleElement(start, 1))"
    return (
        f"arrayConcat([({row}, toInt64(0))], "
        f"arrayMap(distance -> ({row}, toInt64(distance)), {reached}))"
    )


def _actors(retention: Retention) -> Select:
    """Each actor's starts as (interval, moment in seconds), and its returns."""
    node, rows = retention.node, retention.rows()
    is_first = node.retention_filter.type != "retention_recurring"
    by_window = node.retention_filter.windows == "24_hour_windows"
    is_start, is_return = retention.is_start(rows), retention.is_return(rows)
    moment = Sql(f"toUnixTimestamp({rows.time})")
    columns = {
        "actor": rows.actor(),
        "moment": moment,
        "number": Sql(f"toInt64({retention.interval_of(rows.time)})"),
        "is_start": Sql(f"ifNull({is_start}, 0)"),
        "matches": Sql(f"ifNull({retention.matches_target(rows)}, 0)"),
        "is_return": Sql(f"ifNull({is_return}, 0)"),
        "value": _value(retention, rows),
        "event_uuid": Sql("uuid"),
    }
    from_start, until_end = between(rows.time, retention.reach.start, retention.reach.end)
    # A first time may lie long before the range; an actor who started then does not count.
    in_time = [until_end] if is_first else [from_start, until_end]
    wanted = [any_of([is_start, all_of([from_start, is_return])])]
    events = rows.select(
        columns,
        [*in_time, *wanted, *insight_conditions(node, rows), *rows.actor_conditions()],
    )
    count = len(retention.starts.buckets)
    order = "(moment, event_uuid)"
    if is_first:
        first = f"argMinIf((number, toInt64(moment)), {order}, is_start)"
        fits = (
            f"countIf(is_start) > 0 AND argMinIf(matches, {order}, is_start) AND "
            f"tupleElement({first}, 1) >= 0 AND tupleElement({first}, 1) < {count}"
        )
        starts = f"if({fits}, [{first}], [])"
    else:
        in_rows = f"is_start AND number >= 0 AND number < {count}"
        starts = (
            "arrayMap((number, moment) -> (number, toInt64(moment)), "
            f"tupleElement(sumMapIf([number], [1], {in_rows}), 1), "
            f"tupleElement(minMapIf([number], [moment], {in_rows}), 2))"
        )
    returned = "toInt64(moment)" if by_window else "number"
    # Where one return is enough, each interval with one is.
    once = not by_window and node.retention_filter.occurrences_min <= 1
    returns = f"{'groupUniqArrayIf' if once else 'groupArrayIf'}({returned}, is_return)"
    return Select(
        columns={
            "actor": Sql("actor"),
            "breakdown": Sql(
                f"argMinIf(value, {order}, is_start)" if retention.breakdown else text("")
            ),
            "starts": Sql(starts),
            "returns": Sql(returns),
        },
        source=events,
        group_by=(Sql("actor"),),
    )


def _value(retention: Retention, rows: EventRows) -> Sql:
    if retention.breakdown is None:
        return text("")

    def edges(read: Callable[[EventRows], Sql], count: int) -> Select:
        inner = retention.rows()
        value = numeric(read(inner))
        where = [*retention.starts.contains(inner.time), retention.is_start(inner)]
        points = inner.select({"number": value}, [*where, Sql(f"{value} IS NOT NULL")])
        return bin_edges(points, count)

    return retention.breakdown.expression(rows, edges)


def retention_actors(node: RetentionNode, point: ActorsPoint, context: InsightContext) -> Select:
    """Who started in the interval (row) `interval`, and in how many columns they count."""
    retention = read_retention(node, context)
    row, count = point.interval or 0, len(retention.starts.buckets)
    if not 0 <= row < count:
        raise QueryError(
            f"The interval must be from 0 to {count - 1}.", attribute="query.source.interval"
        )
    in_row = f"arrayCount(cell -> tupleElement(cell, 1) = {row}, cells)"
    where = [Sql(f"{in_row} > 0")]
    if retention.breakdown is not None and point.breakdown is not None:
        where.append(Sql(f"breakdown = {retention.breakdown.value_sql(point.breakdown)}"))
    return Select(
        columns={"actor_id": Sql("actor"), "event_count": Sql(in_row)},
        source=actors_cells(retention),
        where=tuple(where),
    )
