"""What the persons of a cohort did: once, often, first, in sequence, regularly, no more, again."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Select, Sql, array, number
from hedgerow.query.insights.cohort_nodes import CohortNode
from hedgerow.query.insights.cohort_windows import (
    period_edges,
    positive,
    recent_start,
    sequence_seconds,
    window_conditions,
    window_end,
    window_start,
)
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.date_range import moment_of
from hedgerow.query.insights.event_rows import EventRows
from hedgerow.query.insights.filters import action_condition, event_is, filters_conditions
from hedgerow.query.insights.funnel_actors import funnel_actors
from hedgerow.query.insights.funnel_nodes import FunnelsFilter, FunnelsNode
from hedgerow.query.insights.nodes import ActorsPoint, DateRangeNode, Filters, SeriesNode

_SIGNS: Final = {"gte": ">=", "lte": "<=", "gt": ">", "lt": "<", "eq": "=", "exact": "="}
# Nothing is older that a question can reach.
_BEGINNING: Final = "1970-01-01T00:00:00+00:00"
_END: Final = "2148-01-01T00:00:00+00:00"


def behaved(node: CohortNode, context: InsightContext, path: str) -> Select:
    """The `id` of each person who did what the filter asks, once.

    Raises `QueryError` naming the field that is wrong.
    """
    wanted = _BEHAVIORS.get(str(node.value))
    if wanted is None:
        raise QueryError(
            f"Cohorts can ask for {', '.join(_BEHAVIORS)}, not {str(node.value)[:50]!r}.",
            attribute=f"{path}.value",
        )
    return wanted(node, context, path)


def _performed(node: CohortNode, context: InsightContext, path: str) -> Select:
    return _in_window(node, context, path, [])


def _multiple(node: CohortNode, context: InsightContext, path: str) -> Select:
    return _in_window(node, context, path, [_often_enough(node, path)])


def _in_window(node: CohortNode, context: InsightContext, path: str, having: list[Sql]) -> Select:
    rows = EventRows(context)
    where = [*window_conditions(node, context, rows.time, path), *_what(node, rows, path)]
    person = rows.person()
    return rows.select({"id": person}, where, (person,), having=having)


def _first_time(node: CohortNode, context: InsightContext, path: str) -> Select:
    rows = EventRows(context)
    first = window_conditions(node, context, Sql(f"min({rows.time})"), path)
    person, where = rows.person(), _what(node, rows, path)
    return rows.select({"id": person}, where, (person,), having=first)


def _sequence(node: CohortNode, context: InsightContext, path: str) -> Select:
    """Those who went through a funnel of the two events."""
    since, until = window_start(node, context, path), window_end(node, context, path)
    steps = [
        _series(node.key, node.event_type, node.event_filters, f"{path}.key"),
        _series(node.seq_event, node.seq_event_type, None, f"{path}.seq_event"),
    ]
    funnel = FunnelsNode(
        series=steps,
        date_range=DateRangeNode(
            date_from=_BEGINNING if since is None else since.isoformat(),
            date_to=_END if until is None else until.isoformat(),
            explicit_date=True,
        ),
        funnels_filter=FunnelsFilter(
            window_interval=sequence_seconds(node, path), window_unit="second"
        ),
    )
    persons = replace(context, actors_by_distinct_id=False)
    actors = funnel_actors(funnel, ActorsPoint(funnel_step=len(steps)), persons)
    return Select(columns={"id": Sql("actor_id")}, source=actors)


def _regularly(node: CohortNode, context: InsightContext, path: str) -> Select:
    edges = period_edges(node, context, path)
    least = positive(node.min_periods, f"{path}.min_periods")
    if least >= len(edges):
        raise QueryError("These are more than total_periods.", attribute=f"{path}.min_periods")
    rows = EventRows(context)
    starts = array(moment_of(edge) for edge in edges[:-1])
    columns = {
        "person": rows.person(),
        "period": Sql(f"arrayCount(edge -> {rows.time} >= edge, {starts})"),
    }
    where = [
        Sql(f"{rows.time} >= {moment_of(edges[0])}"),
        Sql(f"{rows.time} < {moment_of(edges[-1])}"),
        *_what(node, rows, path),
    ]
    often = Select(
        columns={"person": Sql("person")},
        source=rows.select(columns, where),
        group_by=(Sql("person"), Sql("period")),
        having=(_often_enough(node, path),),
    )
    return Select(
        columns={"id": Sql("person")},
        source=often,
        group_by=(Sql("person"),),
        having=(Sql(f"count() >= {number(least)}"),),
    )


def _stopped(node: CohortNode, context: InsightContext, path: str) -> Select:
    """Did it in the window, but not lately."""
    rows = EventRows(context)
    lately = Sql(f"{rows.time} >= {moment_of(recent_start(node, context, path))}")
    where = [*window_conditions(node, context, rows.time, path), *_what(node, rows, path)]
    person = rows.person()
    return rows.select({"id": person}, where, (person,), having=[Sql(f"countIf({lately}) = 0")])


def _restarted(node: CohortNode, context: InsightContext, path: str) -> Select:
    """Did it lately and long ago, but not in the window up to lately."""
    since = window_start(node, context, path)
    if since is None:
        raise QueryError("Say how long it was not done.", attribute=f"{path}.time_value")
    rows = EventRows(context)
    lately = Sql(f"{rows.time} >= {moment_of(recent_start(node, context, path))}")
    before = Sql(f"{rows.time} < {moment_of(since)}")
    having = [
        Sql(f"countIf({lately}) > 0"),
        Sql(f"countIf({before}) > 0"),
        Sql(f"countIf(NOT ({lately}) AND NOT ({before})) = 0"),
    ]
    person = rows.person()
    return rows.select({"id": person}, _what(node, rows, path), (person,), having=having)


_BEHAVIORS: Final[dict[str, Callable[[CohortNode, InsightContext, str], Select]]] = {
    "performed_event": _performed,
    "performed_event_multiple": _multiple,
    "performed_event_first_time": _first_time,
    "performed_event_sequence": _sequence,
    "performed_event_regularly": _regularly,
    "stopped_performing_event": _stopped,
    "restarted_performing_event": _restarted,
}


def _what(node: CohortNode, rows: EventRows, path: str) -> list[Sql]:
    """Which events are meant."""
    series = _series(node.key, node.event_type, None, f"{path}.key")
    if series.kind == "ActionsNode":
        entity = action_condition(series.id, rows, f"{path}.key")
    else:
        assert series.event is not None
        entity = event_is(series.event)
    return [entity, *filters_conditions(node.event_filters, rows, f"{path}.event_filters")]


def _series(name: object, type_: str | None, filters: Filters, path: str) -> SeriesNode:
    """The event by its name, or the action by its number."""
    if isinstance(name, int) or (type_ == "actions" and isinstance(name, str)):
        return SeriesNode(kind="ActionsNode", id=name, properties=filters)
    if not isinstance(name, str) or not name:
        raise QueryError("Name the event.", attribute=path)
    return SeriesNode(event=name, properties=filters)


def _often_enough(node: CohortNode, path: str) -> Sql:
    sign = _SIGNS.get(node.operator or "gte")
    if sign is None:
        raise QueryError(
            f"The operator is one of {', '.join(_SIGNS)}.", attribute=f"{path}.operator"
        )
    if not str(node.operator_value).isdigit():
        raise QueryError("Say how often.", attribute=f"{path}.operator_value")
    return Sql(f"count() {sign} {number(int(str(node.operator_value)))}")
