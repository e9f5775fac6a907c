"""Every capture vector holds, but for those that need a feature we leave out on purpose."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from hedgerow.testing import NotCovered, run_capture_vector

VECTORS = json.loads((Path(__file__).parent / "capture.json").read_text(encoding="utf-8"))

# A lane for ids of too many events is for consumers that share a queue. Ours is one, in the order of
# the log: another lane would only change that order (ingestion §17 asks for no more than counting).
NOT_COVERED: dict[str, str] = {
    "overflow_forced_key": "server settings: overflow_forced_keys",
}

TIMES = ("timestamp", "now", "sent_at")
ABSENT_WHEN: dict[str, Any] = {
    "sent_at": None,
    "historical_migration": False,
    "is_cookieless_mode": False,
}


def profiles_of(vector: dict[str, Any]) -> list[str]:
    return ["documented", "upstream"] if vector["profile"] == "both" else [vector["profile"]]


CASES = [
    pytest.param(vector, profile, id=f"{vector['name']}-{profile}")
    for vector in VECTORS
    if vector["name"] not in NOT_COVERED
    for profile in profiles_of(vector)
]


def assert_contains(actual: Any, expected: Any, where: str) -> None:
    """`expected` is a subset of `actual`, at every level of objects."""
    if not isinstance(expected, dict):
        assert actual == expected, where
        return
    for key, value in expected.items():
        assert key in actual, f"{where}.{key}"
        assert_contains(actual[key], value, f"{where}.{key}")


def check_record(record: dict[str, Any], expected: dict[str, Any]) -> None:
    for key, value in expected.items():
        if key in ABSENT_WHEN and value == ABSENT_WHEN[key]:
            assert key not in record
        elif key in TIMES:
            assert datetime.fromisoformat(record[key]) == datetime.fromisoformat(value), key
        elif key == "data_absent":
            assert not set(value) & set(record["data"])
        elif key == "data_properties_absent":
            assert not set(value) & set(record["data"]["properties"])
        elif key == "uuid_version":
            assert record["uuid"][14] == str(value)
        elif key == "uuid_unix_ms":
            assert int(record["uuid"].replace("-", "")[:12], 16) == value
        else:
            assert_contains(record.get(key), value, key)


@pytest.mark.parametrize(("vector", "profile"), CASES)
def test_the_vector_holds(vector: dict[str, Any], profile: str) -> None:
    expected = vector["expect"]
    result = run_capture_vector(vector, profile)
    assert result["status"] == expected["status"], result["body"]
    if "body_json" in expected:
        body = json.loads(result["body"])
        if expected["status"] == 200:
            assert body == expected["body_json"]
        else:
            assert_contains(body, expected["body_json"], "body")
    assert expected.get("body_contains", "") in result["body"]
    if "body_text" in expected:
        assert result["body"] == expected["body_text"]
    for name, value in expected.get("headers", {}).items():
        assert result["headers"][name] == value
    records = expected.get("events", [])
    assert len(result["events"]) == len(records)
    for record, expected_record in zip(result["events"], records, strict=True):
        check_record(record, expected_record)


def test_exactly_the_listed_vectors_are_not_covered() -> None:
    raised = {}
    for vector in VECTORS:
        try:
            run_capture_vector(vector)
        except NotCovered as error:
            raised[vector["name"]] = error.reason
    assert raised == NOT_COVERED
