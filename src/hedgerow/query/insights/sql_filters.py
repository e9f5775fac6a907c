"""The `filters` of an SQL query: dates, properties and test accounts (read-api §3.3)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from msgspec import field

from hedgerow.query.fragments import Sql, all_of, printed
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.date_range import unix_us
from hedgerow.query.insights.event_rows import EventRows, group_type_of
from hedgerow.query.insights.filters import filter_condition, filters_conditions
from hedgerow.query.insights.nodes import DateRangeNode, FilterNode, Filters, Node
from hedgerow.query.insights.read_node import read_node
from hedgerow.query.insights.relative_dates import DAY_END, parse_date
from hedgerow.query.properties import property_expression
from hedgerow.query.relations import PERSON_PREFIX, group_prefix

_ALL: Final = "all"
# What `-3d` ends with: a time that is a whole day's.
_DAY_UNITS: Final = tuple("dwmqyDWQY")


class SqlFiltersNode(Node, frozen=True, kw_only=True):
    date_range: DateRangeNode = field(default_factory=DateRangeNode, name="dateRange")
    properties: Filters = None
    filter_test_accounts: bool | None = field(default=None, name="filterTestAccounts")


@dataclass(frozen=True, slots=True)
class SqlFilters:
    """`date_range_us` in microseconds since 1970, None where an end is open.

    `condition` is over the columns of confined events; None where there is none but the dates.
    """

    date_range_us: tuple[int | None, int | None] = (None, None)
    condition: Sql | None = None


def sql_filters(filters: Any, context: InsightContext, path: str = "query.filters") -> SqlFilters:
    """None are like empty ones. Raises `QueryError` naming the field that is wrong."""
    node = read_node({} if filters is None else filters, SqlFiltersNode, path)
    rows = _ReadEvents(context)
    conditions = filters_conditions(node.properties, rows, f"{path}.properties")
    if node.filter_test_accounts:
        conditions += [
            filter_condition(item, rows, f"{path}.filterTestAccounts")
            for item in context.test_account_nodes()
        ]
    return SqlFilters(
        _date_range_us(node.date_range, context, f"{path}.dateRange"),
        all_of(conditions) if conditions else None,
    )


def events_condition(filters: list[Any], context: InsightContext, path: str) -> Sql | None:
    """All of the filters, over the columns of confined events; None where there are none.

    Raises `QueryError` naming the field that is wrong.
    """
    rows = _ReadEvents(context)
    conditions = [
        filter_condition(read_node(item, FilterNode, f"{path}.{place}"), rows, f"{path}.{place}")
        for place, item in enumerate(filters)
    ]
    return all_of(conditions) if conditions else None


class _ReadEvents(EventRows):
    """Events as SQL reads them: what an event belongs to is a hidden column of it."""

    def person(self) -> Sql:
        return Sql("person_id")

    def _person_property(self, key: str) -> Sql:
        return printed(property_expression(f"{PERSON_PREFIX}properties", [key]))

    def _group_property(self, index: int | None, key: str, path: str) -> Sql:
        column = f"{group_prefix(group_type_of(index, path))}properties"
        return printed(property_expression(column, [key]))


def _date_range_us(
    node: DateRangeNode, context: InsightContext, path: str
) -> tuple[int | None, int | None]:
    """A plain `date_to`, and one so many days back, to its end unless the date is explicit."""
    now = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=context.now_us)
    local = now.astimezone(context.zone)
    start = end = None
    if node.date_from and node.date_from != _ALL:
        week_start = context.week_start_day
        start = parse_date(node.date_from, local, week_start, f"{path}.date_from").moment
    if node.date_to:
        parsed = parse_date(node.date_to, local, context.week_start_day, f"{path}.date_to")
        end = parsed.moment
        is_day = parsed.is_plain_date or (parsed.is_relative and node.date_to.endswith(_DAY_UNITS))
        if is_day and not node.explicit_date:
            end = datetime.combine(end.date(), DAY_END, end.tzinfo)
    return None if start is None else unix_us(start), None if end is None else unix_us(end)
