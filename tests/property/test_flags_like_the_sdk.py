"""Our rules against posthog-python's local evaluation, which is checked against PostHog's service.

Where the SDK decides, we decide the same. Where it gives up and asks the server, it is our turn.
"""

import warnings
from datetime import UTC, date, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any
from unittest import mock

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from posthog import feature_flags as sdk
from posthog.feature_flags import InconclusiveMatchError, RequiresServerEvaluation

from hedgerow.flags.definition import FlagDefinition, PropertyFilter
from hedgerow.flags.evaluation import Evaluation
from hedgerow.flags.hashing import holdout_hash, rollout_hash
from hedgerow.flags.operators import match_property
from hedgerow.flags.project_flags import ProjectFlags
from hedgerow.flags.subject import Subject

NOW = datetime(2026, 3, 31, 12, 30, tzinfo=UTC)
WORDS = st.sampled_from(
    ["", "pro", "PRO", "proX", "Ünï", "ünï", "true", "False", "null", "1", "1.0", "01", "1e3", "ß"]
)
NUMBERS = st.one_of(
    st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False)
)
VERSIONS = st.sampled_from(
    ["1", "1.2", "1.2.3", "v1.2.3", "0.2.3", "0.0.3", "1.2.3-beta", "01.2", "1.*", "1.2.*", "x", ""]
)
DATES = st.sampled_from(
    [
        *(
            "2026-03-01",
            "2026-03-31T12:30:00Z",
            "2026-03-31T12:30:00+02:00",
            "2026-03-31 12:30 UTC",
        ),
        *("-1m", "3m", "-2d", "7h", "1w", "-1y", "12345d", "2025", "tomorrow", "-1q", "2024-02-29"),
    ]
)
PATTERNS = st.sampled_from(
    ["^pro$", "pr.", "[a-z]+", r"\d+", r"^\w*$", "(", "", "a|b", "PRO", r"\s", "x{2}", "[^a]", "$"]
)
SCALARS = st.one_of(st.none(), st.booleans(), WORDS, NUMBERS, VERSIONS, DATES)
VALUES = st.one_of(
    SCALARS, st.lists(SCALARS, max_size=3), st.dictionaries(WORDS, SCALARS, max_size=2)
)


class _StandingClock(datetime):
    @classmethod
    def now(cls, tz: Any = None) -> "_StandingClock":
        return cls(2026, 3, 31, 12, 30, tzinfo=tz)


@pytest.fixture(autouse=True, scope="module")
def _one_clock() -> Any:
    standing = SimpleNamespace(
        datetime=_StandingClock, date=date, timedelta=timedelta, timezone=timezone
    )
    with mock.patch.object(sdk, "datetime", standing):
        yield


def _sdk_match(wanted: dict[str, Any], properties: dict[str, Any]) -> bool | None:
    try:
        return bool(sdk.match_property(wanted, properties))
    except InconclusiveMatchError:
        return None


def _our_match(wanted: dict[str, Any], properties: dict[str, Any], complete: bool) -> bool | None:
    filter_ = msgspec.convert(wanted, PropertyFilter)
    return match_property(filter_, properties, complete=complete, now=NOW)


@st.composite
def filters(draw: st.DrawFn) -> dict[str, Any]:
    operator = draw(st.sampled_from([*sdk.PROPERTY_OPERATORS, None]))
    value: Any
    if operator in ("regex", "not_regex"):
        value = draw(PATTERNS)
    elif operator in sdk.DATE_OPERATORS:
        value = draw(DATES)
    elif operator in sdk.SEMVER_OPERATORS:
        value = draw(VERSIONS)
    elif operator in sdk.NUMERIC_OPERATORS:
        value = draw(st.one_of(NUMBERS, WORDS))
    else:
        value = draw(VALUES)
    return {"key": "x", "value": value, "operator": operator, "type": "person"}


@given(filters(), VALUES)
@settings(max_examples=3000, deadline=None)
def test_an_operator_matches_what_the_sdk_matches(wanted: dict[str, Any], actual: Any) -> None:
    expected = _sdk_match(wanted, {"x": actual})
    for complete in (True, False):
        ours = _our_match(wanted, {"x": actual}, complete)
        assert ours is not None
        if expected is not None:
            assert ours == expected


@given(filters())
def test_a_property_that_was_not_given_leaves_it_open(wanted: dict[str, Any]) -> None:
    assert _sdk_match(wanted, {}) is None
    assert _our_match(wanted, {}, complete=False) is None


@given(st.text(), st.text(), st.sampled_from(["", "variant"]))
def test_the_hash_is_the_sdks_bit_for_bit(key: str, bucketing_id: str, salt: str) -> None:
    try:
        f"{key}{bucketing_id}".encode()
    except UnicodeEncodeError:
        return
    assert rollout_hash(key, bucketing_id, salt) == sdk._hash(key, bucketing_id, salt)
    assert holdout_hash(bucketing_id) == sdk._holdout_hash(bucketing_id)


PERCENTAGES = st.sampled_from([None, 0, 1, 10, 33.3, 50, 99.9, 100])
SMALL_FILTERS = st.fixed_dictionaries(
    {
        "key": st.sampled_from(["plan", "seats"]),
        "type": st.just("person"),
        "operator": st.sampled_from(["exact", "is_not", "gt", "icontains", "is_set"]),
        "value": st.sampled_from(["pro", ["pro", "free"], 3, "true"]),
    }
)
CONDITIONS = st.fixed_dictionaries(
    {"properties": st.lists(SMALL_FILTERS, max_size=2), "rollout_percentage": PERCENTAGES},
    optional={"variant": st.sampled_from(["a", "b", "unknown", None])},
)
FLAGS = st.fixed_dictionaries(
    {
        "groups": st.lists(CONDITIONS, max_size=3),
        "multivariate": st.sampled_from(
            [
                None,
                {
                    "variants": [
                        {"key": "a", "rollout_percentage": 50},
                        {"key": "b", "rollout_percentage": 50},
                    ]
                },
                {
                    "variants": [
                        {"key": "a", "rollout_percentage": 33.3},
                        {"key": "b", "rollout_percentage": 20},
                    ]
                },
            ]
        ),
        "early_exit": st.booleans(),
        "holdout": st.sampled_from([None, {"id": 7, "exclusion_percentage": 20}]),
    }
)
PROPERTIES = st.fixed_dictionaries(
    {}, optional={"plan": st.sampled_from(["pro", "free", None]), "seats": st.integers(0, 9)}
)


@given(FLAGS, PROPERTIES, st.integers(0, 10_000))
@settings(max_examples=2000, deadline=None)
def test_a_flag_has_the_value_it_has_in_the_sdk(
    flag_filters: dict[str, Any], properties: dict[str, Any], number: int
) -> None:
    flag = {"id": 1, "key": "a-flag", "active": True, "filters": flag_filters}
    distinct_id = f"user-{number}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            expected = sdk.match_feature_flag_properties(
                flag, distinct_id, properties, bucketing_value=distinct_id
            )
    except (InconclusiveMatchError, RequiresServerEvaluation):
        return
    definition = msgspec.convert(flag, FlagDefinition)
    project = ProjectFlags([definition])

    all_known = Subject(distinct_id=distinct_id, person_properties=properties, complete=True)
    result = Evaluation(project, all_known, NOW).result(definition)
    partly_known = Subject(distinct_id=distinct_id, person_properties=properties)
    partial_result = Evaluation(project, partly_known, NOW).result(definition)

    if partial_result is not None:
        assert partial_result.value == expected
        assert result is not None
        assert result.value == expected
