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
# What an edge's ends are called.
_LABELS: Final = {
    "source": Sql("concat(toString(step), '_', from_item)"),
    "target": Sql("concat(toString(step + 1), '_', to_item)"),
}


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
    counted = Select(
        columns={
            **_LABELS,
            "weight": Sql("count()"),
            "mean_ms": Sql(f"avg(wait_us) / {_US_PER_MS}"),
        },
        source=edges(node, range_, context),
        group_by=(Sql("step"), Sql("from_item"), Sql("to_item")),
        having=tuple(having),
    )
    statement = Select(
        columns={name: Sql(name) for name in ("source", "target", "weight", "mean_ms")},
        source=counted,
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
    """One row for each step of each path: actor, the number of the step, the items that it goes
    from and to, and the time between in µs.
    """
    paths = _paths(node, range_, context)
    limited = Select(
        columns={"actor": Sql("actor"), "path": _limited(node.paths_filter)},
        source=paths,
    )
    before, after = "arrayPopBack(path)", "arrayPopFront(path)"
    pairs = Select(
        columns={
            "actor": Sql("actor"),
            "pair": Sql(f"arrayJoin(arrayZip(arrayEnumerate({before}), {before}, {after}))"),
        },
        source=limited,
        where=(Sql("length(path) > 1"),),
    )
    return Select(
        columns={
            "actor": Sql("actor"),
            "step": Sql("pair.1"),
            "from_item": Sql("pair.2.2"),
            "to_item": Sql("pair.3.2"),
            "wait_us": Sql("pair.3.1 - pair.2.1"),
        },
        source=pairs,
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
    gaps = "arrayDifference(tupleElement(sorted, 1))"
    split = Select(
        columns={
            "actor": Sql("actor"),
            "walk": Sql(
                f"arrayJoin(arraySplit((step, gap) -> gap >= {SESSION_GAP_US}, sorted, {gaps}))"
            ),
        },
        source=per_actor,
    )
    following = "arrayPushBack(arrayPopFront(tupleElement(walk, 2)), '')"
    return Select(
        columns={
            "actor": Sql("actor"),
            "path": Sql(f"arrayFilter((step, next) -> step.2 != next, walk, {following})"),
        },
        source=split,
    )


def without_slash(value: str) -> str:
    """As items of a path are: a trailing slash makes no other page."""
    return value[:-1] if value.endswith("/") and len(value) > 1 else value


def _without_slash(url: Sql) -> Sql:
    has_one = f"endsWith({url}, '/') AND {url} != '/'"
    return Sql(f"if({has_one}, substring({url}, 1, length({url}) - 1), {url})")


def _item(wanted: PathsFilter, rows: EventRows) -> tuple[Sql, Sql]:
    """What an event is called on a path, and which events are on paths at all."""
    types = wanted.event_types or _DEFAULT_TYPES
    url = rows.event_property("$current_url")
    screen = rows.event_property("$screen_name")
    named: dict[EventType, tuple[Sql, Sql]] = {
        "$pageview": (
            Sql("event = '$pageview'"),
            _without_slash(call("ifNull", url, text(""))),
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
        Sql(f"{_LABELS[column]} = {text(key)}")
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
