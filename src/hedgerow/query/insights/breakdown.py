"""What a breakdown splits events by, and the values it has in an answer (read-api §4.2)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Select, Sql, array, call, number, text
from hedgerow.query.insights.event_rows import EventRows
from hedgerow.query.insights.nodes import BreakdownFilter, BreakdownPart
from hedgerow.query.insights.operators import numeric

OTHER: Final = "$$_posthog_breakdown_other_$$"
MISSING: Final = "$$_posthog_breakdown_null_$$"
LIMIT_DEFAULT: Final = 25
LIMIT_MAX: Final = 1000
BREAKDOWNS_MAX: Final = 3
BINS_MAX: Final = 100
COHORTS_MAX: Final = 25
ALL_COHORT: Final = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """`parts` are one or several; with several a value is a list. Cohorts are kept apart."""

    parts: tuple[BreakdownPart, ...]
    limit: int = LIMIT_DEFAULT
    hide_other: bool = False
    is_list: bool = False
    path: str = "query.breakdownFilter"

    @property
    def other(self) -> Any:
        return [OTHER] * len(self.parts) if self.is_list else OTHER

    def other_sql(self) -> Sql:
        if self.is_list:
            return array([text(OTHER)] * len(self.parts))
        return text(OTHER)

    def missing_sql(self) -> Sql:
        if self.is_list:
            return array([text(MISSING)] * len(self.parts))
        return text(MISSING)

    def value_sql(self, value: Any) -> Sql:
        """A value as an answer shows it, as a literal."""
        wanted = value if isinstance(value, list) and value else [value]
        values = [text(str(item)) for item in wanted]
        return array(values) if self.is_list else values[0]

    def is_other(self, value: Any) -> bool:
        return bool(value == self.other)

    def is_missing(self, value: Any) -> bool:
        return bool(value == ([MISSING] * len(self.parts) if self.is_list else MISSING))

    def expression(self, rows: EventRows, edges: "EdgesOf") -> Sql:
        """The event's value: text, or an array of texts; never NULL."""
        values = [
            _value(part, rows, f"{self.path}.breakdowns.{n}" if self.is_list else self.path, edges)
            for n, part in enumerate(self.parts)
        ]
        return array(values) if self.is_list else values[0]


# Given how to read a value from rows and a count: a select of one array, the bins' edges.
EdgesOf = Callable[[Callable[[EventRows], Sql], int], Select]


def read_breakdown(node: BreakdownFilter | None) -> Breakdown | None:
    """None where nothing is broken down. Raises `QueryError` naming the wrong field."""
    path = "query.breakdownFilter"
    if node is None:
        return None
    limit = LIMIT_DEFAULT if node.breakdown_limit is None else node.breakdown_limit
    if not 1 <= limit <= LIMIT_MAX:
        raise QueryError(
            f"The limit of a breakdown is from 1 to {LIMIT_MAX}.",
            attribute=f"{path}.breakdown_limit",
        )
    hide_other = bool(node.breakdown_hide_other_aggregation)
    if node.breakdowns:
        if len(node.breakdowns) > BREAKDOWNS_MAX:
            raise QueryError(
                f"There can be at most {BREAKDOWNS_MAX} breakdowns.",
                attribute=f"{path}.breakdowns",
            )
        return Breakdown(
            parts=tuple(node.breakdowns), limit=limit, hide_other=hide_other, is_list=True
        )
    if node.breakdown is None or node.breakdown_type == "cohort":
        return None
    names = node.breakdown if isinstance(node.breakdown, list) else [node.breakdown]
    parts = tuple(
        BreakdownPart(
            property=name,
            type=node.breakdown_type,
            group_type_index=node.breakdown_group_type_index,
            histogram_bin_count=node.breakdown_histogram_bin_count,
            normalize_url=node.breakdown_normalize_url,
        )
        for name in names
    )
    if not 1 <= len(parts) <= BREAKDOWNS_MAX:
        raise QueryError(
            f"There can be 1 to {BREAKDOWNS_MAX} breakdowns.", attribute=f"{path}.breakdown"
        )
    return Breakdown(
        parts=parts,
        limit=limit,
        hide_other=hide_other,
        is_list=isinstance(node.breakdown, list) and len(parts) > 1,
    )


def read_cohorts(node: BreakdownFilter | None) -> Sequence[str | int]:
    """The cohorts of a cohort breakdown: numbers, and `all` for everybody."""
    path = "query.breakdownFilter.breakdown"
    if node is None or node.breakdown_type != "cohort" or node.breakdown is None:
        return ()
    wanted = node.breakdown if isinstance(node.breakdown, list) else [node.breakdown]
    if not 1 <= len(wanted) <= COHORTS_MAX:
        raise QueryError(f"There can be 1 to {COHORTS_MAX} cohorts.", attribute=path)
    found: list[str | int] = []
    for item in wanted:
        if item != ALL_COHORT and not str(item).isdigit():
            raise QueryError("A cohort is named by its number, or `all`.", attribute=path)
        found.append(ALL_COHORT if item == ALL_COHORT else int(item))
    return found


def _value(part: BreakdownPart, rows: EventRows, path: str, edges: EdgesOf) -> Sql:
    def read(source: EventRows) -> Sql:
        return _raw_value(part, source, path)

    value = read(rows)
    if part.histogram_bin_count is not None:
        if not 1 <= part.histogram_bin_count <= BINS_MAX:
            raise QueryError(
                f"A histogram has 1 to {BINS_MAX} bins.", attribute=f"{path}.histogram_bin_count"
            )
        return _binned(numeric(value), edges(read, part.histogram_bin_count))
    if part.normalize_url:
        value = normalized_url(value)
    return call("ifNull", call("nullIf", value, text("")), text(MISSING))


def _raw_value(part: BreakdownPart, rows: EventRows, path: str) -> Sql:
    type_ = part.type or "event"
    key = str(part.property)
    if type_ == "cohort":
        raise QueryError(
            "A breakdown by cohorts stands alone: use breakdown_type cohort, and a list of cohorts "
            "as breakdown.",
            attribute=f"{path}.type",
        )
    if type_ == "hogql":
        return call("toString", rows.expression(key, f"{path}.breakdown"))
    return rows.property(type_, key, path, group_type_index=part.group_type_index)


def normalized_url(value: Sql) -> Sql:
    """Without query, fragment and trailing slash; the root keeps its slash."""
    cut = call("cutQueryStringAndFragment", value)
    return Sql(f"if({cut} = '/', '/', trim(TRAILING '/' FROM {cut}))")


def _binned(value: Sql, edges: Select) -> Sql:
    """`[from,to]` of the bin that the number is in; the last bin includes its upper edge."""
    bins = Sql(f"({edges.sql()})")
    index = Sql(f"arrayLastIndex(edge -> edge <= {value}, {bins})")
    label = Sql(f"concat('[', toString({bins}[{index}]), ',', toString({bins}[{index} + 1]), ']')")
    return Sql(f"if(isNull({value}), {text(MISSING)}, {label})")


def bin_edges(points: Select, count: int) -> Select:
    """The edges of `count` bins with about as many of the points' `number` in each."""
    shares = ", ".join(number(n / count) for n in range(count + 1))
    edges = Sql(
        f"arrayCompact(arrayMap(edge -> floor(edge, 2), quantilesExactInclusive({shares})(number)))"
    )
    return Select(
        columns={"edges": Sql(f"arrayConcat(arrayPopBack({edges}), [{edges}[-1] + 0.01])")},
        source=points,
    )
