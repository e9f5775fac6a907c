"""What groups have in common with persons and each other, and their properties, over HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest

from hedgerow.store.client import connect
from hedgerow.store.event_store import ChdbEventStore
from hedgerow.testing.insight_vectors import InsightInstance, VectorEngine, insight_instance

_PROJECT_ID = 984_001
_HEADERS = {"authorization": "Bearer phl_vector"}


def group(type_: str, key: str, **properties: Any) -> dict[str, Any]:
    return event("ada", "$groupidentify", _group(type_, key, properties))


def _group(type_: str, key: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"$group_type": type_, "$group_key": key, "$group_set": properties}


def event(who: str, name: str, properties: dict[str, Any], month: str = "03") -> dict[str, Any]:
    return {
        "event": name,
        "distinct_id": who,
        "timestamp": f"2026-{month}-02T10:00:00Z",
        "properties": properties,
    }


def worked(who: str, month: str = "03", **groups: str) -> dict[str, Any]:
    return event(who, "worked", {"$groups": groups}, month)


EVENTS = [
    group("company", "acme", industry="tools", seats=5),
    group("company", "globex", industry="tools"),
    group("team", "blue", size=2),
    worked("bob", company="acme", team="blue"),
    worked("carl", company="globex", team="never seen"),
    worked("dora", company="acme", month="01"),
    # Before the last 90 days.
    {**worked("old", company="acme"), "timestamp": "2025-11-01T10:00:00Z"},
]


@pytest.fixture(scope="module")
def world(event_store: ChdbEventStore) -> Iterator[InsightInstance]:
    engine = VectorEngine(event_store, lambda: connect(event_store._folder))
    with insight_instance(engine, _PROJECT_ID, {"events": EVENTS}) as instance:
        yield instance


def get(world: InsightInstance, path: str, **parameters: Any) -> Any:
    answer = world._client.get(
        f"/api/projects/{_PROJECT_ID}/{path}", headers=_HEADERS, params=parameters
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def shown(items: list[dict[str, Any]]) -> list[Any]:
    return sorted(
        item["group_key"] if item["type"] == "group" else item["distinct_ids"][0] for item in items
    )


def test_a_group_is_related_to_whom_it_had_events_with(world: InsightInstance) -> None:
    found = get(world, "groups/related/", id="acme", group_type_index=0)

    assert shown(found) == ["blue", "bob", "dora"]
    assert {item["type"] for item in found} == {"group", "person"}


def test_a_person_is_related_to_its_groups(world: InsightInstance) -> None:
    bob = get(world, "persons/", distinct_id="bob")["results"][0]["uuid"]

    assert shown(get(world, "groups/related/", id=bob)) == ["acme", "blue"]
    assert get(world, "groups/related/", id="nobody") == []


def test_the_properties_of_groups_are_counted_by_type(world: InsightInstance) -> None:
    assert get(world, "groups/property_definitions/") == {
        "0": [{"name": "industry", "count": 2}, {"name": "seats", "count": 1}],
        "1": [{"name": "size", "count": 1}],
    }


def test_the_values_of_a_group_property_are_counted(world: InsightInstance) -> None:
    path = "groups/property_values/"
    tools = [{"name": "tools", "count": 2}]

    assert get(world, path, group_type_index=0, key="industry") == tools
    assert get(world, path, group_type_index=0, key="industry", value="OOL") == tools
    assert get(world, path, group_type_index=0, key="industry", value="x") == []
    assert get(world, path, group_type_index=1, key="industry") == []
