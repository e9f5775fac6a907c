"""Property filters on rows of persons (or groups) as they are now."""

from typing import Final

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Sql, all_of, any_of, printed
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.filters import DEPTH_MAX, operand_of
from hedgerow.query.insights.nodes import FilterNode, Filters
from hedgerow.query.insights.operators import operator_condition
from hedgerow.query.properties import property_expression

_TYPES: Final = (None, "person", "group")


def person_conditions(filters: Filters, context: InsightContext, path: str) -> list[Sql]:
    """Conditions on a row with a column `properties`. Raises `QueryError`."""
    if filters is None:
        return []
    if isinstance(filters, FilterNode):
        return [] if filters == FilterNode() else [_condition(filters, context, path)]
    return [_condition(item, context, f"{path}.{n}") for n, item in enumerate(filters)]


def _condition(node: FilterNode, context: InsightContext, path: str, depth: int = 0) -> Sql:
    if depth > DEPTH_MAX:
        raise QueryError("The filters are nested too deeply.", attribute=path)
    if node.values is not None:
        parts = [
            _condition(item, context, f"{path}.values.{n}", depth + 1)
            for n, item in enumerate(node.values)
        ]
        return any_of(parts) if (node.type or "AND").upper() == "OR" and parts else all_of(parts)
    if node.type not in _TYPES or not isinstance(node.key, str):
        raise QueryError(
            f"Only properties of persons can be used here, not {str(node.type)[:50]!r}.",
            attribute=f"{path}.type",
        )
    value = printed(property_expression("person", [node.key]))
    return operator_condition(node.operator or "exact", value, operand_of(node, context, path))
