"""Tables about web traffic: cells of a value and the one before, in an order, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import NULL, Select, Sql
from hedgerow.query.insights.plan import Answer, Plan, Rows
from hedgerow.query.insights.web_nodes import WebTableNode
from hedgerow.query.insights.web_sessions import WebPeriods

LIMIT_DEFAULT: Final = 100
LIMIT_MAX: Final = 5000
_DIRECTIONS: Final = ("ASC", "DESC")
# A session may stand in several rows; `nth` numbers its rows of one value.
ONCE: Final = "{} AND nth = 1"


@dataclass(frozen=True, slots=True)
class Cell:
    """A column. `expression` has `{}` for the condition of the period that is asked for."""

    name: str
    order_name: str
    expression: str

    def pair(self, periods: WebPeriods) -> Sql:
        current = self.expression.format("is_current")
        previous = NULL if periods.previous is None else self.expression.format("is_previous")
        return Sql(f"[toNullable({current}), {previous}]")


def plan_web_table(  # noqa: PLR0913 - the parts of one table
    node: WebTableNode,
    periods: WebPeriods,
    source: Select,
    cells: Sequence[Cell],
    value_name: str,
    *,
    first: Sequence[str] = (),
) -> Plan:
    """The table of `source`, rows with a `value` each and what the cells count.

    The largest comes `first` by these columns, else by the first two, unless an order is asked for.
    """
    limit, offset = _page(node)
    statement = Select(
        columns={"value": Sql("value")}
        | {f"cell_{number}": cell.pair(periods) for number, cell in enumerate(cells)},
        source=source,
        group_by=(Sql("value"),),
        order_by=_order(node, cells, first),
        limit=limit + 1,
        offset=offset,
    )

    def assemble(answers: Sequence[Rows]) -> Answer:
        (found,) = answers
        fields = {"hasMore": len(found) > limit, "limit": limit, "offset": offset}
        return Answer(found[:limit], fields)

    columns = tuple(column_name(name) for name in (value_name, *(cell.name for cell in cells)))
    return Plan(statements=(statement,), assemble=assemble, range=periods.current, columns=columns)


def column_name(name: str) -> str:
    return f"context.columns.{name}"


def _page(node: WebTableNode) -> tuple[int, int]:
    limit = LIMIT_DEFAULT if node.limit is None else node.limit
    if not 1 <= limit <= LIMIT_MAX:
        raise QueryError(f"The limit is from 1 to {LIMIT_MAX}.", attribute="query.limit")
    offset = node.offset or 0
    if offset < 0:
        raise QueryError("The offset is 0 or more.", attribute="query.offset")
    return limit, offset


def _order(node: WebTableNode, cells: Sequence[Cell], first: Sequence[str]) -> tuple[Sql, ...]:
    """The value decides between equals."""
    names = [cell.order_name for cell in cells]
    by_value = Sql("value ASC")
    if not node.order_by:
        wanted = first or names[:2]
        return (*(Sql(f"cell_{names.index(name)}[1] DESC") for name in wanted), by_value)
    name, direction = (*node.order_by, "DESC")[:2]
    if name not in names or direction not in _DIRECTIONS:
        raise QueryError(
            f"orderBy is one of {', '.join(names)} and ASC or DESC.", attribute="query.orderBy"
        )
    return (Sql(f"cell_{names.index(name)}[1] {direction}"), by_value)
