"""A saved insight answers when it is looked at, on its own and on a dashboard."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from hedgerow.store.client import connect
from hedgerow.store.event_store import ChdbEventStore
from hedgerow.testing.insight_vectors import InsightInstance, VectorEngine, insight_instance

_project_ids = itertools.count(975_001)
_HEADERS = {"authorization": "Bearer phl_vector"}
RANGE = {"date_from": "2026-03-02", "date_to": "2026-03-03"}
TRENDS = {
    "kind": "TrendsQuery",
    "series": [{"kind": "EventsNode", "event": "view"}],
    "dateRange": RANGE,
}
SQL = {"kind": "HogQLQuery", "query": "SELECT count() FROM events WHERE {filters}"}


def view(day: int, plan: str) -> dict[str, Any]:
    return {
        "event": "view",
        "distinct_id": "ada",
        "timestamp": f"2026-03-0{day}T10:00:00Z",
        "properties": {"plan": plan},
    }


EVENTS = [view(2, "pro"), view(2, "free"), view(3, "pro"), view(4, "pro")]


@pytest.fixture
def world(event_store: ChdbEventStore) -> Iterator[InsightInstance]:
    engine = VectorEngine(event_store, lambda: connect(event_store._folder))
    with insight_instance(engine, next(_project_ids), {"events": EVENTS}) as instance:
        yield instance


def asked(world: InsightInstance, method: str, rest: str, body: Any = None) -> Any:
    return world._client.request(
        method, f"/api/projects/{world._project_id}/{rest}", headers=_HEADERS, json=body
    )


def saved(world: InsightInstance, query: dict[str, Any]) -> int:
    number: int = asked(world, "POST", "insights/", {"query": query}).json()["id"]
    return number


def shown(world: InsightInstance, rest: str) -> Any:
    answer = asked(world, "GET", rest)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_an_insight_answers_from_the_cache_or_when_it_is_told_to(world: InsightInstance) -> None:
    insight = saved(world, {"kind": "InsightVizNode", "source": TRENDS})

    looked_at = shown(world, f"insights/{insight}/")
    assert (looked_at["result"], looked_at["last_refresh"]) == (None, None)

    worked_out = shown(world, f"insights/{insight}/?refresh=blocking")
    assert worked_out["result"][0]["data"] == [2, 1]
    assert worked_out["is_cached"] is False
    assert worked_out["last_refresh"] is not None

    again = shown(world, f"insights/{insight}/")
    assert again["result"] == worked_out["result"]
    assert again["is_cached"] is True
    # The same question asked by itself has the same answer in the cache.
    assert world.answer(TRENDS)["is_cached"] is True
    assert shown(world, f"insights/{insight}/?refresh=true")["is_cached"] is False


def test_an_insight_that_cannot_be_answered_says_why(world: InsightInstance) -> None:
    insight = saved(world, {"kind": "TrendsQuery", "series": [{"kind": "EventsNode", "math": "x"}]})

    answer = shown(world, f"insights/{insight}/?refresh=blocking")

    assert answer["result"] is None
    assert "math" in answer["error"]
    assert asked(world, "GET", f"insights/{insight}/?refresh=soon").json()["attr"] == "refresh"


def test_a_dashboard_puts_its_filters_over_every_insight(world: InsightInstance) -> None:
    pro = {"key": "plan", "value": ["pro"], "operator": "exact", "type": "event"}
    insight, broken = saved(world, TRENDS), saved(world, {"kind": "TrendsQuery"})
    tiles = [{"insight": insight}, {"text": {"body": "Hello"}}, {"insight": broken}]
    body = {"name": "D", "tiles": tiles, "filters": {"date_to": "2026-03-04", "properties": [pro]}}
    body["filters"]["date_from"] = "2026-03-03"  # type: ignore[index]
    dashboard = asked(world, "POST", "dashboards/", body).json()["id"]

    answer = shown(world, f"dashboards/{dashboard}/?refresh=blocking")

    first, text, last = answer["tiles"]
    assert first["insight"]["result"][0]["data"] == [1, 1]
    assert text["text"] == {"body": "Hello"}
    assert last["insight"]["result"] is None
    assert "series" in last["insight"]["error"]
    assert shown(world, f"insights/{insight}/?refresh=blocking")["result"][0]["data"] == [2, 1]


def test_a_query_takes_filters_from_outside(world: InsightInstance) -> None:
    pro = {"key": "plan", "value": ["pro"], "operator": "exact", "type": "event"}
    own = TRENDS | {"properties": [{"key": "plan", "value": "free", "operator": "is_not"}]}

    def data(query: dict[str, Any], override: dict[str, Any]) -> Any:
        body = {"query": query, "filters_override": override}
        answer = asked(world, "POST", "query/", body)
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]

    assert data(TRENDS, {"date_from": "2026-03-03"})[0]["data"][:2] == [1, 1]
    assert data(TRENDS, {"properties": [pro]})[0]["data"] == [1, 1]
    assert data(own, {"properties": [pro]})[0]["data"] == [1, 1]
    assert data(TRENDS, {})[0]["data"] == [2, 1]


@pytest.mark.parametrize(
    ("query", "override", "attribute"),
    [
        (TRENDS, {"colour": "red"}, "filters_override.colour"),
        (TRENDS, ["x"], "filters_override"),
        ({"kind": "EventsQuery", "select": ["*"]}, {"date_from": "-7d"}, "filters_override"),
    ],
)
def test_filters_that_cannot_be_put_over_a_query_are_refused(
    world: InsightInstance, query: dict[str, Any], override: Any, attribute: str
) -> None:
    refused = asked(world, "POST", "query/", {"query": query, "filters_override": override})

    assert (refused.status_code, refused.json()["attr"]) == (400, attribute)


def test_a_breakdown_from_outside_replaces_the_querys_own(world: InsightInstance) -> None:
    override = {"breakdown_filter": {"breakdown": "plan"}}
    own = TRENDS | {"breakdownFilter": {"breakdown": "$browser"}}

    def answer(query: dict[str, Any]) -> Any:
        body = {"query": query, "filters_override": override}
        return asked(world, "POST", "query/", body).json()["results"]

    assert {item["breakdown_value"]: item["data"] for item in answer(own)} == {
        "pro": [1, 1],
        "free": [1, 0],
    }
    # A query that has no breakdown stays as it is.
    assert answer(SQL) == [[4]]


def test_filters_from_outside_reach_sql_with_dates_and_properties(world: InsightInstance) -> None:
    pro = {"key": "plan", "value": ["pro"], "operator": "exact", "type": "event"}
    body = {"query": SQL, "filters_override": {"date_from": "2026-03-03", "properties": [pro]}}

    assert asked(world, "POST", "query/", body).json()["results"] == [[2]]


def by_plan(**variables: Any) -> dict[str, Any]:
    sql = "SELECT count() FROM events WHERE properties.plan = {variables.plan}"
    own = {"1": {"code_name": "plan", "variableId": "1", "value": "free"}}
    return {"kind": "HogQLQuery", "query": sql, "variables": own | variables}


def test_variables_from_outside_replace_the_querys_own(world: InsightInstance) -> None:
    def count(override: Any) -> Any:
        body = {"query": by_plan(), "variables_override": override}
        return asked(world, "POST", "query/", body).json()["results"][0][0]

    assert count(None) == 1
    assert count({"1": {"code_name": "plan", "variableId": "1", "value": "pro"}}) == 3
    assert count({"plan": "pro"}) == 3
    refused = asked(world, "POST", "query/", {"query": by_plan(), "variables_override": "pro"})
    assert (refused.status_code, refused.json()["attr"]) == (400, "variables_override")


def test_a_dashboard_sets_the_variables_of_its_insights(world: InsightInstance) -> None:
    insight = saved(world, {"kind": "DataVisualizationNode", "source": by_plan()})
    body = {"name": "D", "tiles": [{"insight": insight}], "variables": {"plan": "pro"}}
    dashboard = asked(world, "POST", "dashboards/", body).json()["id"]

    def result(rest: str) -> Any:
        return shown(world, rest)["tiles"][0]["insight"]["result"]

    assert result(f"dashboards/{dashboard}/?refresh=blocking") == [[3]]
    override = '?refresh=blocking&variables_override={"plan":"none"}'
    assert result(f"dashboards/{dashboard}/{override}") == [[0]]
    assert shown(world, f"insights/{insight}/{override}")["result"] == [[0]]


def test_an_insight_is_looked_at_with_other_filters(world: InsightInstance) -> None:
    insight = saved(world, TRENDS)
    later = 'refresh=blocking&filters_override={"date_from":"2026-03-03"}'

    assert shown(world, f"insights/{insight}/?{later}")["result"][0]["data"][:2] == [1, 1]
    refused = asked(world, "GET", f"insights/{insight}/?filters_override=soon")
    assert (refused.status_code, refused.json()["attr"]) == (400, "filters_override")
