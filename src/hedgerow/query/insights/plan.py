"""What a planned insight is: statements to run, and how their rows become the answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from hedgerow.query.fragments import Select, UnionAll
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.date_range import InsightRange
from hedgerow.query.insights.nodes import ActorsPoint, Node

Rows = list[list[Any]]
NodeT = TypeVar("NodeT", bound=Node)


@dataclass(frozen=True, slots=True)
class Answer:
    """`fields` are keys of the response besides `results`."""

    results: Any
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`assemble` gets the rows of each statement, in order; the rows hold JSON values only."""

    statements: tuple[Select | UnionAll, ...]
    assemble: Callable[[Sequence[Rows]], Answer]
    range: InsightRange | None = None
    # The columns' names where the answer is a table: the response then tells their types too.
    columns: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InsightKind(Generic[NodeT]):
    """One kind of query node.

    `actors` plans a select of the actors behind one point of the insight: column `actor_id`, each
    once, and `event_count` where it means something. None where there are no actors.
    """

    node: type[NodeT]
    plan: Callable[[NodeT, InsightContext], Plan]
    actors: Callable[[NodeT, ActorsPoint, InsightContext], Select] | None = None
