"""What planning needs to know besides the query: all of it is passed in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from hedgerow.directory.project_settings import RevenueEvent
from hedgerow.directory.resource_kinds import ActionStep
from hedgerow.query.fragments import Select
from hedgerow.query.insights.nodes import FilterNode, InsightNode
from hedgerow.query.insights.read_node import read_node
from hedgerow.store.promoted import NOTHING_PROMOTED, PromotedProperties


def _nothing(_id: int) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class InsightContext:
    """One project at one moment.

    `now_us` is the time of asking. `earliest_us` is the project's first event, asked for only
    where a range is `all`. `cohort_members` gives a select of `id`, the persons in a cohort, and
    `action_steps` the steps of an action; both give None for an unknown id. `actions` lists the
    project's actions by id and name. `promoted` are the properties with a column of their own;
    planning puts into `properties_read` the scope and name of each that it reads.
    """

    project_id: int
    now_us: int
    time_zone: str = "UTC"
    week_start_day: int = 0
    earliest_us: int | None = None
    actors_by_distinct_id: bool = False
    persons_on_events: bool = True
    test_account_filters: tuple[dict[str, Any], ...] = ()
    revenue_events: tuple[RevenueEvent, ...] = ()
    promoted: PromotedProperties = NOTHING_PROMOTED
    properties_read: set[tuple[str, str]] = field(default_factory=set)
    cohort_members: Callable[[int], Select | None] = field(default=_nothing)
    action_steps: Callable[[int], list[ActionStep] | None] = field(default=_nothing)
    actions: Callable[[], Sequence[tuple[int, str]]] = field(default=tuple)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def for_node(self, node: InsightNode) -> "InsightContext":
        """The same with the query's own modifiers."""
        mode = (node.modifiers or {}).get("personsOnEventsMode")
        if not isinstance(mode, str):
            return self
        return replace(self, persons_on_events=not mode.endswith("joined"))

    def test_account_nodes(self) -> list[FilterNode]:
        path = "filterTestAccounts"
        return [read_node(item, FilterNode, path) for item in self.test_account_filters]
