"""LifecycleQuery: who is new, stays, comes back or leaves in each bucket (read-api §4.5)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Select, Sql, array, text
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.date_range import InsightRange, resolve_range
from hedgerow.query.insights.event_rows import EventRows
from hedgerow.query.insights.filters import insight_conditions, series_conditions
from hedgerow.query.insights.nodes import ActorsPoint, LifecycleNode
from hedgerow.query.insights.plan import Answer, Plan, Rows
from hedgerow.query.insights.points import bucket_equals, point_bucket
from hedgerow.query.insights.series_items import Period, SeriesItem, item_result, series_name

STATUSES: Final = ("new", "returning", "resurrecting", "dormant")


def plan_lifecycle(node: LifecycleNode, context: InsightContext) -> Plan:
    """Raises `QueryError` naming the field that is wrong."""
    _check(node)
    context = context.for_node(node)
    range_ = resolve_range(node.date_range, node.interval, context).aligned()
    counted = Select(
        columns={
            "status": Sql("status"),
            "buckets": Sql("groupArray(bucket)"),
            "actors": Sql("groupArray(actors)"),
        },
        source=Select(
            columns={
                "status": Sql("status"),
                "bucket": Sql("bucket"),
                "actors": Sql("count()"),
            },
            source=_statuses(node, context, range_),
            group_by=(Sql("status"), Sql("bucket")),
        ),
        group_by=(Sql("status"),),
    )

    def assemble(answers: Sequence[Rows]) -> Answer:
        found = {
            status: dict(zip(keys, actors, strict=True)) for status, keys, actors in answers[0]
        }
        return Answer([_item(node, range_, status, found.get(status, {})) for status in STATUSES])

    return Plan(statements=(counted,), assemble=assemble, range=range_)


def _check(node: LifecycleNode) -> None:
    if len(node.series) != 1:
        raise QueryError("A lifecycle has exactly one series.", attribute="query.series")


def _item(
    node: LifecycleNode, range_: InsightRange, status: str, found: dict[Any, int]
) -> dict[str, Any]:
    """Those who left are shown below zero."""
    sign = -1 if status == "dormant" else 1
    values = [sign * found.get(index, 0) for index in range(1, len(range_.buckets) + 1)]
    series = node.series[0]
    item = SeriesItem(index=0, period=Period(range_), values=values)
    label = f"{series_name(series)} - {status}"
    return item_result(item, series, label) | {"status": status}


def _statuses(node: LifecycleNode, context: InsightContext, range_: InsightRange) -> Select:
    """Rows of (actor, bucket, status). Bucket 0 is the one before the range."""
    buckets = (range_.bucket_after(range_.buckets[0], -1), *range_.buckets)
    keys = array(Sql(bucket_equals(range_, bucket)) for bucket in buckets)
    read = replace(range_, start=buckets[0])
    rows = EventRows(context, node.aggregation_group_type_index)
    columns = {
        "actor": rows.actor(),
        "created_at": rows.actor_created_at(),
        "bucket": range_.bucket_of(rows.time),
    }
    where = [
        *read.contains(rows.time),
        *series_conditions(node.series[0], rows, "query.series.0"),
        *insight_conditions(node, rows),
        *rows.actor_conditions(),
        *rows.profile_conditions(),
    ]
    actors = Select(
        columns={
            "actor": Sql("actor"),
            "active": Sql(f"groupUniqArray(indexOf({keys}, bucket) - 1)"),
            "created": Sql(f"indexOf({keys}, {range_.bucket_of(Sql('min(created_at)'))}) - 1"),
        },
        source=rows.select(columns, where),
        group_by=(Sql("actor"),),
    )
    last = len(range_.buckets)
    # Every bucket with an event, and the one after it: dormant if there is none in it.
    candidates = Sql(
        "arrayJoin(arrayFilter(b -> b >= 1 AND b <= "
        f"{last}, arrayDistinct(arrayConcat(active, arrayMap(a -> a + 1, active)))))"
    )
    return Select(
        columns={
            "actor": Sql("actor"),
            "bucket": Sql("candidate"),
            "status": Sql(
                "multiIf(NOT has(active, candidate), 'dormant', created = candidate, 'new', "
                "has(active, candidate - 1), 'returning', 'resurrecting')"
            ),
        },
        source=Select(
            columns={
                "actor": Sql("actor"),
                "active": Sql("active"),
                "created": Sql("created"),
                "candidate": candidates,
            },
            source=actors,
        ),
    )


def lifecycle_actors(node: LifecycleNode, point: ActorsPoint, context: InsightContext) -> Select:
    """Who has the status in the bucket of the day."""
    _check(node)
    context = context.for_node(node)
    range_ = resolve_range(node.date_range, node.interval, context).aligned()
    where = []
    bucket = point_bucket(point, range_, context)
    if bucket is not None:
        where.append(Sql(f"bucket = {range_.index_of_key[range_.key(bucket)] + 1}"))
    if point.status is not None:
        if point.status not in STATUSES:
            raise QueryError(
                f"The status is one of {', '.join(STATUSES)}.", attribute="query.source.status"
            )
        where.append(Sql(f"status = {text(point.status)}"))
    return Select(
        columns={"actor_id": Sql("actor")},
        source=_statuses(node, context, range_),
        where=tuple(where),
        distinct=True,
    )
