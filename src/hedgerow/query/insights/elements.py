"""Filters on the clicked element and those around it: the elements chain (ingestion §10)."""

from typing import Final

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Sql, any_of, call, negated, text
from hedgerow.query.insights.operators import (
    Operand,
    as_text,
    is_negative,
    operator_condition,
    positive_of,
)
from hedgerow.query.insights.selectors import WrongSelectorError, selector_pattern

_SELECTOR: Final = "selector"

# Each gives all values of the chain: of the element itself and of what holds it.
_VALUES: Final = {
    "tag_name": r"(?:^|;)([a-zA-Z][a-zA-Z0-9-]*)",
    "text": r'[:"]text="((?:[^"\\]|\\.)*)"',
    "href": r'[:"]href="((?:[^"\\]|\\.)*)"',
}


def element_condition(key: str, operator: str, operand: Operand) -> Sql:
    """True if any element of the chain matches; negative operators, if none does."""
    if key == _SELECTOR:
        return _meets_selector(operator, operand)
    pattern = _VALUES.get(key)
    if pattern is None:
        raise QueryError(
            f"Elements have no {key[:50]!r} to filter by; there are "
            f"{', '.join((*_VALUES, _SELECTOR))}.",
            attribute=f"{operand.path}.key",
        )
    values = call("extractAll", Sql("elements_chain"), text(pattern))
    condition = operator_condition(positive_of(operator), Sql("element"), operand)
    found = Sql(f"arrayExists(element -> ifNull({condition}, 0), {values})")
    return negated(found) if is_negative(operator) else found


def _meets_selector(operator: str, operand: Operand) -> Sql:
    """Any of the CSS selectors; is_not where none is met."""
    if positive_of(operator) not in ("exact", "in"):
        raise operand.wrong("A selector is met or not: use exact or is_not.")
    conditions = []
    for item in operand.items():
        try:
            pattern = selector_pattern(as_text(item))
        except WrongSelectorError as error:
            raise operand.wrong(f"In the selector {as_text(item)[:100]!r} {error}.") from None
        conditions.append(call("match", Sql("elements_chain"), text(pattern)))
    found = any_of(conditions)
    return negated(found) if is_negative(operator) else found
