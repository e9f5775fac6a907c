"""`{filters}` in SQL: dates, properties and test accounts, as insights read them."""

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

_project_ids = itertools.count(976_001)
_HEADERS = {"authorization": "Bearer phl_vector"}
SESSION = "019cadfd-8900-7001-8000-000000000001"


def view(day: int, who: str, **properties: Any) -> dict[str, Any]:
    return {
        "event": "view",
        "distinct_id": who,
        "timestamp": f"2026-03-0{day}T10:00:00Z",
        "properties": properties,
    }


# Asked on the 8th at noon.
EVENTS = [
    view(2, "ada", plan="pro", **{"$browser": "Safari", "$set": {"team": "red"}}),
    view(5, "ada", plan="it's (free)", **{"$groups": {"company": "acme"}}),
    view(7, "bob", plan="pro", **{"$session_id": SESSION, "$set": {"team": "blue"}}),
    view(8, "bob", plan="pro", **{"$browser": "Chrome", "$session_id": SESSION}),
    {
        "event": "$groupidentify",
        "distinct_id": "ada",
        "timestamp": "2026-03-01T10:00:00Z",
        "properties": {"$group_type": "company", "$group_key": "acme", "$group_set": {"tier": 1}},
    },
]


@pytest.fixture(scope="module")
def world(event_store: ChdbEventStore) -> Iterator[InsightInstance]:
    engine = VectorEngine(event_store, lambda: connect(event_store._folder))
    with insight_instance(engine, next(_project_ids), {"events": EVENTS}) as instance:
        yield instance


def days(
    world: InsightInstance,
    filters: dict[str, Any],
    sql: str = "SELECT toDayOfMonth(timestamp) FROM events WHERE event = 'view' AND {filters} "
    "ORDER BY timestamp",
) -> list[int]:
    query = {"kind": "HogQLQuery", "query": sql, "filters": filters}
    return [row[0] for row in world.answer(query)["results"]]


def is_(key: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"properties": [{"key": key, "value": value, "operator": "exact"} | more]}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, [2, 5, 7, 8]),
        (is_("plan", ["pro"]), [2, 7, 8]),
        (is_("plan", "it's (free)"), [5]),
        (is_("plan", ["pro"], operator="is_not"), [5]),
        (is_("$browser", "Safari", type="event"), [2]),
        (is_("team", "red", type="person"), [2, 5]),
        (is_("tier", 1, type="group", group_type_index=0), [5]),
        (is_("$session_duration", 3600, type="session", operator="gt"), [7, 8]),
        ({"properties": [{"type": "hogql", "key": "events.properties.plan = 'pro'"}]}, [2, 7, 8]),
        ({"dateRange": {"date_from": "-3d"}}, [5, 7, 8]),
        ({"dateRange": {"date_from": "all", "date_to": "-1d"}}, [2, 5, 7]),
        ({"dateRange": {"date_to": "-1d", "explicitDate": True}}, [2, 5]),
        ({"dateRange": {"date_from": "-36h"}}, [7, 8]),
        (is_("plan", ["pro"]) | {"dateRange": {"date_from": "2026-03-03"}}, [7, 8]),
    ],
)
def test_filters_choose_events(
    world: InsightInstance, filters: dict[str, Any], expected: list[int]
) -> None:
    assert days(world, filters) == expected


def test_filters_bind_to_the_events_of_their_own_select(world: InsightInstance) -> None:
    joined = (
        "SELECT toDayOfMonth(e.timestamp) FROM events AS e JOIN persons AS p ON e.person_id = p.id "
        "WHERE e.event = 'view' AND {filters} ORDER BY e.timestamp"
    )
    inside = (
        "SELECT toDayOfMonth(at) FROM (SELECT timestamp AS at FROM events AS inner_events "
        "WHERE event = 'view' AND {filters}) ORDER BY at"
    )

    for sql in (joined, inside):
        assert days(world, is_("plan", ["pro"]), sql) == [2, 7, 8]
        assert days(world, is_("team", "blue", type="person"), sql) == [7, 8]


def test_a_cohort_and_the_test_accounts_filter_sql(world: InsightInstance) -> None:
    wanted = {"type": "person", "key": "team", "value": ["red"], "operator": "exact"}
    body = {"name": "Red", "filters": {"properties": {"type": "AND", "values": [wanted]}}}
    base = f"/api/projects/{world._project_id}/"
    red = world._client.post(base + "cohorts/", headers=_HEADERS, json=body).json()["id"]
    settings = {"test_account_filters": [{"type": "cohort", "key": "id", "value": red}]}
    world._client.patch(base, headers=_HEADERS, json=settings).raise_for_status()

    assert days(world, {"properties": [{"type": "cohort", "key": "id", "value": red}]}) == [2, 5]
    assert days(world, {"filterTestAccounts": True}) == [2, 5]


def test_sessions_are_bound_by_their_start(world: InsightInstance) -> None:
    sql = "SELECT toDayOfMonth(`$start_timestamp`) FROM sessions WHERE {filters}"

    assert days(world, {"dateRange": {"date_from": "-1d"}}, sql) == [7]
    assert days(world, {"dateRange": {"date_from": "-0d"}}, sql) == []


def test_properties_need_one_table_of_events(world: InsightInstance) -> None:
    for sql in (
        "SELECT 1 FROM persons WHERE {filters}",
        "SELECT 1 FROM events AS a, events AS b WHERE {filters}",
    ):
        with pytest.raises(VectorFailedError, match="one `events`"):
            days(world, is_("plan", "pro"), sql)


def test_the_persons_of_an_sql_query_are_all_listed(world: InsightInstance) -> None:
    """A query without LIMIT has 100 rows in its own answer; here every row counts."""
    many = (
        "SELECT person_id FROM events, (SELECT arrayJoin(range(200)) AS n) AS s ORDER BY person_id"
    )
    sql = "SELECT person_id FROM events WHERE event = {name} AND {filters}"
    source = {
        "kind": "HogQLQuery",
        "query": sql,
        "values": {"name": "view"},
        "filters": is_("team", "blue", type="person"),
    }

    answer = world.answer({"kind": "ActorsQuery", "select": ["distinct_ids"], "source": source})

    assert answer["results"] == [[["bob"]]]
    everybody = {"kind": "ActorsQuery", "select": ["distinct_ids"]}
    found = world.answer(everybody | {"source": {"kind": "HogQLQuery", "query": many}})["results"]
    assert sorted(row[0] for row in found) == [["ada"], ["bob"]]
