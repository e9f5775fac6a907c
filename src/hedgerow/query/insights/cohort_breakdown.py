"""A breakdown by cohorts: the same insight once for each cohort's persons (read-api §4.2).

A person may be in several cohorts and then counts in each; `all` stands for everybody.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from msgspec.structs import replace

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Select
from hedgerow.query.insights.breakdown import ALL_COHORT, read_cohorts
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.funnel_nodes import FunnelsNode
from hedgerow.query.insights.nodes import ActorsPoint, FilterNode, InsightNode
from hedgerow.query.insights.plan import Answer, Plan, Rows
from hedgerow.query.insights.retention_nodes import RetentionNode

Cohort = str | int
NodeT = TypeVar("NodeT", bound=InsightNode)
BrokenDownT = TypeVar("BrokenDownT", FunnelsNode, RetentionNode)

_PATH = "query.breakdownFilter.breakdown"


def within_cohort(node: NodeT, cohort: Cohort, context: InsightContext) -> NodeT:
    """The insight of one cohort's persons. Raises `QueryError` for a cohort that is not there."""
    if cohort == ALL_COHORT:
        return node
    if not str(cohort).isdigit() or context.cohort_members(int(cohort)) is None:
        raise QueryError(f"There is no cohort {str(cohort)[:50]}.", attribute=_PATH)
    wanted = FilterNode(type="cohort", key="id", value=int(cohort))
    own = node.properties
    if isinstance(own, FilterNode):
        own = [] if own == FilterNode() else [own]
    return replace(node, properties=[*(own or []), wanted])


def planner_with_cohorts(
    plan_one: Callable[[BrokenDownT, InsightContext], Plan],
    shown: Callable[[BrokenDownT, Any, Cohort], list[Any]],
) -> Callable[[BrokenDownT, InsightContext], Plan]:
    """Plans as `plan_one` does, and with a breakdown by cohorts once for each of them.

    `shown` gives the results of one cohort as they stand in the whole answer.
    """

    def plan(node: BrokenDownT, context: InsightContext) -> Plan:
        cohorts = read_cohorts(node.breakdown_filter)
        if not cohorts:
            return plan_one(node, context)
        plans = [plan_one(within_cohort(node, cohort, context), context) for cohort in cohorts]

        def assemble(answers: Sequence[Rows]) -> Answer:
            results: list[Any] = []
            rest = answers
            for cohort, part in zip(cohorts, plans, strict=True):
                count = len(part.statements)
                results += shown(node, part.assemble(rest[:count]).results, cohort)
                rest = rest[count:]
            return Answer(results)

        statements = tuple(statement for part in plans for statement in part.statements)
        return Plan(statements=statements, assemble=assemble, range=plans[0].range)

    return plan


def retention_of_cohort(_node: RetentionNode, results: Any, cohort: Cohort) -> list[Any]:
    return [{**row, "breakdown_value": cohort} for row in results]


def funnel_of_cohort(node: FunnelsNode, results: Any, cohort: Cohort) -> list[Any]:
    """A list of steps for each cohort, or a line of the funnel over time."""
    if node.funnels_filter.shown_as == "trends":
        return [{**line, "breakdown_value": cohort} for line in results]
    if node.funnels_filter.shown_as == "time_to_convert":
        return [{**results, "breakdown_value": cohort}]
    value = {"breakdown": [cohort], "breakdown_value": cohort}
    return [[{**step, **value} for step in results]]


def actors_within_cohort(
    actors: Callable[[BrokenDownT, ActorsPoint, InsightContext], Select],
) -> Callable[[BrokenDownT, ActorsPoint, InsightContext], Select]:
    """The actors of a point, which may name one of the cohorts as its breakdown."""

    def of_point(node: BrokenDownT, point: ActorsPoint, context: InsightContext) -> Select:
        if not read_cohorts(node.breakdown_filter):
            return actors(node, point, context)
        asked = point.breakdown if point.funnel_step_breakdown is None else None
        value = point.funnel_step_breakdown if asked is None else asked
        cohort = value[0] if isinstance(value, list) and value else value
        if cohort is not None:
            node = within_cohort(node, cohort, context)
        return actors(node, replace(point, breakdown=None, funnel_step_breakdown=None), context)

    return of_point
