"""Who counts in which cells of a retention's table: rows are starts, columns returns after them."""

from typing import Final

from hedgerow.query.fragments import Select, Sql, all_of, any_of, text
from hedgerow.query.insights.date_range import between
from hedgerow.query.insights.filters import insight_conditions
from hedgerow.query.insights.retention_events import Retention

_PERIOD_SECONDS: Final = {"hour": 3600, "day": 86_400, "week": 604_800, "month": 2_592_000}
_SECONDS: Final = "toInt64(toUnixTimestamp({}))"
# Of events at one moment one must come first, always the same.
_ORDER: Final = "(time, event_uuid)"


def alike_actors_cells(retention: Retention) -> Select:
    """Of the actors that started those with the same starts and returns as one row: `alike` says
    how many, `cell` is each (row, column) they count in.

    Among many actors few are unlike, and to work out the cells of each would take most of the time.
    """
    alike = (Sql("breakdown"), Sql("starts"), Sql("returns"))
    grouped = Select(
        columns={**{str(name): name for name in alike}, "alike": Sql("count()")},
        source=_actors(retention),
        where=(Sql("notEmpty(starts)"),),
        group_by=alike,
    )
    return Select(
        columns={
            "breakdown": Sql("breakdown"),
            "alike": Sql("alike"),
            "cell": Sql(f"arrayJoin({_cells(retention)})"),
        },
        source=grouped,
    )


def actors_cells(retention: Retention) -> Select:
    """One row for each actor that started, and the (row, column) it counts in."""
    return Select(
        columns={
            "actor": Sql("actor"),
            "breakdown": Sql("breakdown"),
            "cells": _cells(retention),
        },
        source=_actors(retention),
        where=(Sql("notEmpty(starts)"),),
    )


def _cells(retention: Retention) -> Sql:
    of_starts = f"arrayMap(start -> {_cells_of_start(retention)}, starts)"
    return Sql(f"arrayFlatten([arrayFlatten({of_starts})])")


def _cells_of_start(retention: Retention) -> str:
    """Column 0 for the start itself, and each column with enough returns in it."""
    node = retention.node
    row = "toInt64(tupleElement(start, 1))"
    if node.by_window:
        seconds, after = _PERIOD_SECONDS[node.interval], "tupleElement(start, 2)"
        distances = f"arrayMap(moment -> intDiv(moment - {after}, {seconds}), returns)"
    else:
        row = "toInt64(start)"
        distances = "arrayMap(number -> number - start, returns)"
    columns = node.columns
    if node.retention_filter.brackets:
        edges = ", ".join(str(first) for first, _ in columns)
        last = columns[-1][1]
        column = (
            f"if(distance > {last}, 0, arrayLastIndex(edge -> edge <= distance, [{edges}]) - 1)"
        )
        distances = f"arrayMap(distance -> toInt64({column}), {distances})"
    came = f"arrayFilter(distance -> distance >= 1 AND distance < {len(columns)}, {distances})"
    least = node.retention_filter.occurrences_min
    if least > 1:
        came = (
            f"arrayFilter(distance -> countEqual({came}, distance) >= {least}, "
            f"arrayDistinct({came}))"
        )
    if node.retention_filter.is_cumulative:
        reached = f"range(1, toUInt64(arrayMax(arrayPushBack({came}, 0))) + 1)"
    else:
        reached = f"arrayDistinct({came})"
    return (
        f"arrayConcat([({row}, toInt64(0))], "
        f"arrayMap(distance -> ({row}, toInt64(distance)), {reached}))"
    )


def _actors(retention: Retention) -> Select:
    """Each actor's starts and returns: the numbers of their intervals, in order. With windows of
    its own a start is (interval, moment in seconds), and a return its moment.
    """
    node, rows = retention.node, retention.rows()
    is_first = node.retention_filter.type != "retention_recurring"
    is_start, is_return = retention.is_start(rows), retention.is_return(rows)
    columns = {
        "actor": rows.actor(),
        "time": rows.time,
        "number": Sql(f"toInt32({retention.interval_of(rows.time)})"),
        "is_start": Sql(f"ifNull({is_start}, 0)"),
        "matches": Sql(f"ifNull({retention.matches_target(rows)}, 0)"),
        "is_return": Sql(f"ifNull({is_return}, 0)"),
        "value": retention.value(rows),
        "event_uuid": Sql("uuid"),
    }
    from_start, until_end = between(rows.time, retention.reach.start, retention.reach.end)
    # A first time may lie long before the range; an actor who started then does not count.
    in_time = (
        [until_end, any_of([is_start, all_of([from_start, is_return])])]
        if is_first
        else [from_start, until_end, any_of(dict.fromkeys([is_start, is_return]))]
    )
    events = rows.select(
        columns, [*in_time, *insight_conditions(node, rows), *rows.actor_conditions()]
    )
    by_value = f"argMinIf(value, {_ORDER}, is_start)"
    found = {
        "actor": Sql("actor"),
        "breakdown": Sql(by_value) if retention.breakdown else text(""),
        "returns": _returns(retention),
    }
    if is_first:
        firsts = {"first": Sql("minIf(time, is_start)"), "fits": _first_fits(retention)}
        grouped = Select(columns=found | firsts, source=events, group_by=(Sql("actor"),))
        carried = {name: Sql(name) for name in found}
        return Select(columns=carried | {"starts": _first_start(retention)}, source=grouped)
    return Select(
        columns=found | {"starts": _every_start(retention)},
        source=events,
        group_by=(Sql("actor"),),
    )


def _first_fits(retention: Retention) -> Sql:
    """Whether the actor started at all, and where filters judge afterwards, as they ask."""
    if retention.node.retention_filter.type == "retention_first_ever_occurrence":
        return Sql(f"countIf(is_start) > 0 AND argMinIf(matches, {_ORDER}, is_start)")
    return Sql("countIf(is_start) > 0")


def _first_start(retention: Retention) -> Sql:
    """The first of all, if it lies in a row."""
    number = f"toInt32({retention.interval_of(Sql('first'))})"
    start = f"({number}, {_SECONDS.format('first')})" if retention.node.by_window else number
    in_rows = f"{number} >= 0 AND {number} < {len(retention.starts.buckets)}"
    return Sql(f"if(fits AND {in_rows}, [{start}], [])")


def _every_start(retention: Retention) -> Sql:
    """Of each row the first."""
    in_rows = f"is_start AND number >= 0 AND number < {len(retention.starts.buckets)}"
    if not retention.node.by_window:
        return Sql(f"arraySort(groupUniqArrayIf(number, {in_rows}))")
    firsts = f"minMapIf([number], [{_SECONDS.format('time')}], {in_rows})"
    return Sql(f"arrayZip(tupleElement({firsts}, 1), tupleElement({firsts}, 2))")


def _returns(retention: Retention) -> Sql:
    if retention.node.by_window:
        return Sql(f"groupArrayIf({_SECONDS.format('time')}, is_return)")
    # Where one return is enough, each interval with one is.
    once = retention.node.retention_filter.occurrences_min <= 1
    return Sql(f"arraySort({'groupUniqArrayIf' if once else 'groupArrayIf'}(number, is_return))")
