"""Which events teach names of events and properties (ingestion §11)."""

from typing import Any

import pytest

from hedgerow.core import limits
from hedgerow.ingest.definitions import DefinitionCollector

NOW_US = 1_760_000_000_000_000
TOO_MANY: dict[str, Any] = dict.fromkeys(
    map(str, range(limits.DEFINED_PROPERTIES_AN_EVENT_MAX + 1)), 1
)


def learned(event: str, properties: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Names of events, and of properties."""
    collector = DefinitionCollector()
    collector.add(1, event, properties, ({}, {}), NOW_US)
    events, defined, pairs = collector.take()
    assert len(pairs) <= len(defined)
    return [item.name for item in events], sorted(item.name for item in defined)


def test_an_event_teaches_its_name_and_its_properties() -> None:
    assert learned("view", {"a": 1, "$feature/b": True, "$set": {}, "$group_0": "x"}) == (
        ["view"],
        ["$feature/b", "a"],
    )


def test_the_properties_of_a_group_are_none_of_the_event() -> None:
    assert learned("$groupidentify", {"$group_type": "org"}) == (["$groupidentify"], [])


@pytest.mark.parametrize(
    ("event", "properties"),
    [("$$plugin_metrics", {"a": 1}), ("x" * 201, {"a": 1}), ("many", TOO_MANY)],
)
def test_some_events_teach_nothing(event: str, properties: dict[str, Any]) -> None:
    assert learned(event, properties) == ([], [])


def test_a_name_that_is_too_long_is_left_out() -> None:
    assert learned("view", {"a" * 201: 1, "b": 1}) == (["view"], ["b"])
