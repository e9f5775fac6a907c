"""What a retention reads: its intervals, and which events start and return (read-api §4.4)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from hedgerow.query.fragments import Select, Sql, all_of, text
from hedgerow.query.insights.breakdown import Breakdown, bin_edges, read_breakdown
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.date_range import InsightRange, resolve_range
from hedgerow.query.insights.event_rows import EventRows
from hedgerow.query.insights.filters import entity_conditions, series_conditions
from hedgerow.query.insights.nodes import DateRangeNode
from hedgerow.query.insights.operators import numeric
from hedgerow.query.insights.retention_nodes import RetentionNode

_TARGET_PATH: Final = "query.retentionFilter.targetEntity"
_RETURNING_PATH: Final = "query.retentionFilter.returningEntity"
_MICROSECOND: Final = timedelta(microseconds=1)


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

    def value(self, rows: EventRows) -> Sql:
        """What the event is broken down by."""
        if self.breakdown is None:
            return text("")

        def edges(read: Callable[[EventRows], Sql], count: int) -> Select:
            inner = self.rows()
            value = numeric(read(inner))
            where = [*self.starts.contains(inner.time), self.is_start(inner)]
            points = inner.select({"number": value}, [*where, Sql(f"{value} IS NOT NULL")])
            return bin_edges(points, count)

        return self.breakdown.expression(rows, edges)


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
