"""Paths of those in a funnel: before, after or between its steps (read-api §3.3)."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from msgspec import field
from msgspec.structs import replace

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Join, Select, Sql
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.funnel import read_funnel
from hedgerow.query.insights.funnel_keys import unix_us_of
from hedgerow.query.insights.funnel_nodes import FunnelsNode
from hedgerow.query.insights.nodes import Node
from hedgerow.query.insights.read_node import read_node, unwrapped

_PATH: Final = "query.funnelPathsFilter"
_SOURCE_PATH: Final = f"{_PATH}.funnelSource"


class FunnelPathsFilter(Node, frozen=True, kw_only=True):
    """`step` is counted from 1; below zero it stands for those who dropped off before it."""

    type: Literal[
        "funnel_path_before_step", "funnel_path_between_steps", "funnel_path_after_step"
    ] = field(name="funnelPathType")
    source: dict[str, Any] = field(name="funnelSource")
    step: int | None = field(default=None, name="funnelStep")


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Who is meant, and which of their events: conditions over `depth` and `moments`."""

    depth: str
    since: str | None = None
    until: str | None = None


def within_funnel(
    events: Select,
    wanted: FunnelPathsFilter,
    context: InsightContext,
    group_type_index: int | None,
) -> Select:
    """Of `events` with actor and moment (µs since 1970), those in the funnel's stretch of time.

    Raises `QueryError` naming the field that is wrong.
    """
    node = _funnel_node(wanted, group_type_index)
    try:
        funnel = read_funnel(node, context)
        attempts = funnel.best_attempts()
    except QueryError as error:
        place = error.attribute.removeprefix("query.")
        raise QueryError(error.detail, error.code, f"{_SOURCE_PATH}.{place}") from None
    stretch = _stretch(wanted, node)
    bounds = {"since": stretch.since, "until": stretch.until}
    actors = Select(
        columns={
            "actor": Sql("actor"),
            **{name: unix_us_of(Sql(text)) for name, text in bounds.items() if text is not None},
        },
        source=attempts,
        where=(Sql(stretch.depth),),
    )
    compared = [
        Sql(f"steps.moment {sign} funnel.{name}")
        for name, sign in (("since", ">="), ("until", "<="))
        if bounds[name] is not None
    ]
    return Select(
        columns={name: Sql(f"steps.{name}") for name in events.columns},
        source=events,
        alias="steps",
        joins=(Join("INNER", actors, "funnel", Sql("steps.actor = funnel.actor")),),
        where=tuple(compared),
    )


def _funnel_node(wanted: FunnelPathsFilter, group_type_index: int | None) -> FunnelsNode:
    source = unwrapped(wanted.source)
    if source.get("kind") != "FunnelsQuery":
        raise QueryError("The source must be a FunnelsQuery.", attribute=f"{_SOURCE_PATH}.kind")
    node = read_node(source, FunnelsNode, _SOURCE_PATH)
    if node.funnels_filter.aggregate_by is not None:
        raise QueryError(
            "Paths are of persons or groups, so their funnel must be too.",
            attribute=f"{_SOURCE_PATH}.funnelsFilter.funnelAggregateByHogQL",
        )
    if node.aggregation_group_type_index != group_type_index:
        raise QueryError(
            "The funnel must be of the same persons or groups as the paths.",
            attribute=f"{_SOURCE_PATH}.aggregation_group_type_index",
        )
    # An actor is in the funnel once, whatever it is broken down by.
    return replace(node, breakdown_filter=None)


def _stretch(wanted: FunnelPathsFilter, node: FunnelsNode) -> _Stretch:
    steps, step = len(node.series), wanted.step
    is_between = wanted.type == "funnel_path_between_steps"
    lowest = 2 if is_between else 1
    is_reached = step is not None and lowest <= step <= steps
    is_dropped = step is not None and not is_between and 2 <= -step <= steps
    if step is None or not (is_reached or is_dropped):
        more = "" if is_between else f", or -2 to -{steps} for those who dropped off"
        raise QueryError(
            f"The step must be {lowest} to {steps}{more}.", attribute=f"{_PATH}.funnelStep"
        )
    depth = f"depth >= {step}" if is_reached else f"depth = {-step - 1}"
    at = f"moments[{step if is_reached else -step - 1}]"
    match wanted.type:
        case "funnel_path_before_step":
            return _Stretch(depth, until=at)
        case "funnel_path_after_step":
            # Somebody has dropped off when the window for the next step is over.
            return _Stretch(depth, since=at if is_reached else f"{at} + {node.window_us}")
    return _Stretch(depth, since=f"moments[{step - 1}]", until=at)
