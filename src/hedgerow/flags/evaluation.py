"""The algorithm of feature flags (sdk-contract §11.1), as PostHog's service and SDKs compute it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from hedgerow.flags.cohorts import MEMBER_OPERATORS, decide, match_group
from hedgerow.flags.definition import NOT_GIVEN, Condition, FlagDefinition, PropertyFilter
from hedgerow.flags.hashing import VARIANT_SALT, holdout_hash, rollout_hash
from hedgerow.flags.operators import match_property
from hedgerow.flags.project_flags import ProjectFlags
from hedgerow.flags.subject import Subject


class Reason(StrEnum):
    """Why a flag is on or off, the weightiest first: of several the first one is told."""

    SUPER_CONDITION_VALUE = "super_condition_value"
    HOLDOUT_CONDITION_VALUE = "holdout_condition_value"
    CONDITION_MATCH = "condition_match"
    NO_GROUP_TYPE = "no_group_type"
    OUT_OF_ROLLOUT_BOUND = "out_of_rollout_bound"
    NO_CONDITION_MATCH = "no_condition_match"
    FLAG_DISABLED = "flag_disabled"
    MISSING_DEPENDENCY = "missing_dependency"


_WEIGHT: Final = {reason: weight for weight, reason in enumerate(Reason)}


class FlagResult(NamedTuple):
    """`condition_index` counts from 0: the condition set that decided."""

    enabled: bool
    variant: str | None
    reason: Reason
    condition_index: int | None = None

    @property
    def value(self) -> bool | str:
        return self.enabled if self.variant is None else self.variant


_OFF: Final = FlagResult(enabled=False, variant=None, reason=Reason.NO_CONDITION_MATCH)
_DISABLED: Final = _OFF._replace(reason=Reason.FLAG_DISABLED)
_BROKEN: Final = _OFF._replace(reason=Reason.MISSING_DEPENDENCY)
_NO_GROUP: Final = _OFF._replace(reason=Reason.NO_GROUP_TYPE)


class Evaluation:
    """One subject's flags at one moment, each evaluated once.

    A result is None where what is known does not decide it.
    """

    def __init__(self, project: ProjectFlags, subject: Subject, now: datetime) -> None:
        self._project = project
        self._subject = subject
        self._now = now
        self._results: dict[str, FlagResult | None] = {}
        self._person_properties = {
            "distinct_id": subject.distinct_id,
            **subject.person_properties,
        }

    def result(self, flag: FlagDefinition) -> FlagResult | None:
        if flag.key not in self._results:
            # While it is being evaluated it is undecided: a circle of flags ends here.
            self._results[flag.key] = None
            self._results[flag.key] = self._evaluate(flag)
        return self._results[flag.key]

    def _evaluate(self, flag: FlagDefinition) -> FlagResult | None:
        if not flag.active:
            return _DISABLED
        if self._project.is_broken(flag):
            return _BROKEN
        enrolled, answered = self._enrollment(flag)
        if answered:
            return enrolled
        aggregation = flag.filters.aggregation_group_type_index
        if aggregation is not None and self._group_type(aggregation) is None:
            return None if self._is_unknown_type(aggregation) else _NO_GROUP
        if aggregation is None and self._kept_id_is_missing(flag):
            return None
        held_out = _holdout_variant(flag, self._bucketing_id(flag, aggregation))
        if held_out is not None:
            return FlagResult(enabled=True, variant=held_out, reason=Reason.HOLDOUT_CONDITION_VALUE)
        return self._match_conditions(flag, aggregation)

    def _enrollment(self, flag: FlagDefinition) -> tuple[FlagResult | None, bool]:
        """What early access decides, and whether it decides at all."""
        filters = flag.filters
        if filters.feature_enrollment:
            wanted = PropertyFilter(key=f"$feature_enrollment/{flag.key}", value=["true"])
            return self._super_result(Condition(properties=[wanted])), True
        for condition in (filters.super_groups or [])[:1]:
            asked = [wanted.key for wanted in condition.properties or []]
            if any(key in self._person_properties for key in asked):
                return self._super_result(condition), True
            if asked and not self._subject.complete:
                return None, True
        return None, False

    def _super_result(self, condition: Condition) -> FlagResult | None:
        matched = self._match_properties(condition, None)
        if matched is None:
            return None
        return FlagResult(
            enabled=matched, variant=None, reason=Reason.SUPER_CONDITION_VALUE, condition_index=0
        )

    def _kept_id_is_missing(self, flag: FlagDefinition) -> bool:
        return flag.ensure_experience_continuity and flag.hashes and self._subject.kept_ids is None

    def _bucketing_id(self, flag: FlagDefinition, aggregation: int | None) -> str:
        """The id that is hashed. A flag by device falls back to the person without one."""
        subject = self._subject
        if aggregation is not None:
            return subject.groups[self._project.group_types[aggregation]]
        if flag.buckets_by_device:
            return subject.device_id or subject.distinct_id
        if flag.ensure_experience_continuity and subject.kept_ids is not None:
            return subject.kept_ids.get(flag.key, subject.distinct_id)
        return subject.distinct_id

    def _group_type(self, index: int) -> str | None:
        """The type with this index, if one of the subject's groups is of it."""
        name = self._project.group_types.get(index)
        return name if name in self._subject.groups else None

    def _is_unknown_type(self, index: int) -> bool:
        """Whether the type may exist without being known here yet."""
        return not self._subject.complete and index not in self._project.group_types

    def _match_conditions(
        self, flag: FlagDefinition, flag_aggregation: int | None
    ) -> FlagResult | None:
        """The first condition set that matches decides.

        One that is undecided before it leaves the answer open, unless both would give the same.
        """
        best = _OFF
        undecided: list[Condition] = []
        for index, condition in enumerate(flag.filters.groups or []):
            reason = self._match_condition(flag, condition, flag_aggregation)
            if reason is None:
                undecided.append(condition)
            elif reason is Reason.CONDITION_MATCH:
                if not _same_value(flag, condition, undecided):
                    return None
                variant = self._variant(flag, condition, flag_aggregation)
                return FlagResult(True, variant, reason, index)
            else:
                if _WEIGHT[reason] < _WEIGHT[best.reason]:
                    best = FlagResult(False, None, reason, index)
                if flag.filters.early_exit and reason is Reason.OUT_OF_ROLLOUT_BOUND:
                    break
        return None if undecided else best

    def _match_condition(
        self, flag: FlagDefinition, condition: Condition, flag_aggregation: int | None
    ) -> Reason | None:
        aggregation = _aggregation(condition, flag_aggregation)
        if aggregation is not None and self._group_type(aggregation) is None:
            return None if self._is_unknown_type(aggregation) else Reason.NO_GROUP_TYPE
        matched = self._match_properties(condition, aggregation)
        if matched is None:
            return None
        if not matched:
            return Reason.NO_CONDITION_MATCH
        percentage = condition.rollout_percentage
        if percentage is None:
            return Reason.CONDITION_MATCH
        place = rollout_hash(flag.key, self._bucketing_id(flag, aggregation))
        return Reason.OUT_OF_ROLLOUT_BOUND if place > percentage / 100 else Reason.CONDITION_MATCH

    def _match_properties(self, condition: Condition, aggregation: int | None) -> bool | None:
        return decide(
            True, (self._match(wanted, aggregation) for wanted in condition.properties or [])
        )

    def _match(self, wanted: PropertyFilter, aggregation: int | None) -> bool | None:
        if wanted.type == "cohort":
            return self._match_cohort(wanted, aggregation)
        if wanted.type == "flag":
            return self._match_flag(wanted)
        properties, complete = self._properties(wanted, aggregation)
        return match_property(wanted, properties, complete=complete, now=self._now)

    def _properties(
        self, wanted: PropertyFilter, aggregation: int | None
    ) -> tuple[Mapping[str, Any], bool]:
        index = aggregation
        if wanted.type == "group" and wanted.group_type_index is not None:
            index = wanted.group_type_index
        if index is None:
            return self._person_properties, self._subject.complete
        name = self._group_type(index)
        if name is None:
            return {}, True
        given = self._subject.group_properties.get(name, {})
        return {"$group_key": self._subject.groups[name], **given}, self._subject.complete

    def _match_cohort(self, wanted: PropertyFilter, aggregation: int | None) -> bool | None:
        cohort = self._project.cohorts.get(str(wanted.value))
        operator = wanted.operator or "exact"
        if cohort is None or operator not in MEMBER_OPERATORS:
            return None
        try:
            matched = match_group(cohort, lambda member: self._match(member, aggregation))
        except RecursionError:
            # Cohorts that contain each other.
            return None
        return matched if matched is None else matched == (operator != "not_in")

    def _match_flag(self, wanted: PropertyFilter) -> bool | None:
        """A condition that is malformed or names no flag matches nothing."""
        if wanted.operator not in (None, "flag_evaluates_to") or wanted.value is None:
            return False
        flag = self._project.find(wanted.key)
        if flag is None:
            return False
        result = self.result(flag)
        return None if result is None else _is_value(result, wanted.value)

    def _variant(
        self, flag: FlagDefinition, condition: Condition, flag_aggregation: int | None
    ) -> str | None:
        variants = flag.filters.variants
        if condition.variant and any(variant.key == condition.variant for variant in variants):
            return condition.variant
        if not variants:
            return None
        bucketing_id = self._bucketing_id(flag, _aggregation(condition, flag_aggregation))
        place = rollout_hash(flag.key, bucketing_id, VARIANT_SALT)
        # Summed as the SDKs sum, so that a place on an edge falls to the same side.
        lower = 0.0
        for variant in variants:
            upper = lower + variant.rollout_percentage / 100
            if lower <= place < upper:
                return variant.key
            lower = upper
        return None


