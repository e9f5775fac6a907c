"""Events and properties can be described, and the values of a property are suggested."""

from typing import Any

import pytest

from hedgerow.directory.batch import (
    BatchEffects,
    EventDefinition,
    EventProperty,
    PropertyDefinition,
)


@pytest.fixture
def defined(api: Any) -> Any:
    project = api.project_id
    effects = BatchEffects(
        position=1,
        now_us=1,
        event_definitions=[EventDefinition(project, name, 5) for name in ("a/b?", "$pageview")],
        property_definitions=[
            PropertyDefinition(project, "event", "plan", "String"),
            PropertyDefinition(project, "event", "price", "Numeric"),
        ],
        event_properties=[EventProperty(project, "a/b?", "price")],
    )
    api.commit(effects)
    return api


def results(api: Any, path: str) -> list[dict[str, Any]]:
    answer = api.client.get(api.path(path))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


@pytest.mark.parametrize("plural", ["event_definitions", "property_definitions"])
def test_a_description_stays_and_the_whole_object_can_be_sent_back(
    defined: Any, plural: str
) -> None:
    first = results(defined, plural)[-1]
    assert (first["description"], first["tags"], first["verified"], first["hidden"]) == (
        "",
        [],
        False,
        False,
    )

    changed = {**first, "description": "Money", "tags": ["core"], "verified": True}
    answer = defined.client.patch(defined.path(f"{plural}/{first['id']}"), json=changed)

    assert answer.status_code == 200, answer.text
    assert results(defined, plural)[-1] == changed


@pytest.mark.parametrize(
    ("changes", "attribute"),
    [({"tags": "core"}, "tags"), ({"hidden": 1}, "hidden"), ({"colour": "red"}, "colour")],
)
def test_a_wrong_description_is_refused_and_named(
    defined: Any, changes: dict[str, Any], attribute: str
) -> None:
    first = results(defined, "event_definitions")[0]
    answer = defined.client.patch(
        defined.path(f"event_definitions/{first['id']}"), json={"description": "x", **changes}
    )
    assert (answer.status_code, answer.json()["attr"]) == (400, attribute)
    assert results(defined, "event_definitions")[0] == first


@pytest.mark.parametrize("definition", ["nonsense", "%FF", "cGVyc29uOng", "ZXZlbnRfbmFtZTp4"])
def test_a_definition_of_another_kind_or_none_is_404(defined: Any, definition: str) -> None:
    path = "property_definitions" if definition == "ZXZlbnRfbmFtZTp4" else "event_definitions"
    answer = defined.client.patch(defined.path(f"{path}/{definition}"), json={})
    assert answer.status_code == 404


def test_the_filters_of_the_lists_reach_the_directory(defined: Any) -> None:
    def names(path: str) -> list[str]:
        return [item["name"] for item in results(defined, path)]

    assert names("event_definitions?event_type=event_custom") == ["a/b?"]
    assert names("event_definitions?ordering=-name") == ["a/b?", "$pageview"]
    assert names("property_definitions?is_numerical=true") == ["price"]
    assert names("property_definitions?excluded_properties=price") == ["plan"]
    path = 'property_definitions?event_names=["a/b?"]'
    assert [item["is_seen_on_filtered_events"] for item in results(defined, path)] == [False, True]
    assert names(path + "&filter_by_event_names=true") == ["price"]


@pytest.mark.parametrize(
    ("path", "attribute"),
    [
        ("event_definitions?event_type=x", "event_type"),
        ("event_definitions?ordering=size", "ordering"),
        ("property_definitions?type=x", "type"),
        ("property_definitions?event_names=[1]", "event_names"),
    ],
)
def test_a_wrong_filter_is_refused_and_named(api: Any, path: str, attribute: str) -> None:
    answer = api.client.get(api.path(path))
    assert (answer.status_code, answer.json()["attr"]) == (400, attribute)


def test_the_values_of_a_property_come_most_frequent_first(api: Any) -> None:
    for plan in ("pro", "free", "pro", "it's"):
        api.add_event("bought", plan=plan)
    api.add_event("left", plan="old")
    api.add_event("left")

    def values(query: str) -> list[str]:
        answer = api.client.get(api.path(f"events/values?{query}"))
        return [item["name"] for item in answer.json()]

    assert values("key=plan") == ["pro", "free", "it's", "old"]
    assert values("key=plan&value=R") == ["pro", "free"]
    assert values("key=plan&value=t's") == ["it's"]
    assert values("key=plan&event_name=left") == ["old"]
    assert values("key=event") == ["bought", "left"]
    assert values("key=no'such") == []


def test_no_key_is_refused(api: Any) -> None:
    assert api.client.get(api.path("persons/values")).status_code == 400
