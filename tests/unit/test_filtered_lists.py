"""Lists of events and persons by property filters, and the addresses of the pages around."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from hedgerow.core import json
from hedgerow.store.client import connect
from hedgerow.store.event_store import ChdbEventStore
from hedgerow.testing.insight_vectors import InsightInstance, VectorEngine, insight_instance

_project_ids = itertools.count(979_001)
_HEADERS = {"authorization": "Bearer phl_vector"}


def view(day: int, who: str, plan: str, **person: Any) -> dict[str, Any]:
    return {
        "event": f"view {day}",
        "distinct_id": who,
        "timestamp": f"2026-03-0{day}T10:00:00Z",
        "properties": {"plan": plan, "$set": person},
    }


EVENTS = [
    view(2, "ada", "pro", team="red", seats=5),
    view(3, "bob", "free", team="blue", seats=20),
    view(4, "ada", "free"),
    view(5, "carl", "pro", team="red", seats=30),
]


@pytest.fixture(scope="module")
def world(event_store: ChdbEventStore) -> Iterator[InsightInstance]:
    engine = VectorEngine(event_store, lambda: connect(event_store._folder))
    with insight_instance(engine, next(_project_ids), {"events": EVENTS}) as instance:
        yield instance


def get(world: InsightInstance, path: str, **parameters: Any) -> Any:
    return world._client.get(
        f"/api/projects/{world._project_id}/{path}", headers=_HEADERS, params=parameters
    )


def as_json(*items: Any) -> str:
    return json.encode(items).decode()


def is_(key: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"key": key, "value": value, "operator": "exact", "type": "event"} | more


def days(world: InsightInstance, **parameters: Any) -> list[int]:
    answer = get(world, "events/", **parameters)
    assert answer.status_code == 200, answer.text
    return [int(item["event"][-1]) for item in answer.json()["results"]]


def test_events_are_listed_by_their_properties_and_person(world: InsightInstance) -> None:
    ada = get(world, "persons/", distinct_id="ada").json()["results"][0]["uuid"]
    red = is_("team", "red", type="person")

    assert days(world) == [5, 4, 3, 2]
    assert days(world, properties=as_json(is_("plan", "pro"))) == [5, 2]
    assert days(world, properties=as_json(is_("plan", "pro"), red), distinct_id="ada") == [2]
    assert days(world, person_id=ada) == [4, 2]
    assert days(world, person_id="nobody") == []


def test_events_come_in_the_asked_order(world: InsightInstance) -> None:
    assert days(world, orderBy='["timestamp"]') == [2, 3, 4, 5]
    assert days(world, orderBy='["-distinct_id", "timestamp"]') == [5, 3, 2, 4]


def names(world: InsightInstance, **parameters: Any) -> list[str]:
    answer = get(world, "persons/", **parameters)
    assert answer.status_code == 200, answer.text
    return sorted(item["distinct_ids"][0] for item in answer.json()["results"])


def test_persons_are_listed_by_what_they_are(world: InsightInstance) -> None:
    red = is_("team", "red", type="person")
    many = {"key": "seats", "value": 10, "operator": "gt", "type": "person"}

    assert names(world, properties=as_json(red)) == ["ada", "carl"]
    assert names(world, properties=as_json(red, many)) == ["carl"]
    either = {"type": "OR", "values": [is_("team", "blue", type="person"), many]}
    assert names(world, properties=as_json(either)) == ["bob", "carl"]


def test_filtered_persons_come_a_page_at_a_time(world: InsightInstance) -> None:
    red = as_json(is_("team", "red", type="person"))
    first = get(world, "persons/", properties=red, limit=1).json()
    second = world._client.get(first["next"], headers=_HEADERS).json()

    found = [page["results"][0]["distinct_ids"] for page in (first, second)]
    assert sorted(found) == [["ada"], ["carl"]]


def test_a_page_names_the_page_before_and_after(world: InsightInstance) -> None:
    for name in ("one", "two", "three"):
        world._client.post(
            f"/api/projects/{world._project_id}/actions/", headers=_HEADERS, json={"name": name}
        )

    pages, url = [], f"/api/projects/{world._project_id}/actions/?limit=2"
    first = world._client.get(url, headers=_HEADERS).json()
    second = world._client.get(first["next"], headers=_HEADERS).json()
    again = world._client.get(second["previous"], headers=_HEADERS).json()
    pages = [[item["name"] for item in page["results"]] for page in (first, second, again)]

    assert pages == [["three", "two"], ["one"], ["three", "two"]]
    assert (first["count"], first["previous"], second["next"]) == (3, None, None)


@pytest.mark.parametrize(
    ("path", "parameters", "attribute"),
    [
        ("events/", {"properties": "plan"}, "properties"),
        ("events/", {"properties": "{}"}, "properties"),
        ("events/", {"properties": '[{"key": "plan"}]'}, "properties.0.value"),
        ("events/", {"orderBy": '["colour"]'}, "orderBy"),
        ("events/", {"orderBy": "timestamp"}, "orderBy"),
        ("persons/", {"properties": "["}, "properties"),
        (
            "persons/",
            {"properties": '[{"key": "a", "type": "session"}]'},
            "properties.values.0.type",
        ),
        ("persons/", {"properties": '[{"key": "a", "value": 1}]', "search": "x"}, "properties"),
    ],
)
def test_a_wrong_filter_is_named(
    world: InsightInstance, path: str, parameters: dict[str, str], attribute: str
) -> None:
    refused = get(world, path, **parameters)

    assert (refused.status_code, refused.json()["attr"]) == (400, attribute), refused.text
