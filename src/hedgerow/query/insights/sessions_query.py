"""SessionsQuery: a table of sessions, or of expressions over them (read-api §3.3)."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from hedgerow.core.errors import QueryError
from hedgerow.query.expressions import checked_column
from hedgerow.query.fragments import Select, Sql, identifier, text
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
from hedgerow.query.insights.table_nodes import SessionsNode
from hedgerow.query.lexing import called_names
from hedgerow.query.sessions import (
    SESSION_DAYS_MAX,
    SESSION_KEY,
    URLS,
    session_columns,
    sessions_subquery,
)
from hedgerow.query.suggestions import did_you_mean
from hedgerow.query.tables import SESSION_UUID, SESSIONS

COLUMNS_MAX: Final = 100
_ALL: Final = "*"
_START: Final = "$start_timestamp"
_NAME = re.compile(r"[\w$]+")


def plan_sessions(node: SessionsNode, context: InsightContext) -> Plan:
    """The newest first, unless ordered. Raises `QueryError` naming the field that is wrong."""
    page = page_of(node.limit, node.offset)
    if not 1 <= len(node.select) <= COLUMNS_MAX:
        raise QueryError(f"Select 1 to {COLUMNS_MAX} columns.", attribute="query.select")
    names = tuple(item.strip() for item in node.select)

    def assemble(answers: Sequence[Rows]) -> Answer:
        (found,) = answers
        shown = [
            [_shown(name, value) for name, value in zip(names, row, strict=True)]
            for row in found[: page.limit]
        ]
        return Answer(shown, page.fields(found))

    return Plan(
        statements=(_statement(node, context, names, page),), assemble=assemble, columns=names
    )


def _statement(
    node: SessionsNode, context: InsightContext, names: Sequence[str], page: Page
) -> Select:
    columns = [_column(name, f"query.select.{place}") for place, name in enumerate(names)]
    grouped_by = [column for column in columns if not _is_aggregate(column)]
    is_grouped = len(grouped_by) < len(columns)
    order = order_of(node.order_by or (), _column)
    if not order:
        order = (
            [Sql(f"{column} DESC") for column in columns if _is_aggregate(column)]
            if is_grouped
            else [Sql(f"{identifier(_START)} DESC"), identifier("session_id")]
        )
    starts, read = _times(node, context)
    select = Select(
        columns={f"column_{place}": column for place, column in enumerate(columns)},
        where=(*starts, *_conditions(node, context, read)),
        group_by=tuple(grouped_by) if is_grouped else (),
        order_by=tuple(order),
        limit=page.limit + 1,
        offset=page.offset,
    )
    named = {name.strip('`"') for name in _NAME.findall(select.sql())}
    wanted = [name for name in (*session_columns(), SESSION_KEY) if name in named]
    sessions = sessions_subquery(context.project_id, wanted, read)
    return select.changed(source=Sql(f"({sessions})"), alias=SESSIONS.name)


def _is_aggregate(expression: Sql) -> bool:
    return any(name.lower() in AGGREGATE_FUNCTIONS for name in called_names(expression))


def _column(name: str, path: str) -> Sql:
    if name == _ALL:
        return Sql(f"tuple({', '.join(identifier(item) for item in session_columns())})")
    return checked_column(name, path, SESSIONS)


def _shown(name: str, value: Any) -> Any:
    return dict(zip(session_columns(), value, strict=True)) if name == _ALL else value


def _times(node: SessionsNode, context: InsightContext) -> tuple[list[Sql], list[Sql]]:
    """Bounds on the start of sessions, and on the events that they are made of."""
    now = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=context.now_us)
    starts, read = [], []
    for name, sign, way in (("after", ">", -1), ("before", "<", 1)):
        written = getattr(node, name)
        if not written or written == "all":
            continue
        local = now.astimezone(context.zone)
        moment = parse_date(written, local, context.week_start_day, f"query.{name}").moment
        starts.append(Sql(f"{identifier(_START)} {sign} {moment_of(moment)}"))
        reach = moment + way * timedelta(days=SESSION_DAYS_MAX)
        read.append(Sql(f"timestamp {sign}= {moment_of(reach)}"))
    return starts, read


def _conditions(node: SessionsNode, context: InsightContext, read: Sequence[Sql]) -> list[Sql]:
    rows = _SessionRows(context)
    found = filters_conditions(node.properties, rows, "query.properties")
    found += filters_conditions(node.fixed_properties, rows, "query.fixedProperties")
    found += [
        checked_column(written, f"query.where.{place}", SESSIONS)
        for place, written in enumerate(node.where or ())
    ]
    if node.person_id is not None:
        found.append(Sql(f"{rows.person()} = toUUIDOrNull({text(node.person_id)})"))
    events = _events(node, EventRows(context), read)
    return found if events is None else [*found, Sql(f"`{SESSION_KEY}` IN ({events.sql()})")]


def _events(node: SessionsNode, rows: EventRows, read: Sequence[Sql]) -> Select | None:
    """The events of which a session must have one; None where nothing is asked of them."""
    wanted = [] if node.event is None else [event_is(node.event)]
    if node.action_id is not None:
        wanted.append(action_condition(node.action_id, rows, "query.actionId"))
    wanted += filters_conditions(node.event_properties, rows, "query.eventProperties")
    if node.filter_test_accounts:
        wanted += [
            filter_condition(item, rows, "query.filterTestAccounts")
            for item in rows.context.test_account_nodes()
        ]
    if not wanted:
        return None
    return rows.select({"session": Sql(SESSION_UUID)}, [*read, *wanted])


class _SessionRows(EventRows):
    """Rows of sessions, for filters on their own columns and on who they are of."""

    def person(self) -> Sql:
        return Sql("person_id")

    def property(
        self, type_: str, key: str, path: str, *, group_type_index: int | None = None
    ) -> Sql:
        del group_type_index
        if type_ != "session":
            raise QueryError(
                "Sessions are filtered by properties of type session; those of events go into "
                "eventProperties.",
                attribute=f"{path}.type",
            )
        if key not in session_columns():
            raise QueryError(
                f"Sessions have no {key[:50]!r}{did_you_mean(key, session_columns())}",
                attribute=f"{path}.key",
            )
        column = identifier(key)
        return Sql(f"toString({column})" if key == URLS else f"toString(toNullable({column}))")

    def expression(self, written: str, path: str) -> Sql:
        return checked_column(written, path, SESSIONS)
