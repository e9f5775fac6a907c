"""Every ingestion vector holds."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hedgerow.core.ids import person_uuid
from hedgerow.testing import NotCovered, run_ingestion_vector
from hedgerow.wire.timestamps import parse_timestamp

VECTORS = json.loads((Path(__file__).parent / "ingestion.json").read_text(encoding="utf-8"))
OWN_PROPERTIES = ("$geoip_", "$initial_geoip_", "$creator_event_uuid")


def is_subset(expected: Any, found: Any) -> bool:
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(
            key in found and is_subset(value, found[key]) for key, value in expected.items()
        )
    return bool(expected == found)


def same_millisecond(expected: str, found: str) -> bool:
    left, right = parse_timestamp(expected), parse_timestamp(found)
    assert left is not None
    assert right is not None
    return left // 1000 == right // 1000


def own_removed(properties: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in properties.items() if not k.startswith(OWN_PROPERTIES)}


def check_person(expected: dict[str, Any], persons: list[dict[str, Any]]) -> None:
    wanted = sorted(expected["distinct_ids"])
    (found,) = [person for person in persons if sorted(person["distinct_ids"]) == wanted]
    checks: dict[str, Callable[[Any], bool]] = {
        "properties": lambda value: bool(own_removed(found["properties"]) == value),
        "is_identified": lambda value: bool(found["is_identified"] == value),
        "created_at": lambda value: same_millisecond(value, found["created_at"]),
        "uuid_of": lambda value: bool(found["id"] == str(person_uuid(1, value))),
    }
    for name, check in checks.items():
        assert name not in expected or check(expected[name]), (name, expected, found)


def owner(distinct_id: str, persons: list[dict[str, Any]]) -> str | None:
    return next((item["id"] for item in persons if distinct_id in item["distinct_ids"]), None)


def check_event(
    expected: dict[str, Any], found: dict[str, Any], persons: list[dict[str, Any]]
) -> None:
    person_properties = found["person_properties"]
    checks: dict[str, Callable[[Any], bool]] = {
        "properties": lambda value: is_subset(value, found["properties"]),
        "properties_absent": lambda value: not set(value) & found["properties"].keys(),
        "person_properties": lambda value: is_subset(value, person_properties),
        "person_properties_exact": lambda value: bool(own_removed(person_properties) == value),
        "timestamp": lambda value: same_millisecond(value, found["timestamp"]),
        "person_of": lambda value: bool(found["person_id"] == owner(value, persons)),
        "person_uuid_of": lambda value: bool(found["person_id"] == str(person_uuid(1, value))),
    }
    for name in ("event", "distinct_id", "uuid", "person_mode", "elements_chain"):
        assert name not in expected or expected[name] == found[name], (name, expected, found)
    for name, check in checks.items():
        assert name not in expected or check(expected[name]), (name, expected, found)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"][:80])
def test_the_vector_holds(vector: dict[str, Any]) -> None:
    check(vector["expect"], run_ingestion_vector(vector))


def check(expected: dict[str, Any], result: dict[str, Any]) -> None:
    lenient = expected.get("lenient", [])
    if "persons" in expected and "persons" not in lenient:
        assert len(result["persons"]) == len(expected["persons"])
        for person in expected["persons"]:
            check_person(person, result["persons"])
    if "events" in expected and "events" not in lenient:
        assert len(result["events"]) == len(expected["events"])
        for event, found in zip(expected["events"], result["events"], strict=True):
            check_event(event, found, result["persons"])
    if "groups" in expected:
        check_groups(expected["groups"], result["groups"])
    if "group_types" in expected:
        assert result["group_types"] == expected["group_types"]
    if "warnings" in expected and "warnings" not in lenient:
        check_warnings(expected["warnings"], result["warnings"])


def check_groups(expected: list[dict[str, Any]], found: list[dict[str, Any]]) -> None:
    assert len(found) == len(expected)
    for group in expected:
        (same,) = [
            item
            for item in found
            if (item["group_type"], item["group_key"]) == (group["group_type"], group["group_key"])
        ]
        created_at = group.get("created_at")
        assert created_at is None or same_millisecond(created_at, same["created_at"])
        assert is_subset({k: v for k, v in group.items() if k != "created_at"}, same)
        assert same["properties"] == group["properties"]


def check_warnings(expected: list[dict[str, Any]], found: list[dict[str, Any]]) -> None:
    assert sorted(item["type"] for item in found) == sorted(item["type"] for item in expected)
    for warning in expected:
        assert any(is_subset(warning, item) for item in found), (warning, found)


def test_an_unknown_setting_is_not_covered() -> None:
    with pytest.raises(NotCovered, match="no project setting"):
        run_ingestion_vector({"events": [], "settings": {"no_such_setting": True}})
