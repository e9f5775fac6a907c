"""What a project's settings and its promoted properties do to insights."""

import itertools
import time
from collections.abc import Iterator
from typing import Any

import pytest

from hedgerow.store.client import connect
from hedgerow.store.event_store import ChdbEventStore
from hedgerow.store.promoted import PromotedProperty
from hedgerow.testing.insight_vectors import InsightInstance, VectorEngine, insight_instance

_project_ids = itertools.count(965_001)


def event(day: int, who: str, name: Any = "view", **properties: Any) -> dict[str, Any]:
    return {
        "event": name,
        "distinct_id": who,
        "timestamp": f"2026-03-0{day}T10:00:00Z",
        "properties": properties,
    }


EVENTS = [
    event(2, "ada", plan="pro", amount=10, **{"$set": {"email": "ada@x.test", "tier": "old"}}),
    event(2, "visitor-1", plan="free", amount="20"),
    event(2, "ada", "$identify", **{"$anon_distinct_id": "visitor-1"}),
    event(3, "bob", plan="free", **{"$set": {"email": "bob@ours.test"}}),
    event(3, "ada", plan="", amount=1.5, **{"$set": {"tier": "new"}}),
    event(4, "carl", plan=["a"]),
]


@pytest.fixture
def world(event_store: ChdbEventStore) -> Iterator[InsightInstance]:
    engine = VectorEngine(event_store, lambda: connect(event_store._folder))
    with insight_instance(engine, next(_project_ids), {"events": EVENTS}) as instance:
        yield instance


def changed(world: InsightInstance, **settings: Any) -> Any:
    return world._client.patch(
        f"/api/projects/{world._project_id}/",
        headers={"authorization": "Bearer phl_vector"},
        json=settings,
    )


def trends(world: InsightInstance, math: str = "total", **fields: Any) -> dict[str, list[float]]:
    query = {
        "kind": "TrendsQuery",
        "series": [{"kind": "EventsNode", "event": "view", "math": math}],
        "dateRange": {"date_from": "2026-03-02", "date_to": "2026-03-04"},
    } | fields
    return {str(x.get("breakdown_value")): x["data"] for x in world.answer(query)["results"]}


def test_a_projects_own_people_are_left_out_where_asked(world: InsightInstance) -> None:
    ours = {"key": "email", "value": "@ours.test", "operator": "not_icontains", "type": "person"}
    assert changed(world, test_account_filters=[ours]).status_code == 200

    assert trends(world) == {"None": [2, 2, 1]}
    assert trends(world, filterTestAccounts=True) == {"None": [2, 1, 1]}


def test_a_filter_that_no_insight_could_use_is_refused(world: InsightInstance) -> None:
    wrong = changed(world, test_account_filters=[{"key": "email", "operator": "likes", "value": 1}])

    assert (wrong.status_code, wrong.json()["attr"]) == (400, "test_account_filters.0.operator")


def test_person_properties_are_todays_where_the_project_says_so(world: InsightInstance) -> None:
    old = [{"key": "tier", "value": "old", "operator": "exact", "type": "person"}]
    assert trends(world, properties=old)["None"][0] == 1

    assert changed(world, person_on_events_querying_enabled=False).status_code == 200

    assert trends(world, properties=old) == {"None": [0, 0, 0]}


def test_distinct_ids_are_the_actors_where_the_project_says_so(world: InsightInstance) -> None:
    assert trends(world, "dau") == {"None": [1, 2, 1]}

    assert changed(world, actors_by_distinct_id=True).status_code == 200

    assert trends(world, "dau") == {"None": [2, 2, 1]}


def test_promotion_changes_no_insight(world: InsightInstance) -> None:
    asked: list[dict[str, Any]] = [
        {"breakdownFilter": {"breakdown": "plan"}},
        {"properties": [{"key": "plan", "value": ["free"], "operator": "exact", "type": "event"}]},
        {"breakdownFilter": {"breakdown": "properties.plan", "breakdown_type": "hogql"}},
        {"breakdownFilter": {"breakdown": "tier", "breakdown_type": "person"}},
        {
            "series": [
                {
                    "kind": "EventsNode",
                    "event": "view",
                    "math": "sum",
                    "math_property": "amount",
                }
            ]
        },
    ]
    before = [trends(world, **fields) for fields in asked]
    columns = world.promotions.columns
    promoted = [
        PromotedProperty("event", "plan"),
        PromotedProperty("event", "amount", "Numeric"),
        PromotedProperty("person_on_event", "tier"),
    ]
    try:
        for item in promoted:
            columns.promote(item)
        assert [trends(world, **fields) for fields in asked] == before
        deadline = time.monotonic() + 60
        while not all(item.done for item in columns.progress()):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert [trends(world, **fields) for fields in asked] == before
        by_plan = {
            "kind": "TrendsQuery",
            "series": [{"kind": "EventsNode", "event": "view"}],
            "breakdownFilter": {"breakdown": "plan"},
        }
        sql = world.answer(by_plan)["hogql"]
        assert promoted[0].column in sql
        assert "JSONExtract" not in sql
    finally:
        for item in promoted:
            columns.demote(item)


def test_what_insights_read_often_is_suggested_for_a_column(world: InsightInstance) -> None:
    for value in ("pro", "free", "team"):
        trends(world, properties=[{"key": "plan", "value": value, "type": "event"}])

    found = {(use.scope, use.name): use.queries for use in world.promotions.suggestions()}

    assert found == {("event", "plan"): 3}
