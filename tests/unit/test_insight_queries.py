"""Insights through the real API: on one set of events, whose answers are plain to see."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from hedgerow.store.client import connect
from hedgerow.store.event_store import ChdbEventStore
from hedgerow.testing.insight_vectors import (
    InsightInstance,
    VectorEngine,
    VectorFailedError,
    insight_instance,
)

_project_ids = itertools.count(910_001)
VIEW = {"kind": "EventsNode", "event": "view"}


def event(day: int, who: str, name: Any = "view", **properties: Any) -> dict[str, Any]:
    return {
        "event": name,
        "distinct_id": who,
        "timestamp": f"2026-03-0{day}T10:00:00Z",
        "properties": properties,
    }


EVENTS = [
    event(2, "ada", plan="pro", amount=10, **{"$current_url": "https://x.test/a/?q=1"}),
    event(2, "ada", plan="pro", amount="20", **{"$current_url": "https://x.test/a#top"}),
    event(2, "anonymous-1", plan="free", amount=1.5, **{"$current_url": "https://x.test/b"}),
    event(3, "bob", plan="free", amount="none"),
    event(3, "bob", "buy", amount=5),
    event(4, "ada", amount=30, **{"$groups": {"company": "acme"}}),
    event(4, "ada", "$identify", **{"$anon_distinct_id": "anonymous-1"}),
    event(5, "carl", plan="team", **{"$process_person_profile": False}),
    event(
        5,
        "dora",
        "$groupidentify",
        **{"$group_type": "company", "$group_key": "acme", "$group_set": {"tier": "gold"}},
    ),
]
RANGE = {"date_from": "2026-03-02", "date_to": "2026-03-05"}


@pytest.fixture(scope="module")
def world(event_store: ChdbEventStore) -> Iterator[InsightInstance]:
    engine = VectorEngine(event_store, lambda: connect(event_store._folder))
    with insight_instance(engine, next(_project_ids), {"events": EVENTS}) as instance:
        yield instance


def trends(world: InsightInstance, **fields: Any) -> list[dict[str, Any]]:
    query = {"kind": "TrendsQuery", "series": [VIEW], "dateRange": RANGE} | fields
    found: list[dict[str, Any]] = world.answer(query)["results"]
    return found


def data(items: list[dict[str, Any]]) -> dict[Any, list[float]]:
    return {str(item.get("breakdown_value")): item["data"] for item in items}


def test_persons_are_counted_once_over_all_their_ids(world: InsightInstance) -> None:
    (item,) = trends(world, series=[VIEW | {"math": "dau"}])

    assert item["data"] == [1, 1, 1, 1]
    assert item["label"] == "view"
    assert item["action"]["order"] == 0


def test_a_breakdown_keeps_the_biggest_and_joins_the_rest(world: InsightInstance) -> None:
    breakdown = {"breakdown": "plan", "breakdown_limit": 1}

    items = trends(world, series=[VIEW | {"math": "dau"}], breakdownFilter=breakdown)

    assert data(items) == {"free": [1, 1, 0, 0], "$$_posthog_breakdown_other_$$": [1, 0, 1, 1]}


def test_others_are_counted_anew_and_not_added_up(world: InsightInstance) -> None:
    """One person with two of the other values is one."""
    display = {"trendsFilter": {"display": "BoldNumber"}}
    breakdown = {"breakdown": "amount", "breakdown_limit": 1}

    items = trends(world, series=[VIEW | {"math": "dau"}], breakdownFilter=breakdown, **display)

    assert [item["aggregated_value"] for item in items] == [1, 2]


def test_others_can_be_left_out(world: InsightInstance) -> None:
    breakdown = {
        "breakdown": "plan",
        "breakdown_limit": 1,
        "breakdown_hide_other_aggregation": True,
    }

    assert len(trends(world, breakdownFilter=breakdown)) == 1


def test_several_breakdowns_give_lists(world: InsightInstance) -> None:
    parts = [{"property": "plan", "type": "event"}, {"property": "event", "type": "event_metadata"}]

    items = trends(world, breakdownFilter={"breakdowns": parts})

    assert ["free", "view"] in [item["breakdown_value"] for item in items]


def test_urls_can_be_normalized(world: InsightInstance) -> None:
    breakdown = {"breakdown": "$current_url", "breakdown_normalize_url": True}

    assert data(trends(world, breakdownFilter=breakdown))["https://x.test/a"] == [2, 0, 0, 0]


def test_numbers_can_be_put_in_bins(world: InsightInstance) -> None:
    breakdown = {"breakdown": "amount", "breakdown_histogram_bin_count": 2}

    items = trends(world, breakdownFilter=breakdown)

    assert data(items) == {
        "[1.5,15]": [2, 0, 0, 0],
        "[15,30.01]": [1, 0, 1, 0],
        "$$_posthog_breakdown_null_$$": [0, 1, 0, 1],
    }


def test_groups_are_counted_and_broken_down_by(world: InsightInstance) -> None:
    series = [VIEW | {"math": "unique_group", "math_group_type_index": 0}]
    breakdown = {
        "breakdown": "tier",
        "breakdown_type": "group",
        "breakdown_group_type_index": 0,
    }

    assert data(trends(world, series=series))["None"] == [0, 0, 1, 0]
    assert data(trends(world, series=series, breakdownFilter=breakdown))["gold"] == [0, 0, 1, 0]


def test_a_moving_average_looks_back(world: InsightInstance) -> None:
    (item,) = trends(world, trendsFilter={"smoothingIntervals": 7})

    assert item["data"] == [3, 2, 5 / 3, 1.5]


def test_formulas_replace_the_series_and_divide_by_zero(world: InsightInstance) -> None:
    series = [VIEW, {"kind": "EventsNode", "event": "buy"}]

    items = trends(world, series=series, trendsFilter={"formulas": ["A/B", "-(A - B) * 2"]})

    assert [item["data"] for item in items] == [[0, 1, 0, 0], [-6, 0, -2, -2]]


def test_hours_are_those_of_the_project(world: InsightInstance) -> None:
    (item,) = trends(
        world, dateRange={"date_from": "2026-03-02", "date_to": "2026-03-02"}, interval="hour"
    )

    assert len(item["data"]) == 24
    assert item["data"][10] == 3
    assert item["days"][10] == "2026-03-02 10:00:00"


def test_a_written_aggregate_is_a_math(world: InsightInstance) -> None:
    series = [VIEW | {"math": "hogql", "math_hogql": "count(DISTINCT person_id) * 10"}]

    (item,) = trends(world, series=series)

    assert item["data"] == [10, 10, 10, 10]


def actors(world: InsightInstance, source: dict[str, Any], **point: Any) -> dict[str, Any]:
    kind = {"StickinessQuery": "StickinessActorsQuery"}.get(source["kind"], "InsightActorsQuery")
    node = {"kind": kind, "source": source, **point}
    return world.answer({"kind": "ActorsQuery", "source": node, "select": ["actor", "id"]})


def test_the_actors_of_a_point_are_as_many_as_the_point_says(world: InsightInstance) -> None:
    for math in ("dau", "weekly_active", "first_time_for_user"):
        source = {"kind": "TrendsQuery", "series": [VIEW | {"math": math}], "dateRange": RANGE}
        (item,) = world.answer(source)["results"]
        for day, count in zip(item["days"], item["data"], strict=True):
            assert len(actors(world, source, day=day)["results"]) == count, (math, day)


def test_an_actor_without_a_profile_is_listed_and_told(world: InsightInstance) -> None:
    source = {"kind": "TrendsQuery", "series": [VIEW], "dateRange": RANGE}

    answer = actors(world, source, day="2026-03-05")

    assert answer["missing_actors_count"] == 1
    assert len(answer["results"]) == 1


def test_the_actors_of_other_values_can_be_listed(world: InsightInstance) -> None:
    source = {
        "kind": "TrendsQuery",
        "series": [VIEW],
        "dateRange": RANGE,
        "breakdownFilter": {"breakdown": "plan", "breakdown_limit": 1},
    }
    (first, other) = world.answer(source)["results"]

    for item in (first, other):
        found = actors(world, source, breakdown=item["breakdown_value"])["results"]
        assert len(found) == 2


def test_actors_show_their_ids_and_properties(world: InsightInstance) -> None:
    source = {"kind": "TrendsQuery", "series": [VIEW], "dateRange": RANGE}

    ((actor, actor_id),) = actors(world, source, day="2026-03-04")["results"]

    assert actor["distinct_ids"] == ["ada", "anonymous-1"]
    assert actor["is_identified"]
    assert actor["id"] == actor_id


def test_lifecycle_and_stickiness_name_their_actors(world: InsightInstance) -> None:
    lifecycle = {"kind": "LifecycleQuery", "series": [VIEW], "dateRange": RANGE}
    for item in world.answer(lifecycle)["results"]:
        for day, count in zip(item["days"], item["data"], strict=True):
            found = actors(world, lifecycle, day=day, status=item["status"])["results"]
            assert len(found) == abs(count), (item["status"], day)
    stickiness = {"kind": "StickinessQuery", "series": [VIEW], "dateRange": RANGE}
    (item,) = world.answer(stickiness)["results"]
    for day, count in zip(item["days"], item["data"], strict=True):
        assert len(actors(world, stickiness, day=day)["results"]) == count


def test_events_are_listed_with_expressions_and_grouped(world: InsightInstance) -> None:
    listed = world.answer(
        {"kind": "EventsQuery", "select": ["*", "properties.amount -- Amount"], "limit": 1}
    )
    grouped = world.answer({"kind": "EventsQuery", "select": ["event", "count()"]})

    assert listed["columns"] == ["*", "properties.amount"]
    assert listed["hasMore"]
    assert listed["results"][0][0]["distinct_id"] in ("carl", "dora")
    assert grouped["results"][0] == ["view", 6]


FILTERS = [
    ({"key": "amount", "operator": "exact", "value": 10}, 1),
    ({"key": "amount", "operator": "exact", "value": "10"}, 1),
    ({"key": "amount", "operator": "between", "value": [5, 20]}, 2),
    ({"key": "amount", "operator": "not_between", "value": [5, 20]}, 2),
    ({"key": "amount", "operator": "min", "value": 20}, 2),
    ({"key": "amount", "operator": "max", "value": 5}, 1),
    ({"key": "plan", "operator": "is_not", "value": ["pro", "free"]}, 2),
    ({"key": "plan", "operator": "not_in", "value": ["pro", "free"]}, 2),
    ({"key": "plan", "operator": "gt", "value": "free"}, 3),
    ({"key": "plan", "operator": "icontains", "value": ["PR", "ea"]}, 3),
    ({"key": "plan", "operator": "not_icontains", "value": ["PR", "ea"]}, 3),
    ({"key": "plan", "operator": "not_regex", "value": "^p"}, 4),
    ({"key": "$current_url", "operator": "is_cleaned_path_exact", "value": "https://x.test/a"}, 2),
    (
        {
            "key": "timestamp",
            "type": "event_metadata",
            "operator": "is_date_exact",
            "value": "2026-03-02",
        },
        3,
    ),
    (
        {
            "key": "timestamp",
            "type": "event_metadata",
            "operator": "is_date_after",
            "value": "2026-03-02",
        },
        3,
    ),
    (
        {
            "key": "timestamp",
            "type": "event_metadata",
            "operator": "is_date_before",
            "value": "2026-03-03",
        },
        3,
    ),
    ({"key": "distinct_id", "type": "event_metadata", "operator": "exact", "value": "ada"}, 3),
    ({"key": "properties.amount > 9 AND event = 'view'", "type": "hogql"}, 3),
    (
        {
            "key": "tier",
            "type": "group",
            "group_type_index": 0,
            "operator": "exact",
            "value": "gold",
        },
        1,
    ),
    (
        {
            "key": "tier",
            "type": "group",
            "group_type_index": 0,
            "operator": "is_not",
            "value": "gold",
        },
        5,
    ),
    (
        {
            "type": "OR",
            "values": [
                {"key": "plan", "value": "pro"},
                {
                    "type": "AND",
                    "values": [
                        {"key": "plan", "value": "free"},
                        {"key": "amount", "operator": "lt", "value": 2},
                    ],
                },
            ],
        },
        3,
    ),
]


@pytest.mark.parametrize(("node", "count"), FILTERS, ids=lambda value: str(value)[:60])
def test_a_filter_matches_what_it_says(
    world: InsightInstance, node: dict[str, Any], count: int
) -> None:
    (item,) = trends(world, properties=[node], trendsFilter={"display": "BoldNumber"})

    assert item["aggregated_value"] == count


WRONG = [
    ({"series": []}, "query.series"),
    ({"series": [VIEW | {"math": "most"}]}, "query.series.0.math"),
    ({"series": [VIEW, VIEW | {"math": "sum"}]}, "query.series.1.math_property"),
    ({"series": [VIEW, {"event": 3}]}, "query.series.1.event"),
    ({"interval": "fortnight"}, "query.interval"),
    ({"properties": [{"key": "a", "operator": "like", "value": 1}]}, "query.properties.0.operator"),
    ({"properties": [{"key": "a", "operator": "exact"}]}, "query.properties.0.value"),
    ({"properties": [{"key": "a", "operator": "regex", "value": "("}]}, "query.properties.0.value"),
    ({"properties": [{"key": "a", "type": "flag", "value": 1}]}, "query.properties.0.type"),
    (
        {"properties": [{"key": "a", "type": "group", "value": 1}]},
        "query.properties.0.group_type_index",
    ),
    ({"properties": [{"key": "id", "type": "cohort", "value": 3}]}, "query.properties.0.value"),
    ({"properties": [{"key": "1) OR (1", "type": "hogql"}]}, "query.properties.0.key"),
    (
        {"properties": [{"key": "file('/etc/passwd') = 'a'", "type": "hogql"}]},
        "query.properties.0.key",
    ),
    ({"properties": [{"key": "event IN (SELECT 1)", "type": "hogql"}]}, "query.properties.0.key"),
    ({"trendsFilter": {"formula": "A + "}}, "query.trendsFilter.formula"),
    ({"trendsFilter": {"formula": "A + B"}}, "query.trendsFilter.formula"),
    (
        {"breakdownFilter": {"breakdown": "a", "breakdown_limit": 0}},
        "query.breakdownFilter.breakdown_limit",
    ),
    ({"compareFilter": {"compare_to": "2026-01-01"}}, "query.compareFilter.compare_to"),
]


@pytest.mark.parametrize(("fields", "attribute"), WRONG, ids=lambda value: str(value)[:60])
def test_an_error_names_the_field_that_is_wrong(
    world: InsightInstance, fields: dict[str, Any], attribute: str
) -> None:
    with pytest.raises(VectorFailedError) as refused:
        trends(world, **fields)

    assert f'"attr":"{attribute}"' in str(refused.value)


@pytest.mark.parametrize(
    "text", ["it's", "back\\slash", "a\\'b", "nul\0", "%_", "`tick`", "\\", "--"]
)
def test_a_value_stays_a_value(world: InsightInstance, text: str) -> None:
    for operator in ("exact", "icontains", "is_not"):
        properties = [{"key": text, "operator": operator, "value": text}]
        (item,) = trends(world, properties=properties, trendsFilter={"display": "BoldNumber"})

        assert item["aggregated_value"] == (6 if operator == "is_not" else 0)


@pytest.mark.parametrize(
    ("value", "expected"), [(True, [2, 0]), (False, [1, 1]), ("blue", [1, 0]), ("true", [2, 0])]
)
def test_events_are_filtered_by_what_a_flag_was(
    event_store: ChdbEventStore, value: Any, expected: list[int]
) -> None:
    """Neither false nor missing is on; every variant is."""
    events = [
        event(2, "ada", **{"$feature/new": True}),
        event(2, "bob", **{"$feature/new": "blue"}),
        event(2, "carl", **{"$feature/new": False}),
        event(3, "dora"),
    ]
    wanted = {
        "type": "feature",
        "key": "$feature/new",
        "operator": "flag_evaluates_to",
        "value": value,
    }
    engine = VectorEngine(event_store, lambda: connect(event_store._folder))
    with insight_instance(engine, next(_project_ids), {"events": events}) as other:
        (item,) = trends(other, properties=[wanted])

    assert item["data"][:2] == expected
