"""A flag's definition as evaluation reads it (sdk-contract §11): typed, and lenient with the rest.

What people write is checked in `checks.py`; here an unknown field is ignored, so that a newer
definition still evaluates.
"""

from typing import Any

from msgspec import Struct, field


class PropertyFilter(Struct, frozen=True):
    """One property that must match. `type` is person, group, cohort or flag."""

    key: str = ""
    value: Any = None
    operator: str | None = None
    type: str = "person"
    negation: bool = False
    group_type_index: int | None = None


class FilterGroup(Struct, frozen=True):
    """A cohort's filters: `values` holds filters and further groups, joined by `type`."""

    type: str
    values: list[dict[str, Any]]


# A condition without an aggregation of its own takes the flag's; null is one of its own.
NOT_GIVEN = -1


class Condition(Struct, frozen=True):
    """One condition set: everyone with all `properties`, cut down to `rollout_percentage`."""

    properties: list[PropertyFilter] | None = None
    rollout_percentage: float | None = None
    variant: str | None = None
    aggregation_group_type_index: int | None = NOT_GIVEN


class Variant(Struct, frozen=True):
    key: str
    rollout_percentage: float = 0
    name: str | None = None


class Multivariate(Struct, frozen=True):
    variants: list[Variant] | None = None


class Holdout(Struct, frozen=True):
    id: int | str | None = None
    exclusion_percentage: float | None = None


class HoldoutGroup(Struct, frozen=True):
    """The older form of a holdout."""

    variant: str | None = None
    rollout_percentage: float | None = None


class Filters(Struct, frozen=True):
    groups: list[Condition] | None = None
    multivariate: Multivariate | None = None
    payloads: dict[str, Any] | None = None
    aggregation_group_type_index: int | None = None
    early_exit: bool | None = None
    holdout: Holdout | None = None
    holdout_groups: list[HoldoutGroup] | None = None
    super_groups: list[Condition] | None = None
    feature_enrollment: bool | None = None
    bucketing_identifier: str | None = None

    @property
    def variants(self) -> list[Variant]:
        return (self.multivariate.variants if self.multivariate else None) or []


class FlagDefinition(Struct, frozen=True):
    """One flag. Only what evaluation and its answer need.

    `may_be_guessed`: where the core is silent, what the request says is good enough.
    """

    id: int
    key: str
    active: bool = True
    name: str = ""
    filters: Filters = field(default_factory=Filters)
    version: int = 1
    ensure_experience_continuity: bool = False
    evaluation_runtime: str = "all"
    evaluation_contexts: list[str] = field(default_factory=list)
    bucketing_identifier: str | None = None
    has_experiment: bool = False
    may_be_guessed: bool = False

    @property
    def buckets_by_device(self) -> bool:
        return (self.bucketing_identifier or self.filters.bucketing_identifier) == "device_id"

    @property
    def hashes(self) -> bool:
        """Whether the answer depends on where an id falls, or is the same for all who match."""
        cut = any(
            condition.rollout_percentage not in (None, 100)
            for condition in self.filters.groups or []
        )
        held_out = self.filters.holdout is not None or bool(self.filters.holdout_groups)
        return cut or held_out or bool(self.filters.variants)
