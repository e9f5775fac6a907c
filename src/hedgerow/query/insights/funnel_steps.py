"""A funnel as steps: how many reached each, and how long it took (read-api §4.3)."""

from collections.abc import Sequence
from typing import Any, Final

from hedgerow.query.fragments import Select, Sql
from hedgerow.query.insights.funnel import Funnel, breakdown_order, shown_seconds
from hedgerow.query.insights.plan import Answer, Plan, Rows
from hedgerow.query.insights.series_items import series_name

_US_PER_SECOND: Final = 1e6


def plan_steps(funnel: Funnel) -> Plan:
    steps = range(1, len(funnel.node.series) + 1)
    counts = ", ".join(f"countIf(depth >= {step})" for step in steps)
    seconds = [
        f"(moments[{step}] - moments[{step - 1}]) / {_US_PER_SECOND}" for step in steps if step > 1
    ]
    reached = [f"depth >= {step}" for step in steps if step > 1]
    pairs = list(zip(seconds, reached, strict=True))
    means = ", ".join(f"avgIf({value}, {condition})" for value, condition in pairs)
    medians = ", ".join(
        f"quantileExactInclusiveIf(0.5)({value}, {condition})" for value, condition in pairs
    )
    rows = funnel.with_other(funnel.best_attempts(), ("depth", "moments"))
    statement = Select(
        columns={
            "breakdown": Sql("breakdown"),
            "counts": Sql(f"[{counts}]"),
            "means": Sql(f"[{means}]"),
            "medians": Sql(f"[{medians}]"),
        },
        source=rows,
        group_by=(Sql("breakdown"),),
    )

    def assemble(answers: Sequence[Rows]) -> Answer:
        (found,) = answers
        if funnel.breakdown is None:
            none = [0] * len(funnel.node.series)
            _, counts, means, medians = found[0] if found else (None, none, [], [])
            return Answer(_steps(funnel, counts, means, medians))
        ordered = sorted(found, key=lambda row: breakdown_order(funnel.breakdown, row[0]))
        return Answer([_steps(funnel, row[1], row[2], row[3], breakdown=row[0]) for row in ordered])

    return Plan(statements=(statement,), assemble=assemble, range=funnel.range)


_NO_BREAKDOWN: Final = object()


def _steps(
    funnel: Funnel,
    counts: list[int],
    means: list[float | None],
    medians: list[float | None],
    breakdown: Any = _NO_BREAKDOWN,
) -> list[dict[str, Any]]:
    is_unordered = funnel.node.funnels_filter.order == "unordered"
    result = []
    for order, (series, count) in enumerate(zip(funnel.node.series, counts, strict=True)):
        reached = order > 0 and count > 0
        item: dict[str, Any] = {
            "order": order,
            "action_id": series.event if series.kind == "EventsNode" else series.id,
            "name": series_name(series),
            "custom_name": series.custom_name,
            "type": "events" if series.kind == "EventsNode" else "actions",
            "count": count,
            "average_conversion_time": shown_seconds(means[order - 1]) if reached else None,
            "median_conversion_time": shown_seconds(medians[order - 1]) if reached else None,
            "people": [],
        }
        if is_unordered:
            # Any of the steps may have been this one.
            steps = "step" if order == 0 else "steps"
            item |= {"action_id": None, "name": f"Completed {order + 1} {steps}"}
        if breakdown is not _NO_BREAKDOWN:
            shown = breakdown if isinstance(breakdown, list) else [breakdown]
            item |= {"breakdown": shown, "breakdown_value": breakdown}
        result.append(item)
    return result
