"""Filters on the clicked element and those around it: the elements chain (ingestion §10)."""

from typing import Final

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Sql, call, negated, text
from hedgerow.query.insights.operators import (
    Operand,
    is_negative,
    operator_condition,
    positive_of,
)

# Each gives all values of the chain: of the element itself and of what holds it.
_VALUES: Final = {
    "tag_name": r"(?:^|;)([a-zA-Z][a-zA-Z0-9-]*)",
    "text": r'[:"]text="((?:[^"\\]|\\.)*)"',
    "href": r'[:"]href="((?:[^"\\]|\\.)*)"',
}


def element_condition(key: str, operator: str, operand: Operand) -> Sql:
    """True if any element of the chain matches; negative operators, if none does."""
    pattern = _VALUES.get(key)
    if pattern is None:
        raise QueryError(
            f"Elements have no {key[:50]!r} to filter by; there are {', '.join(_VALUES)}.",
            attribute=f"{operand.path}.key",
        )
    values = call("extractAll", Sql("elements_chain"), text(pattern))
    condition = operator_condition(positive_of(operator), Sql("element"), operand)
    found = Sql(f"arrayExists(element -> ifNull({condition}, 0), {values})")
    return negated(found) if is_negative(operator) else found
