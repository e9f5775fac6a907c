"""PathsQuery: from where to where people go, step by step (read-api §4.6)."""

import re
from collections.abc import Sequence
from typing import Any, Final

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Select, Sql, any_of, call, number, text
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.date_range import InsightRange, resolve_range
from hedgerow.query.insights.event_rows import EventRows
from hedgerow.query.insights.filters import insight_conditions
from hedgerow.query.insights.funnel_paths import within_funnel
from hedgerow.query.insights.nodes import ActorsPoint
from hedgerow.query.insights.paths_nodes import EventType, PathsFilter, PathsNode
from hedgerow.query.insights.plan import Answer, Plan, Rows
from hedgerow.query.insights.series_items import whole

SESSION_GAP_US: Final = 30 * 60 * 1_000_000
_US_PER_MS: Final = 1000
_DEFAULT_TYPES: Final[tuple[EventType, ...]] = ("$pageview", "$screen", "custom_event")
_LEFT_OUT: Final = "..."
_PATH: Final = "query.pathsFilter"


def plan_paths(node: PathsNode, context: InsightContext) -> Plan:
    """Raises `QueryError` naming the field that is wrong."""
    _check(node)
    context = context.for_node(node)
    range_ = resolve_range(node.date_range, None, context)
    wanted = node.paths_filter
    having = [
        Sql(f"weight {sign} {number(limit)}")
        for sign, limit in ((">=", wanted.edge_weight_min), ("<=", wanted.edge_weight_max))
        if limit is not None
    ]
    statement = Select(
        columns={
            "source": Sql("source"),
            "target": Sql("target"),
            "weight": Sql("count()"),
            "mean_ms": Sql(f"avg(wait_us) / {_US_PER_MS}"),
        },
        source=edges(node, range_, context),
        group_by=(Sql("source"), Sql("target")),
        having=tuple(having),
        order_by=(Sql("weight DESC"), Sql("source"), Sql("target")),
        limit=wanted.edge_limit,
    )

    def assemble(answers: Sequence[Rows]) -> Answer:
        (found,) = answers
        return Answer(_connected(found))

    return Plan(statements=(statement,), assemble=assemble, range=range_)


def _check(node: PathsNode) -> None:
    for index, rule in enumerate(node.paths_filter.cleaning or []):
        _check_regex(rule.regex, f"{_PATH}.localPathCleaningFilters.{index}.regex")


def _check_regex(regex: str | None, path: str) -> None:
    try:
        re.compile(regex or "")
    except re.error as error:
        raise QueryError(f"The regular expression is wrong: {error}.", attribute=path) from None


def _connected(rows: Rows) -> list[dict[str, Any]]:
    """Without edges that no longer lead from a first step, since what led to them was cut."""
    reached = {row[0] for row in rows if row[0].startswith("1_")}
    for row in sorted(rows, key=lambda row: _step(row[0])):
        if row[0] in reached:
            reached.add(row[1])
    return [
        {
            "source": source,
            "target": target,
            "value": value,
            "average_conversion_time": whole(mean),
        }
        for source, target, value, mean in rows
        if source in reached
    ]


def _step(key: str) -> int:
    return int(key.partition("_")[0])


def edges(node: PathsNode, range_: InsightRange, context: InsightContext) -> Select:
    """One row for each step of each path: actor, source, target and the time between in µs."""
    paths = _paths(node, range_, context)
    limited = Select(
        columns={"actor": Sql("actor"), "path": _limited(node.paths_filter)},
        source=paths,
    )
    items = "tupleElement(path, 2)"
    times = "tupleElement(path, 1)"
    zipped = (
        f"arrayZip(arrayEnumerate(path), {items}, {times}, "
        f"arrayPushBack(arrayPopFront({items}), ''), arrayPushBack(arrayPopFront({times}), 0))"
    )
    steps = Select(
        columns={
            "actor": Sql("actor"),
            "step": Sql(f"arrayJoin(arrayPopBack({zipped}))"),
        },
        source=limited,
        where=(Sql("length(path) > 1"),),
    )
    return Select(
        columns={
            "actor": Sql("actor"),
            "source": Sql("concat(toString(step.1), '_', step.2)"),
            "target": Sql("concat(toString(step.1 + 1), '_', step.4)"),
            "wait_us": Sql("step.5 - step.3"),
        },
        source=steps,
    )


def _paths(node: PathsNode, range_: InsightRange, context: InsightContext) -> Select:
    """One row a path: its (time, item) in order, equal neighbours as one at the later time."""
    rows = EventRows(context, node.aggregation_group_type_index)
    item, included = _item(node.paths_filter, rows)
    events = rows.select(
        {
            "actor": rows.actor(),
            "moment": Sql(f"toUnixTimestamp64Micro({rows.time})"),
            "item": item,
        },
        [
            *range_.contains(rows.time),
            included,
            *insight_conditions(node, rows),
            *rows.actor_conditions(),
        ],
    )
    if node.funnel_paths_filter is not None:
        events = within_funnel(
            events, node.funnel_paths_filter, context, node.aggregation_group_type_index
        )
    kept = [Sql("notEmpty(item)")]
    if node.paths_filter.excluded:
        names = ", ".join(text(without_slash(name)) for name in node.paths_filter.excluded)
        kept.append(Sql(f"item NOT IN ({names})"))
    per_actor = Select(
        columns={
            "actor": Sql("actor"),
            "sorted": Sql("arraySort(groupArray((moment, item)))"),
        },
        source=events,
        where=tuple(kept),
        group_by=(Sql("actor"),),
    )
    before = "arrayPushFront(arrayPopBack(sorted), sorted[1])"
    gaps = f"arrayMap((now, before) -> now.1 - before.1, sorted, {before})"
    split = Select(
        columns={
            "actor": Sql("actor"),
            "walk": Sql(
                f"arrayJoin(arraySplit((step, gap) -> gap >= {SESSION_GAP_US}, sorted, {gaps}))"
            ),
        },
        source=per_actor,
    )
    following = "arrayPushBack(arrayPopFront(walk), (toInt64(0), ''))"
    return Select(
        columns={
            "actor": Sql("actor"),
            "path": Sql(f"arrayFilter((step, next) -> step.2 != next.2, walk, {following})"),
        },
        source=split,
    )