def _aggregation(condition: Condition, flag_aggregation: int | None) -> int | None:
    given = condition.aggregation_group_type_index
    return flag_aggregation if given == NOT_GIVEN else given


def _same_value(flag: FlagDefinition, matched: Condition, undecided: list[Condition]) -> bool:
    """Whether the answer is the same if one of the `undecided` sets before matched too."""
    if undecided and flag.filters.early_exit:
        return False
    return all(
        condition.variant == matched.variant
        and condition.aggregation_group_type_index == matched.aggregation_group_type_index
        for condition in undecided
    )


def _holdout_variant(flag: FlagDefinition, bucketing_id: str) -> str | None:
    """The holdout that keeps this id out of the flag, if one does."""
    holdout = flag.filters.holdout
    if holdout is not None:
        percentage, variant = holdout.exclusion_percentage, f"holdout-{holdout.id}"
        return variant if holdout.id is not None and _held(bucketing_id, percentage) else None
    for group in flag.filters.holdout_groups or []:
        if group.variant and _held(bucketing_id, group.rollout_percentage):
            return group.variant
    return None


def _held(bucketing_id: str, percentage: float | None) -> bool:
    if percentage is None:
        return False
    share = min(max(percentage, 0.0), 100.0) / 100
    return share == 1.0 or holdout_hash(bucketing_id) <= share


def _is_value(result: FlagResult, wanted: Any) -> bool:
    """True stands for any variant; a text is one variant."""
    if isinstance(wanted, bool):
        return result.enabled == wanted
    return isinstance(wanted, str) and result.variant == wanted
