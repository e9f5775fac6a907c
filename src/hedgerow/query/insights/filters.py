"""Property filters and groups of them → conditions on event rows (read-api §3.3)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from hedgerow.core.errors import QueryError
from hedgerow.directory.resource_kinds import ActionStep
from hedgerow.query.fragments import TRUE, Sql, all_of, any_of, negated, text
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.elements import element_condition
from hedgerow.query.insights.event_rows import EventRows
from hedgerow.query.insights.nodes import FilterNode, Filters, InsightNode, SeriesNode
from hedgerow.query.insights.operators import Operand, operator_condition
from hedgerow.query.insights.read_node import read_node

DEPTH_MAX: Final = 20
_NO_VALUE: Final = ("is_set", "is_not_set")


def insight_conditions(node: InsightNode, rows: EventRows, path: str = "query") -> list[Sql]:
    """What the whole insight is filtered by, internal users included."""
    conditions = filters_conditions(node.properties, rows, f"{path}.properties")
    if node.filter_test_accounts:
        for item in rows.context.test_account_nodes():
            conditions.append(filter_condition(item, rows, f"{path}.filterTestAccounts"))
    return conditions


def series_conditions(series: SeriesNode, rows: EventRows, path: str) -> list[Sql]:
    """Which events belong to the series: its event or action, and its filters."""
    return [
        *entity_conditions(series, rows, path),
        *filters_conditions(series.properties, rows, f"{path}.properties"),
        *filters_conditions(series.fixed_properties, rows, f"{path}.fixedProperties"),
    ]


def entity_conditions(series: SeriesNode, rows: EventRows, path: str) -> list[Sql]:
    """Without the series' own filters."""
    if series.kind == "EventsNode":
        return [] if series.event is None else [event_is(series.event)]
    if series.kind != "ActionsNode":
        raise QueryError(
            f"Series of kind {series.kind[:50]!r} are not supported; use EventsNode or "
            "ActionsNode.",
            attribute=f"{path}.kind",
        )
    return [action_condition(series.id, rows, f"{path}.id")]


def event_is(name: str) -> Sql:
    return Sql(f"event = {text(name)}")


def action_condition(action_id: object, rows: EventRows, path: str) -> Sql:
    """Any of the action's steps."""
    number = int(action_id) if isinstance(action_id, int | str) and str(action_id).isdigit() else -1
    steps = rows.context.action_steps(number)
    if steps is None:
        raise QueryError(f"There is no action {str(action_id)[:50]}.", attribute=path)
    return any_of(step_condition(step, rows, path) for step in steps)


def step_condition(step: ActionStep, rows: EventRows, path: str) -> Sql:
    """All that the step asks. Raises `QueryError` naming `path`."""
    parts = [] if step.event is None else [event_is(step.event)]
    wanted = [
        ("event", "$current_url", step.url, _MATCHING.get(step.url_matching or "contains")),
        ("element", "text", step.text, _MATCHING.get(step.text_matching or "exact")),
        ("element", "href", step.href, _MATCHING.get(step.href_matching or "exact")),
        ("element", "tag_name", step.tag_name, "exact"),
        ("element", "selector", step.selector, "exact"),
    ]
    for type_, key, value, operator in wanted:
        if value:
            node = FilterNode(type=type_, key=key, value=value, operator=operator)
            parts.append(filter_condition(node, rows, path))
    parts += [
        filter_condition(read_node(item, FilterNode, path), rows, path) for item in step.properties
    ]
    return all_of(parts)


_MATCHING: Final = {"exact": "exact", "contains": "icontains", "regex": "regex"}


def filters_conditions(filters: Filters, rows: EventRows, path: str) -> list[Sql]:
    if filters is None:
        return []
    if isinstance(filters, FilterNode):
        return [] if filters == FilterNode() else [filter_condition(filters, rows, path)]
    return [filter_condition(item, rows, f"{path}.{n}") for n, item in enumerate(filters)]


def filter_condition(node: FilterNode, rows: EventRows, path: str, depth: int = 0) -> Sql:
    """One filter or group. Raises `QueryError` naming the field that is wrong."""
    if depth > DEPTH_MAX:
        raise QueryError("The filters are nested too deeply.", attribute=path)
    if node.values is not None:
        return _group(node, rows, path, depth)
    special = _SPECIAL.get(node.type or "event")
    if special is not None:
        return special(node, rows, path)
    return _property(node, rows, path)


def _group(node: FilterNode, rows: EventRows, path: str, depth: int) -> Sql:
    assert node.values is not None
    parts = [
        filter_condition(item, rows, f"{path}.values.{n}", depth + 1)
        for n, item in enumerate(node.values)
    ]
    if not parts:
        return TRUE
    match (node.type or "AND").upper():
        case "AND":
            return all_of(parts)
        case "OR":
            return any_of(parts)
    raise QueryError("A group of filters is of type AND or OR.", attribute=f"{path}.type")


def _property(node: FilterNode, rows: EventRows, path: str) -> Sql:
    value = rows.property(
        node.type or "event", _key(node, path), path, group_type_index=node.group_type_index
    )
    return operator_condition(_operator(node), value, operand_of(node, rows.context, path))


def _operator(node: FilterNode) -> str:
    return node.operator or "exact"


def operand_of(node: FilterNode, context: InsightContext, path: str) -> Operand:
    if node.value is None and _operator(node) not in _NO_VALUE:
        raise QueryError("The filter has no value.", attribute=f"{path}.value")
    now = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=context.now_us)
    return Operand(
        value=node.value,
        path=path,
        now=now.astimezone(context.zone),
        week_start_day=context.week_start_day,
    )


def _key(node: FilterNode, path: str) -> str:
    if not isinstance(node.key, str) or not node.key:
        raise QueryError("The filter has no key.", attribute=f"{path}.key")
    return node.key


def _cohort(node: FilterNode, rows: EventRows, path: str) -> Sql:
    wanted = node.value if node.value is not None else node.key
    ids = wanted if isinstance(wanted, list) else [wanted]
    conditions = []
    for item in ids:
        if isinstance(item, bool) or not str(item).isdigit():
            raise QueryError("A cohort is named by its number.", attribute=f"{path}.value")
        conditions.append(rows.in_cohort(int(item), f"{path}.value"))
    condition = any_of(conditions)
    return negated(condition) if _operator(node) in ("not_in", "is_not") else condition


def _expression(node: FilterNode, rows: EventRows, path: str) -> Sql:
    return rows.expression(_key(node, path), f"{path}.key")


def _element(node: FilterNode, rows: EventRows, path: str) -> Sql:
    operand = operand_of(node, rows.context, path)
    return element_condition(_key(node, path), _operator(node), operand)


_SPECIAL: Final[dict[str, Callable[[FilterNode, EventRows, str], Sql]]] = {
    "cohort": _cohort,
    "static-cohort": _cohort,
    "precalculated-cohort": _cohort,
    "hogql": _expression,
    "element": _element,
}