def without_slash(value: str) -> str:
    """As items of a path are: a trailing slash makes no other page."""
    return value[:-1] if value.endswith("/") and len(value) > 1 else value


def _item(wanted: PathsFilter, rows: EventRows) -> tuple[Sql, Sql]:
    """What an event is called on a path, and which events are on paths at all."""
    types = wanted.event_types or _DEFAULT_TYPES
    url = rows.event_property("$current_url")
    screen = rows.event_property("$screen_name")
    named: dict[EventType, tuple[Sql, Sql]] = {
        "$pageview": (
            Sql("event = '$pageview'"),
            Sql(f"if({url} = '/', '/', replaceRegexpOne(ifNull({url}, ''), '/$', ''))"),
        ),
        "$screen": (Sql("event = '$screen'"), call("ifNull", screen, text(""))),
        "custom_event": (Sql("NOT startsWith(event, '$')"), Sql("toString(event)")),
    }
    if "hogql" in types:
        if not wanted.expression:
            raise QueryError(
                "Name the expression that makes a path's items.",
                attribute=f"{_PATH}.pathsHogQLExpression",
            )
        value = rows.expression(wanted.expression, f"{_PATH}.pathsHogQLExpression")
        named["hogql"] = (Sql("1"), call("ifNull", call("toString", value), text("")))
    branches = [named[type_] for type_ in types]
    cases = ", ".join(f"{condition}, {value}" for condition, value in branches)
    item = _grouped(_cleaned(Sql(f"multiIf({cases}, '')"), wanted), wanted)
    return item, any_of(condition for condition, _ in branches)


def _cleaned(item: Sql, wanted: PathsFilter) -> Sql:
    for rule in wanted.cleaning or []:
        if rule.regex:
            item = call("replaceRegexpAll", item, text(rule.regex), text(rule.alias or ""))
    return item


def _grouped(item: Sql, wanted: PathsFilter) -> Sql:
    """Items that fit a pattern with `*` are shown as the pattern."""
    patterns = wanted.groupings or []
    if not patterns:
        return item
    cases = ", ".join(
        f"match({item}, {text('^' + '.*'.join(map(re.escape, pattern.split('*'))) + '$')}), "
        f"{text(pattern)}"
        for pattern in patterns
    )
    return Sql(f"multiIf({cases}, {item})")


def _limited(wanted: PathsFilter) -> Sql:
    """The part of a path that counts: from the start point, to the end point, so many steps."""
    path = "path"
    if wanted.start_point is not None:
        path = _from_point(path, text(without_slash(wanted.start_point)))
    if wanted.end_point is None:
        return Sql(f"arraySlice({path}, 1, {wanted.step_limit})")
    path = _to_point(path, text(without_slash(wanted.end_point)))
    if wanted.start_point is None:
        return Sql(f"arraySlice({path}, {-wanted.step_limit})")
    half = wanted.step_limit // 2
    middle = f"[(tupleElement({path}[{half}], 1), {text(_LEFT_OUT)})]"
    shortened = f"arrayConcat(arraySlice({path}, 1, {half}), {middle}, arraySlice({path}, {-half}))"
    return Sql(f"if(length({path}) > {wanted.step_limit}, {shortened}, {path})")


def _from_point(path: str, point: Sql) -> str:
    place = f"arrayFirstIndex(step -> step.2 = {point}, {path})"
    return f"if({place} > 0, arraySlice({path}, greatest({place}, 1)), [])"


def _to_point(path: str, point: Sql) -> str:
    place = f"arrayFirstIndex(step -> step.2 = {point}, {path})"
    return f"if({place} > 0, arraySlice({path}, 1, {place}), [])"


def paths_actors(node: PathsNode, _point: ActorsPoint, context: InsightContext) -> Select:
    """Who went along the edge from `pathStartKey` to `pathEndKey`; either may be left out."""
    _check(node)
    context = context.for_node(node)
    wanted = node.paths_filter
    where = [
        Sql(f"{column} = {text(key)}")
        for column, key in (("source", wanted.start_key), ("target", wanted.end_key))
        if key is not None
    ]
    if not where:
        raise QueryError(
            "Name the edge by pathStartKey, pathEndKey or both.",
            attribute="query.source.pathsFilter.pathStartKey",
        )
    return Select(
        columns={"actor_id": Sql("actor"), "event_count": Sql("count()")},
        source=edges(node, resolve_range(node.date_range, None, context), context),
        where=tuple(where),
        group_by=(Sql("actor"),),
    )
