"""GroupsQuery: a table of the groups of one type (read-api §3.3)."""

from collections.abc import Sequence
from typing import Any, Final

from hedgerow.core import json
from hedgerow.query.expressions import checked_column
from hedgerow.query.fragments import Select, Sql, any_of, number, printed, text
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.event_rows import check_group_type
from hedgerow.query.insights.paging import order_of, page_of
from hedgerow.query.insights.person_filters import person_conditions
from hedgerow.query.insights.plan import Answer, Plan, Rows
from hedgerow.query.insights.table_nodes import GroupsNode
from hedgerow.query.properties import property_expression
from hedgerow.query.tables import GROUPS, confined_subquery

_DEFAULT: Final = ("group_name", "key")
# A group is called by its property `name`, else by its key.
_NAME: Final = f"ifNull(nullIf({printed(property_expression('group', ['name']))}, ''), key)"
_GROUP: Final = ("key", "group_type_index", "created_at", "properties")


def plan_groups(node: GroupsNode, context: InsightContext) -> Plan:
    """Raises `QueryError` naming the field that is wrong."""
    check_group_type(node.group_type_index, "query.group_type_index")
    page = page_of(node.limit, node.offset)
    names = tuple(node.select or _DEFAULT)
    columns = {
        f"column_{place}": _column(name, f"query.select.{place}")
        for place, name in enumerate(names)
    }
    where = [
        Sql(f"group_type_index = {number(node.group_type_index)}"),
        *person_conditions(node.properties, context, "query.properties"),
    ]
    if node.search:
        wanted = text(node.search)
        where.append(
            any_of(
                Sql(f"positionCaseInsensitiveUTF8({place}, {wanted}) > 0")
                for place in ("key", _NAME)
            )
        )
    statement = Select(
        columns=columns,
        source=Sql(f"({confined_subquery(GROUPS, context.project_id)})"),
        alias=GROUPS.name,
        where=tuple(where),
        order_by=(*order_of(node.order_by or (), _column), Sql("key")),
        limit=page.limit + 1,
        offset=page.offset,
    )

    def assemble(answers: Sequence[Rows]) -> Answer:
        (found,) = answers
        shown = [
            [_shown(name, value) for name, value in zip(names, row, strict=True)]
            for row in found[: page.limit]
        ]
        return Answer(shown, page.fields(found))

    return Plan(statements=(statement,), assemble=assemble, columns=names)


def _column(name: str, path: str) -> Sql:
    match name:
        case "*" | "group":
            return Sql(f"tuple({', '.join(_GROUP)})")
        case "group_name":
            return Sql(_NAME)
    return checked_column(name, path, GROUPS)


def _shown(name: str, value: Any) -> Any:
    match name:
        case "*" | "group":
            group = dict(zip(_GROUP, value, strict=True))
            return group | {"properties": json.decode(group["properties"])}
        case "properties":
            return json.decode(value)
    return value
