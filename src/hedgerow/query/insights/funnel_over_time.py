"""A funnel over time: who entered in each interval, and how many converted (read-api §4.3)."""

from collections.abc import Sequence
from typing import Any

from hedgerow.query.fragments import Select, Sql
from hedgerow.query.insights.funnel import Funnel, breakdown_order
from hedgerow.query.insights.plan import Answer, Plan, Rows
from hedgerow.query.insights.series_items import whole


def entries(funnel: Funnel) -> Select:
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


def plan_over_time(funnel: Funnel) -> Plan:
    rows = funnel.with_other(entries(funnel), ("bucket", "has_converted"))
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
        ordered = sorted(found, key=lambda row: breakdown_order(funnel.breakdown, row[0]))
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
