"""The filters of a dynamic cohort as they come over the wire."""

from typing import Any

from hedgerow.query.insights.nodes import Filters, Node


class CohortNode(Node, frozen=True, kw_only=True):
    """A group of filters where `values` is there; else one on a person, a cohort or what was done.

    `value` of a behavioral filter names what is asked, `key` the event or action. Its window is
    `time_value` of `time_interval` back from now, or `explicit_datetime` up to
    `explicit_datetime_to`; without one it is all time. A sequence goes on with `seq_event` within
    `seq_time_value`; who stopped or restarted was without the event since or until then. What is
    done regularly is done in `min_periods` of the last `total_periods`, each as long as the window.
    """

    type: str | None = None
    values: "list[CohortNode] | None" = None
    key: Any = None
    value: Any = None
    operator: str | None = None
    negation: bool | None = None
    event_type: str | None = None
    event_filters: Filters = None
    time_value: int | str | None = None
    time_interval: str | None = None
    operator_value: int | str | None = None
    seq_event: str | int | None = None
    seq_event_type: str | None = None
    seq_time_value: int | str | None = None
    seq_time_interval: str | None = None
    min_periods: int | str | None = None
    total_periods: int | str | None = None
    explicit_datetime: str | None = None
    explicit_datetime_to: str | None = None
