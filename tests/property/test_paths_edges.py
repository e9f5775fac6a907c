"""The edges of paths are what walking by hand gives (read-api §4.6)."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

STEPS = 4
GAP_MINUTES = 30
Event = tuple[Any, ...]  # actor, minute, name, and perhaps properties

EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["u1", "u2"]), st.integers(0, 240), st.sampled_from(["a", "b", "c", "d"])
    ),
    max_size=25,
    unique_by=lambda event: event[:2],
)
POINT = st.sampled_from([None, "a", "b"])


def edges(engine: Any, events: Sequence[Event], **paths_filter: Any) -> dict[tuple[str, str], int]:
    query = {
        "kind": "PathsQuery",
        "dateRange": {"date_from": "2026-03-02", "date_to": "2026-03-02"},
        "pathsFilter": {
            "includeEventTypes": ["custom_event"],
            "stepLimit": STEPS,
            "edgeLimit": 1000,
            **paths_filter,
        },
    }
    found = engine.answer(events, query)
    return {(edge["source"], edge["target"]): edge["value"] for edge in found}


def walks(events: Sequence[Event]) -> list[list[str]]:
    """The names along each path, equal neighbours once."""
    found: list[list[str]] = []
    by_actor: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for actor, minute, name in events:
        by_actor[actor].append((minute, name))
    for history in by_actor.values():
        before: int | None = None
        for minute, name in sorted(history):
            if before is None or minute - before >= GAP_MINUTES:
                found.append([])
            if not found[-1] or found[-1][-1] != name:
                found[-1].append(name)
            before = minute
    return found


def limited(walk: list[str], start: str | None, end: str | None) -> list[str]:
    if start is not None:
        walk = walk[walk.index(start) :] if start in walk else []
    if end is None:
        return walk[:STEPS]
    walk = walk[: walk.index(end) + 1] if end in walk else []
    if start is None or len(walk) <= STEPS:
        return walk[-STEPS:]
    half = STEPS // 2
    return [*walk[:half], "...", *walk[-half:]]


@settings(max_examples=60, deadline=None)
@given(events=EVENTS, start=POINT, end=POINT)
def test_edges_count_the_transitions_of_all_paths(
    engine: Any, events: list[Event], start: str | None, end: str | None
) -> None:
    expected: Counter[tuple[str, str]] = Counter()
    for walk in walks(events):
        names = limited(walk, start, end)
        for step, (source, target) in enumerate(itertools.pairwise(names), start=1):
            expected[f"{step}_{source}", f"{step + 1}_{target}"] += 1

    assert edges(engine, events, startPoint=start, endPoint=end) == dict(expected)


WALK = [("u1", 0, "a"), ("u1", 1, "b"), ("u1", 2, "c"), ("u2", 0, "a"), ("u2", 1, "b")]


def test_edges_that_nothing_leads_to_any_more_are_left_out(engine: Any) -> None:
    assert edges(engine, WALK) == {("1_a", "2_b"): 2, ("2_b", "3_c"): 1}
    assert edges(engine, WALK, maxEdgeWeight=1) == {}


def test_excluded_items_are_not_on_the_path(engine: Any) -> None:
    assert edges(engine, WALK, excludeEvents=["b"]) == {("1_a", "2_c"): 1}


def test_items_of_one_pattern_are_one_step(engine: Any) -> None:
    events = [
        ("u1", minute, "$pageview", {"$current_url": f"https://x.test/{path}"})
        for minute, path in enumerate(["item/1", "item/2", "cart"])
    ]
    found = edges(
        engine, events, includeEventTypes=["$pageview"], pathGroupings=["https://x.test/item/*"]
    )
    assert found == {("1_https://x.test/item/*", "2_https://x.test/cart"): 1}


def test_cleaning_rules_make_one_item_of_many(engine: Any) -> None:
    events = [
        ("u1", minute, "$pageview", {"$current_url": f"https://x.test/{path}"})
        for minute, path in enumerate(["u/17", "u/18", "cart"])
    ]
    rule = {"regex": "u/[0-9]+", "alias": "u/ID"}
    found = edges(engine, events, includeEventTypes=["$pageview"], localPathCleaningFilters=[rule])
    assert found == {("1_https://x.test/u/ID", "2_https://x.test/cart"): 1}


def test_an_expression_can_name_the_steps(engine: Any) -> None:
    found = edges(engine, WALK, includeEventTypes=["hogql"], pathsHogQLExpression="upper(event)")
    assert found == {("1_A", "2_B"): 2, ("2_B", "3_C"): 1}
