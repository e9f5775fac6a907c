"""EventsQuery: a table of events, or of expressions over them (read-api §3.3)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from hedgerow.core import json
from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Select, Sql, any_of, text
from hedgerow.query.functions import AGGREGATE_FUNCTIONS
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.date_range import moment_of
from hedgerow.query.insights.event_rows import EventRows
from hedgerow.query.insights.filters import (
    action_condition,
    event_is,
    filter_condition,
    filters_conditions,
)
from hedgerow.query.insights.paging import Page, order_of, page_of
from hedgerow.query.insights.plan import Answer, Plan, Rows
from hedgerow.query.insights.relative_dates import parse_date
from hedgerow.query.insights.table_nodes import EventsNode
from hedgerow.query.lexing import called_names

COLUMNS_MAX: Final = 100
_LABEL: Final = "--"
_EVENT_FIELDS: Final = (
    *("uuid", "event", "properties", "timestamp", "distinct_id", "elements_chain"),
)
_DISPLAY_NAMES: Final = ("email", "name", "username")


@dataclass(frozen=True, slots=True)
class _Column:
    """`shown` turns the store's value into the answer's."""

    sql: Sql
    shown: Callable[[Any], Any]
    is_aggregate: bool = False


def plan_events(node: EventsNode, context: InsightContext) -> Plan:
    """Raises `QueryError` naming the field that is wrong."""
    page = page_of(node.limit, node.offset)
    if not 1 <= len(node.select) <= COLUMNS_MAX:
        raise QueryError(f"Select 1 to {COLUMNS_MAX} columns.", attribute="query.select")
    rows = EventRows(context)
    columns = [
        _column(written, rows, f"query.select.{index}") for index, written in enumerate(node.select)
    ]

    def assemble(answers: Sequence[Rows]) -> Answer:
        (found,) = answers
        shown = [
            [column.shown(value) for column, value in zip(columns, row, strict=False)]
            for row in found[: page.limit]
        ]
        return Answer(shown, page.fields(found))

    return Plan(
        statements=(_statement(node, rows, columns, page),),
        assemble=assemble,
        columns=tuple(written.partition(_LABEL)[0].strip() for written in node.select),
    )


def _statement(node: EventsNode, rows: EventRows, columns: Sequence[_Column], page: Page) -> Select:
    is_grouped = any(column.is_aggregate for column in columns)
    order = _order(node, rows, columns, is_grouped=is_grouped)
    wheres, havings = _conditions(node, rows)
    select = rows.select(
        {f"column_{index}": column.sql for index, column in enumerate(columns)},
        wheres,
        [column.sql for column in columns if not column.is_aggregate] if is_grouped else (),
        having=havings,
        order_by=order,
    )
    return select.changed(limit=page.limit + 1, offset=page.offset)


def _order(
    node: EventsNode, rows: EventRows, columns: Sequence[_Column], *, is_grouped: bool
) -> list[Sql]:
    """The newest first; in a table of groups, the biggest first."""

    def expression(written: str, path: str) -> Sql:
        return _column(written, rows, path).sql

    if node.order_by:
        order = order_of(node.order_by, expression)
    elif is_grouped:
        order = [Sql(f"{column.sql} DESC") for column in columns if column.is_aggregate]
    else:
        order = [Sql("timestamp DESC")]
    return order if is_grouped else [*order, Sql("uuid")]


def _conditions(node: EventsNode, rows: EventRows) -> tuple[list[Sql], list[Sql]]:
    """For WHERE and, those with aggregates, for HAVING."""
    where = [*_times(node, rows)]
    if node.event is not None:
        where.append(event_is(node.event))
    if node.events:
        where.append(any_of(event_is(name) for name in node.events))
    if node.action_id is not None:
        where.append(action_condition(node.action_id, rows, "query.actionId"))
    if node.person_id is not None:
        where.append(Sql(f"{rows.person()} = toUUIDOrNull({text(node.person_id)})"))
    where += filters_conditions(node.properties, rows, "query.properties")
    where += filters_conditions(node.fixed_properties, rows, "query.fixedProperties")
    if node.filter_test_accounts:
        where += [
            filter_condition(item, rows, "query.filterTestAccounts")
            for item in rows.context.test_account_nodes()
        ]
    having: list[Sql] = []
    for index, written in enumerate(node.where or ()):
        condition = rows.expression(written, f"query.where.{index}")
        (having if _is_aggregate(condition) else where).append(condition)
    return where, having


def _times(node: EventsNode, rows: EventRows) -> list[Sql]:
    context = rows.context
    now = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=context.now_us)
    found = []
    for name, sign in (("after", ">"), ("before", "<")):
        written = getattr(node, name)
        if written and written != "all":
            local = now.astimezone(context.zone)
            moment = parse_date(written, local, context.week_start_day, f"query.{name}").moment
            found.append(Sql(f"{rows.time} {sign} {moment_of(moment)}"))
    return found


def _column(written: str, rows: EventRows, path: str) -> _Column:
    wanted = written.partition(_LABEL)[0].strip()
    match wanted:
        case "*":
            return _Column(Sql(f"tuple({', '.join(_EVENT_FIELDS)})"), _shown_event)
        case "person":
            fields = f"{rows.person()}, distinct_id, person_properties, person_created_at"
            return _Column(Sql(f"tuple({fields})"), _shown_person)
        case "person_display_name":
            fields = f"{rows.person()}, distinct_id, person_properties"
            return _Column(Sql(f"tuple({fields})"), _shown_name)
        case "properties":
            return _Column(Sql("properties"), json.decode)
    expression = rows.expression(wanted, path)
    return _Column(expression, lambda value: value, is_aggregate=_is_aggregate(expression))


def _is_aggregate(expression: Sql) -> bool:
    return any(name.lower() in AGGREGATE_FUNCTIONS for name in called_names(expression))


def _shown_event(values: Sequence[Any]) -> dict[str, Any]:
    event = dict(zip(_EVENT_FIELDS, values, strict=True))
    return event | {"properties": json.decode(event["properties"])}


def _shown_person(values: Sequence[Any]) -> dict[str, Any]:
    person_id, distinct_id, properties, created_at = values
    return {
        "uuid": person_id,
        "distinct_id": distinct_id,
        "properties": json.decode(properties),
        "created_at": created_at,
    }


def _shown_name(values: Sequence[Any]) -> dict[str, Any]:
    person_id, distinct_id, properties = values
    return {
        "id": person_id,
        "distinct_id": distinct_id,
        "display_name": display_name(json.decode(properties)) or distinct_id,
    }


def display_name(properties: dict[str, Any]) -> str | None:
    """The first that is set of the properties that name a person."""
    for name in _DISPLAY_NAMES:
        if properties.get(name):
            return str(properties[name])
    return None
