"""The attempt of each actor that counts, where steps go in order and nothing excludes or resets.

`starts_k` has, for each event, the moment at which the attempt began that waits at the step before
and that the event takes to step k; 0 where it takes none. That is all the machine of read-api §4.3
needs here. Who waits is always the attempt that began last, so the first event at the deepest step
ends the best attempt; and when that came to a step is told by the first event that has its start
there. An event that takes an attempt to a step where it was before changes neither. Attempts that
begin at one moment are one.

Steps are numbered from 1, as in the arrays.
"""

from hedgerow.query.fragments import Select, Sql
from hedgerow.query.insights.funnel_keys import FunnelKeys
from hedgerow.query.insights.funnel_nodes import FunnelsNode


def is_plain(node: FunnelsNode) -> bool:
    return node.funnels_filter.order == "ordered" and not node.exclusions


def best_plain_attempts(
    node: FunnelsNode, keys: FunnelKeys, events: Select, *, deciding_step: int
) -> Select:
    """One row an actor: actor, breakdown, `depth` in steps, `moments` (0 where not reached).

    Events by interval of entry have a row for each, and its bucket. The event that reached the
    `deciding_step`, if that is not 0, decides the breakdown; who did not reach it is left out.
    """
    count = len(node.series)
    started = _started(node, keys, events)
    kept = [name for name in events.columns if name != "may_start"]
    firsts = [f"arrayFirst(item -> item != 0, starts_{step})" for step in range(1, count + 1)]
    deepest_first = list(reversed(list(enumerate(firsts, start=1))))
    found = Select(
        columns={
            **{name: Sql(name) for name in kept},
            **{f"starts_{step}": Sql(f"starts_{step}") for step in range(1, count + 1)},
            "depth": Sql(
                f"multiIf({', '.join(f'{first} != 0, {step}' for step, first in deepest_first)}, 0)"
            ),
            "start": Sql(
                f"multiIf({', '.join(f'{first} != 0, {first}' for _, first in deepest_first)}, 0)"
            ),
        },
        source=started,
    )
    # Where there is none the index is 0, and the element there is 0.
    moments = [keys.moment(f"keys[{_event_at(step)}]") for step in range(2, count + 1)]
    breakdown = f"breakdowns[{_event_at(deciding_step)}]" if deciding_step else "breakdown"
    return Select(
        columns={
            "actor": Sql("actor"),
            "breakdown": Sql(breakdown),
            **({"bucket": Sql("bucket")} if "bucket" in kept else {}),
            "depth": Sql("depth"),
            "moments": Sql(f"[start, {', '.join(moments)}]"),
        },
        source=found,
        where=(Sql(f"depth >= {max(deciding_step, 1)}"),),
    )


def _event_at(step: int) -> str:
    """The number of the event with which the attempt came to the step."""
    return f"indexOf(starts_{step}, start)"


def _started(node: FunnelsNode, keys: FunnelKeys, events: Select) -> Select:
    carried = {name: Sql(name) for name in events.columns}
    moment = keys.moment("key")
    if "may_start" in events.columns:
        condition = f"{keys.has_step('key', 0)} AND may_start"
        first = f"arrayMap((key, may_start) -> if({condition}, {moment}, 0), keys, may_start)"
    else:
        first = f"arrayMap(key -> if({keys.has_step('key', 0)}, {moment}, 0), keys)"
    select = Select(columns={**carried, "starts_1": Sql(first)}, source=events)
    for step in range(2, len(node.series) + 1):
        carried[f"starts_{step - 1}"] = Sql(f"starts_{step - 1}")
        able = (
            f"{keys.has_step('key', step - 1)} AND waiting != 0 "
            f"AND {moment} - waiting <= {node.window_us}"
        )
        known = f"arrayFill(item -> item != 0, starts_{step - 1})"
        starts = (
            f"arrayMap((key, waiting) -> if({able}, waiting, 0), keys, "
            f"arrayPushFront(arrayPopBack({known}), toInt64(0)))"
        )
        select = Select(columns={**carried, f"starts_{step}": Sql(starts)}, source=select)
    return select
