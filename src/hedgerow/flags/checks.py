"""What a flag's filters must be to be kept: errors name the field as the sender wrote it."""

import re
from datetime import UTC, datetime
from typing import Any, Final

from hedgerow.core import json
from hedgerow.core.errors import FieldError
from hedgerow.core.typed_json import typed
from hedgerow.flags.cohorts import MEMBER_OPERATORS
from hedgerow.flags.dates import condition_date
from hedgerow.flags.definition import Condition, Filters, PropertyFilter
from hedgerow.flags.operators import PROPERTY_OPERATORS
from hedgerow.flags.patterns import is_pattern
from hedgerow.flags.values import as_number, as_text
from hedgerow.flags.versions import parse_range, parse_version

KEY_CHARS_MAX: Final = 400
CONDITIONS_MAX: Final = 100
VARIANTS_MAX: Final = 100
PAYLOAD_CHARS_MAX: Final = 100_000
GROUP_TYPES_MAX: Final = 5
_KEY: Final = re.compile(r"[a-zA-Z0-9_-]+", re.ASCII)
_TYPES: Final = ("person", "group", "cohort", "flag")
_NO_VALUE: Final = ("is_set", "is_not_set")
# Any moment will do: only whether a date can be read is asked.
_SOME_MOMENT: Final = datetime(2026, 1, 1, tzinfo=UTC)
_SUM_TOLERANCE: Final = 1e-6


def check_key(key: str) -> None:
    """Raises `FieldError`: letters, digits, hyphens and underscores only, as in PostHog."""
    if not _KEY.fullmatch(key) or len(key) > KEY_CHARS_MAX:
        raise FieldError(
            f"A flag's key has 1 to {KEY_CHARS_MAX} letters, digits, hyphens and underscores.",
            "key",
        )


def checked_filters(value: Any) -> Filters:
    """`value` as filters that can be evaluated. Raises `FieldError`, its attribute the path."""
    if not isinstance(value, dict):
        raise FieldError("filters must be an object.", "filters")
    filters = typed(value, Filters, "filters.")
    _check_conditions(filters)
    _check_variants(filters)
    _check_payloads(filters)
    holdout = filters.holdout
    if holdout is not None:
        _check_percentage(holdout.exclusion_percentage, "filters.holdout.exclusion_percentage")
    _check_group_type(filters.aggregation_group_type_index, "filters.aggregation_group_type_index")
    return filters


def _check_conditions(filters: Filters) -> None:
    conditions = filters.groups or []
    if len(conditions) > CONDITIONS_MAX:
        raise FieldError(f"There are more than {CONDITIONS_MAX} condition sets.", "filters.groups")
    variants = {variant.key for variant in filters.variants}
    for index, condition in enumerate(conditions):
        path = f"filters.groups.{index}"
        _check_condition(condition, path)
        if condition.variant and condition.variant not in variants:
            raise FieldError(f"There is no variant {condition.variant[:40]!r}.", f"{path}.variant")
    for index, condition in enumerate(filters.super_groups or []):
        _check_condition(condition, f"filters.super_groups.{index}")


def _check_condition(condition: Condition, path: str) -> None:
    _check_percentage(condition.rollout_percentage, f"{path}.rollout_percentage")
    for index, wanted in enumerate(condition.properties or []):
        _check_property(wanted, f"{path}.properties.{index}")


def _check_property(wanted: PropertyFilter, path: str) -> None:
    if wanted.type not in _TYPES:
        raise FieldError(
            f"A condition is on one of {', '.join(_TYPES)}, not {wanted.type[:40]!r}.",
            f"{path}.type",
        )
    if wanted.type != "cohort" and not wanted.key:
        raise FieldError("A condition needs the key of a property.", f"{path}.key")
    _check_group_type(wanted.group_type_index, f"{path}.group_type_index")
    operator = wanted.operator or "exact"
    allowed = _operators_of(wanted.type)
    if wanted.operator is not None and operator not in allowed:
        raise FieldError(
            f"There is no operator {operator[:40]!r} for a {wanted.type}; there are "
            f"{', '.join(sorted(allowed))}.",
            f"{path}.operator",
        )
    if wanted.value is None and operator not in _NO_VALUE:
        raise FieldError("A condition needs a value.", f"{path}.value")
    if wanted.type in ("person", "group"):
        _check_value(operator, wanted.value, f"{path}.value")


def _operators_of(kind: str) -> frozenset[str]:
    if kind == "cohort":
        return frozenset(MEMBER_OPERATORS)
    return frozenset(("flag_evaluates_to",)) if kind == "flag" else PROPERTY_OPERATORS


def _check_value(operator: str, value: Any, path: str) -> None:
    if operator in ("regex", "not_regex") and not is_pattern(as_text(value)):
        raise FieldError(
            "This is not a regular expression that can be used: look-around and back references "
            "cannot.",
            path,
        )
    if operator in ("gt", "gte", "lt", "lte") and as_number(value) is None:
        raise FieldError("This operator compares with a number.", path)
    if operator.startswith("is_date_") and condition_date(value, _SOME_MOMENT) is None:
        raise FieldError("This is neither an ISO date nor a time ago such as -7d.", path)
    if operator.startswith("semver_"):
        ranged = operator in ("semver_tilde", "semver_caret", "semver_wildcard")
        read = parse_range(operator, value) if ranged else parse_version(value)
        if read is None:
            raise FieldError("This is not a version such as 1.2.3.", path)


def _check_variants(filters: Filters) -> None:
    variants = filters.variants
    path = "filters.multivariate.variants"
    if len(variants) > VARIANTS_MAX:
        raise FieldError(f"There are more than {VARIANTS_MAX} variants.", path)
    keys = [variant.key for variant in variants]
    if len(set(keys)) < len(keys):
        raise FieldError("Two variants have the same key.", path)
    for index, variant in enumerate(variants):
        if not variant.key:
            raise FieldError("A variant needs a key.", f"{path}.{index}.key")
        _check_percentage(variant.rollout_percentage, f"{path}.{index}.rollout_percentage")
    total = sum(variant.rollout_percentage for variant in variants)
    if variants and abs(total - 100) > _SUM_TOLERANCE:
        raise FieldError(f"The variants' percentages add up to {total:g}, not to 100.", path)


def _check_payloads(filters: Filters) -> None:
    known = {variant.key for variant in filters.variants} or {"true", "false"}
    for key, payload in (filters.payloads or {}).items():
        path = f"filters.payloads.{key[:40]}"
        if key not in known:
            raise FieldError(f"There is no variant {key[:40]!r} to give a payload.", path)
        if not isinstance(payload, str):
            continue
        if len(payload) > PAYLOAD_CHARS_MAX:
            raise FieldError(f"A payload has at most {PAYLOAD_CHARS_MAX} characters.", path)
        try:
            json.decode(payload.encode("utf-8", "surrogatepass"))
        except (ValueError, RecursionError):
            raise FieldError("A payload must be a text of valid JSON.", path) from None


def _check_percentage(percentage: float | None, path: str) -> None:
    if percentage is not None and not 0 <= percentage <= 100:
        raise FieldError("A percentage is between 0 and 100.", path)


def _check_group_type(index: int | None, path: str) -> None:
    if index is not None and not 0 <= index < GROUP_TYPES_MAX:
        raise FieldError(f"A group type has an index below {GROUP_TYPES_MAX}.", path)
