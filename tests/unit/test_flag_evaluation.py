"""The rules that posthog-python leaves to the server, and those that need more than a person."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from hedgerow.flags.definition import FlagDefinition
from hedgerow.flags.evaluation import Evaluation, FlagResult, Reason
from hedgerow.flags.patterns import matches_pattern
from hedgerow.flags.project_flags import ProjectFlags
from hedgerow.flags.subject import Subject

NOW = datetime(2026, 3, 31, tzinfo=UTC)
EVERYONE = {"properties": [], "rollout_percentage": 100}
NOBODY = {"properties": [], "rollout_percentage": 0}
BLUE_RED = {
    "variants": [
        {"key": "blue", "rollout_percentage": 50},
        {"key": "red", "rollout_percentage": 50},
    ]
}


def flag(key: str = "flag", number: int = 1, **fields: Any) -> FlagDefinition:
    filters = {
        name: fields.pop(name)
        for name in list(fields)
        if name not in FlagDefinition.__struct_fields__
    }
    return msgspec.convert({"id": number, "key": key, "filters": filters, **fields}, FlagDefinition)


def on(key: str, value: Any, operator: str = "exact", type_: str = "person") -> dict[str, Any]:
    return {"key": key, "value": value, "operator": operator, "type": type_}


def evaluate(
    *flags: FlagDefinition,
    cohorts: Mapping[str, Any] | None = None,
    group_types: Mapping[int, str] | None = None,
    **subject: Any,
) -> FlagResult | None:
    """The result of the first of the flags."""
    subject = {"distinct_id": "user-1", "complete": True, "kept_ids": {}, **subject}
    project = ProjectFlags(flags, cohorts=cohorts, group_types=group_types)
    return Evaluation(project, Subject(**subject), NOW).result(flags[0])


def test_a_flag_that_is_switched_off_says_so() -> None:
    assert evaluate(flag(active=False, groups=[EVERYONE])) == FlagResult(
        False, None, Reason.FLAG_DISABLED
    )


def test_the_reason_is_the_weightiest_of_all_condition_sets() -> None:
    plan = {"properties": [on("plan", "pro")], "rollout_percentage": 100}

    assert evaluate(flag(groups=[plan])) == FlagResult(False, None, Reason.NO_CONDITION_MATCH)
    assert evaluate(flag(groups=[plan, NOBODY])) == FlagResult(
        False, None, Reason.OUT_OF_ROLLOUT_BOUND, 1
    )
    assert evaluate(flag(groups=[plan, NOBODY, EVERYONE])) == FlagResult(
        True, None, Reason.CONDITION_MATCH, 2
    )


def test_an_early_exit_ends_at_the_first_set_that_cuts_somebody_off() -> None:
    assert evaluate(flag(groups=[NOBODY, EVERYONE], early_exit=True)) == FlagResult(
        False, None, Reason.OUT_OF_ROLLOUT_BOUND, 0
    )


def test_what_is_not_known_leaves_only_those_flags_open_that_it_decides() -> None:
    plan = {"properties": [on("plan", "pro")], "rollout_percentage": 100}
    forced = {**plan, "variant": "blue"}
    nobody_pro = {"properties": [on("plan", "pro"), on("seats", 3)], "rollout_percentage": 100}

    assert evaluate(flag(groups=[plan]), complete=False) is None
    assert evaluate(flag(groups=[plan, EVERYONE]), complete=False) is not None
    assert evaluate(flag(groups=[plan, EVERYONE], early_exit=True), complete=False) is None
    assert evaluate(flag(groups=[forced, EVERYONE], multivariate=BLUE_RED), complete=False) is None
    assert (
        evaluate(flag(groups=[nobody_pro]), complete=False, person_properties={"seats": 1})
        is not None
    )


@pytest.mark.parametrize(
    "operator", ["is_not", "is_not_set", "not_icontains", "not_regex", "not_starts_with"]
)
def test_a_property_that_does_not_exist_satisfies_what_it_is_not(operator: str) -> None:
    result = evaluate(flag(groups=[{"properties": [on("plan", "pro", operator)]}]))

    assert result is not None
    assert result.enabled


def test_any_of_several_texts_may_be_contained() -> None:
    wanted = on("email", ["@a.org", "@B.org"], "icontains_multi")
    unwanted = on("email", ["@a.org", "@B.org"], "not_icontains_multi")
    one = evaluate(flag(groups=[{"properties": [wanted]}]), person_properties={"email": "x@b.ORG"})
    other = evaluate(
        flag(groups=[{"properties": [unwanted]}]), person_properties={"email": "x@b.ORG"}
    )

    assert one is not None
    assert one.enabled
    assert other is not None
    assert not other.enabled


def test_a_group_flag_goes_by_the_groups_key_and_properties() -> None:
    big = {"properties": [on("seats", 10, "gt", "group")], "rollout_percentage": 100}
    group_flag = flag(groups=[big], aggregation_group_type_index=0)
    types = {0: "company"}

    def result(**subject: Any) -> FlagResult | None:
        return evaluate(group_flag, group_types=types, **subject)

    assert result() == FlagResult(False, None, Reason.NO_GROUP_TYPE)
    with_group: dict[str, Any] = {
        "groups": {"company": "acme"},
        "group_properties": {"company": {"seats": 11}},
    }
    assert result(**with_group) == FlagResult(True, None, Reason.CONDITION_MATCH, 0)
    assert result(groups={"company": "acme"}, complete=False) is None


def test_all_of_a_group_get_the_same_variant() -> None:
    group_flag = flag(groups=[EVERYONE], multivariate=BLUE_RED, aggregation_group_type_index=0)
    results = {
        evaluate(
            group_flag, group_types={0: "company"}, groups={"company": "acme"}, distinct_id=person
        )
        for person in map(str, range(50))
    }

    assert len(results) == 1


def test_a_group_type_that_is_not_known_yet_is_asked_for() -> None:
    group_flag = flag(groups=[EVERYONE], aggregation_group_type_index=0)
    mixed = flag(groups=[{**EVERYONE, "aggregation_group_type_index": 0}])

    for wanted in (group_flag, mixed):
        assert evaluate(wanted, groups={"company": "a"}, complete=False) is None
        assert evaluate(wanted, groups={"company": "a"}) == FlagResult(
            False, None, Reason.NO_GROUP_TYPE, None if wanted is group_flag else 0
        )


def test_one_set_may_go_by_a_group_and_another_by_the_person() -> None:
    mixed = flag(
        groups=[
            {**EVERYONE, "properties": [on("tier", "gold")], "aggregation_group_type_index": 0},
            {**EVERYONE, "properties": [on("plan", "pro")]},
        ]
    )
    types = {0: "company"}
    gold: dict[str, Any] = {
        "groups": {"company": "a"},
        "group_properties": {"company": {"tier": "gold"}},
    }

    by_group = evaluate(mixed, group_types=types, **gold)
    by_person = evaluate(mixed, group_types=types, person_properties={"plan": "pro"})

    assert by_group is not None
    assert by_group.condition_index == 0
    assert by_person is not None
    assert by_person.condition_index == 1


def test_a_group_can_be_asked_for_by_its_key() -> None:
    wanted = {**EVERYONE, "properties": [on("$group_key", "acme", type_="group")]}
    group_flag = flag(groups=[wanted], aggregation_group_type_index=0)

    result = evaluate(
        group_flag, group_types={0: "company"}, groups={"company": "acme"}, complete=False
    )

    assert result is not None
    assert result.enabled


COHORT = {
    "type": "OR",
    "values": [
        {"type": "AND", "values": [on("plan", "pro"), {**on("country", "DE"), "negation": True}]},
        {"type": "AND", "values": [on("email", "@hedgerow.example", "icontains")]},
    ],
}


@pytest.mark.parametrize(
    ("properties", "member"),
    [
        ({"plan": "pro", "country": "FR"}, True),
        ({"plan": "pro", "country": "DE"}, False),
        ({"plan": "free", "email": "a@hedgerow.example"}, True),
        ({}, False),
    ],
)
def test_a_cohort_is_evaluated_from_its_filters(properties: Any, member: bool) -> None:
    inside = flag(groups=[{"properties": [{"type": "cohort", "key": "id", "value": 7}]}])
    outside = flag(
        groups=[
            {"properties": [{"type": "cohort", "key": "id", "value": "7", "operator": "not_in"}]}
        ]
    )

    for wanted, expected in ((inside, member), (outside, not member)):
        result = evaluate(wanted, cohorts={"7": COHORT}, person_properties=properties)
        assert result is not None
        assert result.enabled == expected


@pytest.mark.parametrize(
    "cohort",
    [
        {"type": "OR", "values": [{"type": "behavioral", "key": "$pageview", "value": "x"}]},
        {"type": "XOR", "values": []},
        "malformed",
        {"type": "AND", "values": [{"type": "cohort", "key": "id", "value": 7}]},
    ],
)
def test_a_cohort_that_cannot_be_evaluated_leaves_the_flag_open(cohort: Any) -> None:
    wanted = flag(groups=[{"properties": [{"type": "cohort", "key": "id", "value": 7}]}])

    assert evaluate(wanted, cohorts={"7": cohort}) is None
    assert evaluate(wanted) is None


@pytest.mark.parametrize(
    ("expected_value", "enabled"), [(True, True), ("blue", False), ("red", True), (False, False)]
)
def test_a_flag_may_depend_on_the_value_of_another(expected_value: Any, enabled: bool) -> None:
    other = flag("other", 2, groups=[{**EVERYONE, "variant": "red"}], multivariate=BLUE_RED)
    for reference in ("other", "2"):
        wanted = on(reference, expected_value, "flag_evaluates_to", "flag")
        result = evaluate(flag(groups=[{"properties": [wanted]}]), other)
        assert result is not None
        assert result.enabled == enabled


def test_flags_in_a_circle_end_undecided() -> None:
    one = flag("one", 1, groups=[{"properties": [on("two", True, "flag_evaluates_to", "flag")]}])
    two = flag("two", 2, groups=[{"properties": [on("one", True, "flag_evaluates_to", "flag")]}])

    assert evaluate(one, two) is None


def test_a_flag_that_depends_on_none_there_is_is_off() -> None:
    wanted = on("gone", False, "flag_evaluates_to", "flag")

    assert evaluate(flag(groups=[{"properties": [wanted]}])) == FlagResult(
        False, None, Reason.MISSING_DEPENDENCY
    )


def test_a_holdout_comes_before_every_condition() -> None:
    for held_out in (
        flag(groups=[EVERYONE], holdout={"id": 4, "exclusion_percentage": 100}),
        flag(
            groups=[EVERYONE], holdout_groups=[{"variant": "holdout-4", "rollout_percentage": 100}]
        ),
    ):
        assert evaluate(held_out) == FlagResult(True, "holdout-4", Reason.HOLDOUT_CONDITION_VALUE)
    free = flag(groups=[EVERYONE], holdout={"id": 4, "exclusion_percentage": 0})
    assert evaluate(free) == FlagResult(True, None, Reason.CONDITION_MATCH, 0)


def test_early_access_wins_over_the_conditions() -> None:
    key = "$feature_enrollment/flag"
    enrolled = flag(groups=[NOBODY], feature_enrollment=True)
    older = flag(groups=[EVERYONE], super_groups=[{"properties": [on(key, ["true"])]}])

    assert evaluate(enrolled, person_properties={key: True}) == FlagResult(
        True, None, Reason.SUPER_CONDITION_VALUE, 0
    )
    assert evaluate(enrolled) == FlagResult(False, None, Reason.SUPER_CONDITION_VALUE, 0)
    assert evaluate(enrolled, complete=False) is None
    assert evaluate(older, person_properties={key: "false"}) == FlagResult(
        False, None, Reason.SUPER_CONDITION_VALUE, 0
    )
    assert evaluate(older) == FlagResult(True, None, Reason.CONDITION_MATCH, 0)
    assert evaluate(older, complete=False) is None


def test_a_flag_by_device_keeps_its_value_for_everyone_on_it() -> None:
    by_device = flag(groups=[EVERYONE], multivariate=BLUE_RED, bucketing_identifier="device_id")
    on_one_device = {
        evaluate(by_device, distinct_id=person, device_id="device") for person in "abcdefgh"
    }
    without = evaluate(by_device, distinct_id="user-1")

    assert len(on_one_device) == 1
    assert without == evaluate(flag(groups=[EVERYONE], multivariate=BLUE_RED))


def test_a_kept_id_decides_where_the_experience_must_continue() -> None:
    kept = flag(groups=[EVERYONE], multivariate=BLUE_RED, ensure_experience_continuity=True)
    plain = flag(groups=[EVERYONE], multivariate=BLUE_RED)

    for number in range(20):
        anonymous = f"anonymous-{number}"
        assert evaluate(kept, kept_ids={"flag": anonymous}) == evaluate(
            plain, distinct_id=anonymous
        )
    assert evaluate(kept, kept_ids=None) is None
    same_for_all = flag(groups=[EVERYONE], ensure_experience_continuity=True)
    assert evaluate(same_for_all, kept_ids=None) is not None


def test_a_pattern_takes_no_longer_than_the_text() -> None:
    assert matches_pattern("(a+)+$", "a" * 100_000 + "b") is False


def test_classes_of_characters_mean_all_of_unicode() -> None:
    assert matches_pattern(r"^\w+$", "Ünï_\u0661")
    assert matches_pattern(r"^[\w-]+$", "é-é")
    assert matches_pattern(r"^\d$", "٣")
    assert not matches_pattern(r"\W", "é")
    assert matches_pattern(r"(?=a)b", "ab") is None
    assert matches_pattern("a" * 2000, "a") is None
