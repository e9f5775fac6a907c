"""Every published insight vector, from its events to the API's answer."""

import itertools
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from hedgerow.store.client import connect
from hedgerow.store.event_store import ChdbEventStore
from hedgerow.testing import run_insight_vector
from hedgerow.testing.insight_vectors import VectorEngine, VectorFailedError, run_insight_vector_on
from hedgerow.testing.not_covered import NotCovered

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "insight.json").read_text("utf-8")
)["vectors"]
# What is not there, by reason.
NOT_COVERED: dict[str, int] = {}
_TOLERANCE = 1e-9
_project_ids = itertools.count(900_001)


@pytest.fixture(scope="session")
def vector_engine(event_store: ChdbEventStore) -> VectorEngine:
    return VectorEngine(event_store, lambda: connect(event_store._folder))


def assert_matches(expected: Any, found: Any, vector: dict[str, Any], place: str) -> None:
    """A subset by the file's conventions: see `conventions` there."""
    if isinstance(expected, dict):
        assert isinstance(found, dict), (place, expected, found)
        for key, value in expected.items():
            assert key in found, (place, key, found)
            assert_matches(value, found[key], vector, f"{place}.{key}")
    elif isinstance(expected, list):
        assert isinstance(found, list), (place, expected, found)
        if vector.get("match") == "prefix-values" and place.endswith(".values"):
            found = found[: len(expected)]
        assert len(expected) == len(found), (place, expected, found)
        match_by = vector.get("match_by")
        if match_by and expected and isinstance(expected[0], dict) and match_by in expected[0]:
            by_key = {json.dumps(item[match_by]): item for item in found}
            found = [by_key[json.dumps(item[match_by])] for item in expected]
        for index, (left, right) in enumerate(zip(expected, found, strict=True)):
            assert_matches(left, right, vector, f"{place}.{index}")
    elif isinstance(expected, float | int) and not isinstance(expected, bool):
        assert isinstance(found, float | int), (place, expected, found)
        assert abs(expected - found) <= vector.get("tolerance", _TOLERANCE), (
            place,
            expected,
            found,
        )
    else:
        assert expected == found, (place, expected, found)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_the_vector_holds(vector: dict[str, Any], vector_engine: VectorEngine) -> None:
    try:
        answer = run_insight_vector_on(vector_engine, next(_project_ids), vector)
    except NotCovered:
        return
    assert_matches(vector["expected"], answer, vector, "")


def test_what_is_not_covered_is_exactly_what_is_listed(vector_engine: VectorEngine) -> None:
    reasons: Counter[str] = Counter()
    for vector in VECTORS:
        try:
            run_insight_vector_on(vector_engine, next(_project_ids), vector)
        except NotCovered as reason:
            reasons[str(reason)] += 1

    assert reasons == NOT_COVERED


@pytest.mark.usefixtures("vector_engine")
def test_vectors_run_one_after_another_beside_an_open_engine() -> None:
    for vector in VECTORS[:3]:
        assert_matches(vector["expected"], run_insight_vector(vector), vector, "")


def test_a_vector_that_is_refused_or_not_covered_does_not_end_the_next() -> None:
    refused = {**VECTORS[0], "query": {"kind": "TrendsQuery", "series": 7}}
    unknown = {**VECTORS[0], "query": {"kind": "NoSuchQuery"}}

    with pytest.raises(VectorFailedError, match="series"):
        run_insight_vector(refused)
    with pytest.raises(NotCovered, match="NoSuchQuery"):
        run_insight_vector(unknown)

    assert_matches(VECTORS[0]["expected"], run_insight_vector(VECTORS[0]), VECTORS[0], "")
