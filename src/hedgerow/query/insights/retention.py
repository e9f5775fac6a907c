"""RetentionQuery: of those who started in an interval, who came back in which (read-api §4.4)."""

from collections.abc import Sequence
from typing import Any

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Select, Sql
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.nodes import ActorsPoint
from hedgerow.query.insights.plan import Answer, Plan, Rows
from hedgerow.query.insights.retention_cells import actors_cells, alike_actors_cells
from hedgerow.query.insights.retention_events import Retention, read_retention
from hedgerow.query.insights.retention_nodes import RetentionNode


def plan_retention(node: RetentionNode, context: InsightContext) -> Plan:
    """Raises `QueryError` naming the field that is wrong."""
    retention = read_retention(node, context)
    counted = Select(
        columns={
            "breakdown": Sql("breakdown"),
            "row": Sql("tupleElement(cell, 1)"),
            "column": Sql("tupleElement(cell, 2)"),
            "actors": Sql("sum(alike)"),
        },
        source=alike_actors_cells(retention),
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
