"""Runs planned insights: statement by statement, under the limits of all queries."""

from dataclasses import dataclass
from typing import Any

from hedgerow.core.errors import QueryError
from hedgerow.query.cancellation import Cancellation
from hedgerow.query.fragments import Select, Sql, UnionAll, moment
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.kinds import INSIGHT_KINDS
from hedgerow.query.insights.plan import Plan
from hedgerow.query.insights.read_node import read_node, unwrapped
from hedgerow.query.runner import QueryResult, QueryRunner
from hedgerow.query.sql import PreparedQuery
from hedgerow.query.tables import EVENTS, confined_subquery

# Answered without a plan.
_OTHER_KINDS = ("HogQLQuery", "HogQLMetadata", "DatabaseSchemaQuery")
# Clocks that were never set send events from 1970.
_EARLIEST_SENSIBLE_US = 1_420_070_400_000_000


@dataclass(frozen=True, slots=True)
class InsightResult:
    """`fields` are keys of the response besides `results`; `timings` are in seconds."""

    results: Any
    fields: dict[str, Any]
    hogql: str
    timings: list[dict[str, Any]]
    resolved_date_range: dict[str, str] | None


def plan_insight(query: dict[str, Any], context: InsightContext) -> Plan:
    """Raises `QueryError` naming the field that is wrong."""
    query = unwrapped(query)
    kind = query.get("kind")
    found = INSIGHT_KINDS.get(kind) if isinstance(kind, str) else None
    if found is None:
        raise QueryError(
            f"Queries of kind {str(kind)[:100]!r} are not supported; "
            f"supported: {', '.join((*_OTHER_KINDS, *INSIGHT_KINDS))}.",
            attribute="query.kind",
        )
    return found.plan(read_node(query, found.node), context)


def run_plan(
    runner: QueryRunner, plan: Plan, cancellation: Cancellation | None = None
) -> InsightResult:
    """Blocking. Raises `QueryError` for what the user can change, and when it was cancelled."""
    answers, texts, timings, types = [], [], [], list[str]()
    for number, statement in enumerate(plan.statements):
        texts.append(statement.sql())
        result = run_select(runner, statement, cancellation)
        timings.append({"k": f"run/{number}", "t": round(result.elapsed_ms / 1000, 6)})
        answers.append(result.rows)
        types = result.types
    answer = plan.assemble(answers)
    return InsightResult(
        results=answer.results,
        fields=answer.fields | _columns(plan, types),
        hogql=";\n\n".join(texts),
        timings=timings,
        resolved_date_range=None if plan.range is None else plan.range.resolved(),
    )


def _columns(plan: Plan, types: list[str]) -> dict[str, Any]:
    if plan.columns is None:
        return {}
    pairs = zip(plan.columns, types, strict=False)
    return {"columns": list(plan.columns), "types": [list(pair) for pair in pairs]}


def run_select(
    runner: QueryRunner, statement: Select | UnionAll, cancellation: Cancellation | None = None
) -> QueryResult:
    """Blocking. Raises `QueryError`."""
    prepared = PreparedQuery(statement.sql(), runner.limits.rows_max, 0, None)
    return runner.run(prepared, cancellation)


def earliest_event_us(runner: QueryRunner, project_id: int) -> int | None:
    """The project's first event, in microseconds since 1970 (blocking)."""
    statement = Select(
        columns={"first": Sql("toUnixTimestamp64Micro(min(timestamp))"), "any": Sql("count()")},
        source=Sql(f"({confined_subquery(EVENTS, project_id, {'timestamp'})})"),
        where=(Sql(f"timestamp >= {moment(_EARLIEST_SENSIBLE_US)}"),),
    )
    ((first, count),) = run_select(runner, statement).rows
    return int(first) if count else None
