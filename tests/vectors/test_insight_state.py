"""The insight vectors that ask for persons, groups, warnings and counts hold after ingestion."""

import json
from pathlib import Path
from typing import Any

import pytest

from hedgerow.testing import run_ingestion_vector

VECTORS = [
    vector
    for vector in json.loads((Path(__file__).parent / "insight.json").read_text(encoding="utf-8"))[
        "vectors"
    ]
    if vector["query"] == {"kind": "x-state"}
]
NOW = "2026-04-01T00:00:00.000Z"


def is_accepted(event: dict[str, Any]) -> bool:
    """Capture itself drops the others; its own vectors tell how."""
    distinct_id = event.get("distinct_id") or event.get("properties", {}).get("distinct_id")
    return bool(event.get("event")) and bool(distinct_id)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["id"]))
def test_the_state_is_as_expected(vector: dict[str, Any]) -> None:
    sent = [{**event, "_request": {"now": NOW}} for event in vector["events"]]
    events = [event for event in sent if is_accepted(event)]
    found, expected = run_ingestion_vector({"events": events}), vector["expected"]
    if "persons" in expected:
        assert len(found["persons"]) == len(expected["persons"])
    for person in expected.get("persons", []):
        (same,) = [
            each
            for each in found["persons"]
            if sorted(each["distinct_ids"]) == sorted(person["distinct_ids"])
        ]
        shown = {k: v for k, v in same["properties"].items() if not k.startswith("$")}
        assert person.get("properties", shown) == shown
    if "stored_events" in expected:
        assert len(found["events"]) == expected["stored_events"]
    if "dropped_events" in expected:
        assert len(sent) - len(events) == expected["dropped_events"]
    if "warnings" in expected:
        assert sorted(item["type"] for item in found["warnings"]) == sorted(expected["warnings"])
    if "groups" in expected:
        groups = [
            {
                "group_type": item["group_type"],
                "group_key": item["group_key"],
                "group_properties": item["properties"],
            }
            for item in found["groups"]
        ]
        assert groups == expected["groups"]


def test_there_are_such_vectors() -> None:
    assert len(VECTORS) >= 7
