"""The formulas of a trends insight, applied to its series for each period and breakdown value."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from hedgerow.core.errors import QueryError
from hedgerow.query.insights.formula import Formula, parse_formula
from hedgerow.query.insights.nodes import TrendsNode
from hedgerow.query.insights.series_items import SeriesItem

FORMULAS_MAX: Final = 26
FORMULA_CHARS_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class NamedFormula:
    name: str
    formula: Formula


def read_formulas(node: TrendsNode) -> list[NamedFormula]:
    """Raises `QueryError` that says where a formula is wrong."""
    path = "query.trendsFilter"
    settings = node.trends_filter
    written: list[tuple[str, str | None, str]] = []
    if settings.formula_nodes:
        for n, item in enumerate(settings.formula_nodes):
            attribute = f"{path}.formulaNodes.{n}.formula"
            written.append(
                (_text(item.get("formula"), attribute), item.get("custom_name"), attribute)
            )
    elif settings.formulas:
        written = [(text, None, f"{path}.formulas.{n}") for n, text in enumerate(settings.formulas)]
    elif settings.formula:
        written = [(settings.formula, None, f"{path}.formula")]
    if len(written) > FORMULAS_MAX:
        raise QueryError(f"There can be at most {FORMULAS_MAX} formulas.", attribute=path)
    return [
        NamedFormula(name or f"Formula ({text})", _parsed(text, len(node.series), attribute))
        for text, name, attribute in written
        if text.strip()
    ]


def _text(value: Any, attribute: str) -> str:
    if not isinstance(value, str):
        raise QueryError("The formula must be text.", attribute=attribute)
    return value


def _parsed(text: str, series_count: int, attribute: str) -> Formula:
    if len(text) > FORMULA_CHARS_MAX:
        raise QueryError(
            f"A formula has at most {FORMULA_CHARS_MAX} characters.", attribute=attribute
        )
    return parse_formula(text, series_count, attribute)


def formula_items(
    formulas: Sequence[NamedFormula], items: Sequence[SeriesItem], series_count: int
) -> list[SeriesItem]:
    """One item for each formula, period and breakdown value; a series without the value is 0."""
    groups: dict[tuple[str | None, str], dict[int, SeriesItem]] = {}
    for item in items:
        key = (item.period.label, repr(item.breakdown_value))
        groups.setdefault(key, {})[item.index] = item
    return [
        replace(
            next(iter(group.values())),
            index=index,
            name=named.name,
            values=_applied(named.formula, group, series_count),
        )
        for index, named in enumerate(formulas)
        for group in groups.values()
    ]


def _applied(formula: Formula, group: dict[int, SeriesItem], series_count: int) -> list[float]:
    length = len(next(iter(group.values())).values)
    nothing = [0.0] * length
    columns = [group[index].values if index in group else nothing for index in range(series_count)]
    return [formula(values) for values in zip(*columns, strict=True)]
