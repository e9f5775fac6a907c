"""Whether one property matches one filter (sdk-contract §11.2).

Three answers: yes, no, and None where it cannot be known, because a property that decides was not
among those given. With all properties given (`complete`) a missing one is known to be missing.
"""

import operator as compare
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from hedgerow.flags.dates import condition_date, names_a_day, property_date
from hedgerow.flags.definition import PropertyFilter
from hedgerow.flags.patterns import matches_pattern
from hedgerow.flags.values import as_ascii_lower, as_number, as_text, is_true, is_truth_value
from hedgerow.flags.versions import parse_range, parse_version

# (the filter's value, the property's value, now) → whether they match
_Match = Callable[[Any, Any, datetime], bool]


def _exact(wanted: Any, actual: Any, _now: datetime) -> bool:
    """Text without case; a filter of only true and false compares truth instead."""
    if wanted == []:
        return is_true(actual)
    if is_truth_value(wanted):
        return is_true(wanted) == is_true(actual)
    text = as_text(actual).lower()
    candidates = wanted if isinstance(wanted, list) else [wanted]
    return any(as_text(candidate).lower() == text for candidate in candidates)


def _contains(wanted: Any, actual: Any, _now: datetime) -> bool:
    return as_ascii_lower(wanted) in as_ascii_lower(actual)


def _contains_any(wanted: Any, actual: Any, _now: datetime) -> bool:
    text = as_ascii_lower(actual)
    candidates = wanted if isinstance(wanted, list) else [wanted]
    return any(as_ascii_lower(candidate) in text for candidate in candidates)


def _starts_with(wanted: Any, actual: Any, _now: datetime) -> bool:
    return as_ascii_lower(actual).startswith(as_ascii_lower(wanted))


def _ends_with(wanted: Any, actual: Any, _now: datetime) -> bool:
    return as_ascii_lower(actual).endswith(as_ascii_lower(wanted))


def _regex(wanted: Any, actual: Any, _now: datetime) -> bool:
    return matches_pattern(as_text(wanted), as_text(actual)) is True


def _not_regex(wanted: Any, actual: Any, _now: datetime) -> bool:
    """An invalid pattern matches nothing, in this direction too."""
    return matches_pattern(as_text(wanted), as_text(actual)) is False


def _number(compared: Callable[[float, float], bool]) -> _Match:
    def match(wanted: Any, actual: Any, _now: datetime) -> bool:
        left, right = as_number(actual), as_number(wanted)
        return left is not None and right is not None and compared(left, right)

    return match


def _date(compared: Callable[[datetime, datetime], bool]) -> _Match:
    def match(wanted: Any, actual: Any, now: datetime) -> bool:
        left, right = property_date(actual, now), condition_date(wanted, now)
        return left is not None and right is not None and compared(left, right)

    return match


def _date_exact(wanted: Any, actual: Any, now: datetime) -> bool:
    """The same moment; the same day where the filter names a day."""
    left, right = property_date(actual, now), condition_date(wanted, now)
    if left is None or right is None:
        return False
    return left.date() == right.date() if names_a_day(wanted) else left == right


def _version(compared: Callable[[Any, Any], bool]) -> _Match:
    def match(wanted: Any, actual: Any, _now: datetime) -> bool:
        left, right = parse_version(actual), parse_version(wanted)
        return left is not None and right is not None and compared(left, right)

    return match


def _version_range(operator: str) -> _Match:
    def match(wanted: Any, actual: Any, _now: datetime) -> bool:
        version, allowed = parse_version(actual), parse_range(operator, wanted)
        return (
            version is not None and allowed is not None and allowed.lower <= version < allowed.upper
        )

    return match


def _not(match: _Match) -> _Match:
    return lambda wanted, actual, now: not match(wanted, actual, now)


_MATCHES: Final[dict[str, _Match]] = {
    "exact": _exact,
    "is_not": _not(_exact),
    "icontains": _contains,
    "not_icontains": _not(_contains),
    "icontains_multi": _contains_any,
    "not_icontains_multi": _not(_contains_any),
    "starts_with": _starts_with,
    "not_starts_with": _not(_starts_with),
    "ends_with": _ends_with,
    "not_ends_with": _not(_ends_with),
    "regex": _regex,
    "not_regex": _not_regex,
    "gt": _number(compare.gt),
    "gte": _number(compare.ge),
    "lt": _number(compare.lt),
    "lte": _number(compare.le),
    "is_date_before": _date(compare.lt),
    "is_date_after": _date(compare.gt),
    "is_date_exact": _date_exact,
    "semver_eq": _version(compare.eq),
    "semver_neq": _version(compare.ne),
    "semver_gt": _version(compare.gt),
    "semver_gte": _version(compare.ge),
    "semver_lt": _version(compare.lt),
    "semver_lte": _version(compare.le),
    **{name: _version_range(name) for name in ("semver_tilde", "semver_caret", "semver_wildcard")},
}

PROPERTY_OPERATORS: Final = frozenset((*_MATCHES, "is_set", "is_not_set"))
# What a property that does not exist satisfies.
_MATCHES_MISSING: Final = frozenset(
    (
        *("is_not", "is_not_set", "not_icontains", "not_icontains_multi", "not_regex"),
        *("not_starts_with", "not_ends_with"),
    )
)
# Null has no number, date or version; for the others it is the text "null".
_TAKES_NULL: Final = frozenset(
    (
        *("exact", "is_not", "icontains", "not_icontains", "icontains_multi"),
        *("not_icontains_multi", "starts_with", "not_starts_with", "ends_with", "not_ends_with"),
        *("regex", "not_regex"),
    )
)


def match_property(
    wanted: PropertyFilter, properties: Mapping[str, Any], *, complete: bool, now: datetime
) -> bool | None:
    """Whether `properties` satisfy the filter; None where they do not decide it."""
    operator = wanted.operator or "exact"
    if operator not in PROPERTY_OPERATORS:
        return None
    if wanted.key not in properties:
        return operator in _MATCHES_MISSING if complete else None
    if operator == "is_set":
        return True
    if operator == "is_not_set":
        return False
    actual = properties[wanted.key]
    if actual is None and operator not in _TAKES_NULL:
        return False
    return _MATCHES[operator](wanted.value, actual, now)
