"""The members of a dynamic cohort: persons who are something, or who did something.

Filters may be nested. What was done is asked of events after all merges. Only persons with a
profile are members, so `not performed` means those persons who did not.
"""

from typing import Any, Final

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import TRUE, Join, Select, Sql, all_of, any_of, negated
from hedgerow.query.insights.cohort_behaviors import behaved
from hedgerow.query.insights.cohort_nodes import CohortNode
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.filters import DEPTH_MAX
from hedgerow.query.insights.nodes import FilterNode
from hedgerow.query.insights.person_filters import person_conditions
from hedgerow.query.insights.read_node import read_node
from hedgerow.query.person_resolution import overrides_subquery, resolved_person
from hedgerow.query.tables import PERSONS, confined_subquery

_NOT_IN: Final = ("not_in", "is_not")


def cohort_select(filters: dict[str, Any], context: InsightContext, path: str) -> Select:
    """The `id` of each person who matches a dynamic cohort's filters now.

    Raises `QueryError` naming the field that is wrong.
    """
    node = read_node(filters.get("properties") or filters, CohortNode, path)
    table = Sql(f"({confined_subquery(PERSONS, context.project_id)})")
    where = () if node == CohortNode() else (_condition(node, context, path, 0),)
    return Select(columns={"id": Sql("id")}, source=table, where=where)


def static_cohort_select(project_id: int, cohort_id: int, changed_at_us: int) -> Select:
    """The `id` of each person on a static cohort's list, after merges.

    The time of the list's last change makes each state of it a statement of its own.
    """
    rows = (
        "SELECT person_id FROM static_cohort_people FINAL "  # noqa: S608 - numbers
        f"WHERE project_id = {int(project_id)} AND cohort_id = {int(cohort_id)} "
        f"AND is_deleted = 0 AND version <= {int(changed_at_us)}"
    )
    overrides = Join(
        "LEFT ANY",
        Sql(f"({overrides_subquery(project_id)})"),
        "overrides",
        Sql("members.person_id = overrides.old_person_id"),
    )
    current = Sql(resolved_person("members.person_id", "overrides.new_person_id"))
    people = confined_subquery(PERSONS, project_id, {"id"})
    return Select(
        columns={"id": current},
        source=Sql(f"({rows})"),
        alias="members",
        joins=(overrides,),
        where=(Sql(f"{current} IN ({people})"),),
        distinct=True,
    )


def _condition(node: CohortNode, context: InsightContext, path: str, depth: int) -> Sql:
    if depth > DEPTH_MAX:
        raise QueryError("The filters are nested too deeply.", attribute=path)
    if node.values is not None:
        return _group(node, context, path, depth)
    match node.type:
        case "behavioral":
            condition = Sql(f"id IN ({behaved(node, context, path).sql()})")
        case "cohort" | "static-cohort":
            condition = _member(node, context, path)
        case _:
            condition = _person(node, context, path)
    return negated(condition) if node.negation else condition


def _group(node: CohortNode, context: InsightContext, path: str, depth: int) -> Sql:
    assert node.values is not None
    parts = [
        _condition(item, context, f"{path}.values.{place}", depth + 1)
        for place, item in enumerate(node.values)
    ]
    match (node.type or "AND").upper():
        case _ if not parts:
            return TRUE
        case "AND":
            return all_of(parts)
        case "OR":
            return any_of(parts)
    raise QueryError("A group of filters is of type AND or OR.", attribute=f"{path}.type")


def _person(node: CohortNode, context: InsightContext, path: str) -> Sql:
    filter_ = FilterNode(type=node.type, key=node.key, value=node.value, operator=node.operator)
    (condition,) = person_conditions(filter_, context, path) or (TRUE,)
    return Sql(f"ifNull({condition}, 0)")


def _member(node: CohortNode, context: InsightContext, path: str) -> Sql:
    if isinstance(node.value, bool) or not str(node.value).isdigit():
        raise QueryError("A cohort is named by its number.", attribute=f"{path}.value")
    members = context.cohort_members(int(node.value))
    if members is None:
        raise QueryError(f"There is no cohort {node.value}.", attribute=f"{path}.value")
    condition = Sql(f"id IN ({members.sql()})")
    return negated(condition) if node.operator in _NOT_IN else condition
