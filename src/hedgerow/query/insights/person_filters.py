"""Property filters on rows of persons (or groups) as they are now."""

from dataclasses import dataclass
from typing import Final

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Sql, all_of, any_of, negated, printed
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.filters import DEPTH_MAX, operand_of
from hedgerow.query.insights.nodes import FilterNode, Filters
from hedgerow.query.insights.operators import operator_condition
from hedgerow.query.properties import property_expression

_TYPES: Final = (None, "person", "group")
_COHORTS: Final = ("cohort", "static-cohort")
_NOT_IN: Final = ("not_in", "is_not")


def person_conditions(
    filters: Filters, context: InsightContext, path: str, *, id_column: str = "id"
) -> list[Sql]:
    """Conditions on a row with `properties`, and `id_column` for cohorts. Raises `QueryError`."""
    if filters is None:
        return []
    rows = _Rows(context, id_column)
    if isinstance(filters, FilterNode):
        return [] if filters == FilterNode() else [_condition(filters, rows, path)]
    return [_condition(item, rows, f"{path}.{n}") for n, item in enumerate(filters)]


@dataclass(frozen=True, slots=True)
class _Rows:
    """What the conditions are about."""

    context: InsightContext
    id_column: str


def _condition(node: FilterNode, rows: _Rows, path: str, depth: int = 0) -> Sql:
    if depth > DEPTH_MAX:
        raise QueryError("The filters are nested too deeply.", attribute=path)
    if node.values is not None:
        parts = [
            _condition(item, rows, f"{path}.values.{n}", depth + 1)
            for n, item in enumerate(node.values)
        ]
        return any_of(parts) if (node.type or "AND").upper() == "OR" and parts else all_of(parts)
    if node.type in _COHORTS:
        return _member(node, rows, path)
    if node.type not in _TYPES or not isinstance(node.key, str):
        raise QueryError(
            f"Only properties of persons can be used here, not {str(node.type)[:50]!r}.",
            attribute=f"{path}.type",
        )
    value = printed(property_expression("person", [node.key]))
    return operator_condition(node.operator or "exact", value, operand_of(node, rows.context, path))


def _member(node: FilterNode, rows: _Rows, path: str) -> Sql:
    wanted = node.value if node.value is not None else node.key
    members = rows.context.cohort_members(int(wanted)) if str(wanted).isdigit() else None
    if members is None:
        raise QueryError(f"There is no cohort {str(wanted)[:50]}.", attribute=f"{path}.value")
    condition = Sql(f"{rows.id_column} IN ({members.sql()})")
    return negated(condition) if node.operator in _NOT_IN else condition
