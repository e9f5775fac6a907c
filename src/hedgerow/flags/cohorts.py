"""Cohorts as conditions: nested groups of filters on a person's properties (sdk-contract §11.2)."""

from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

import msgspec

from hedgerow.flags.definition import FilterGroup, PropertyFilter

MEMBER_OPERATORS: Final = ("exact", "in", "not_in")
_DEPTH_MAX: Final = 20


class CohortGroup(NamedTuple):
    """All (`every`) or any of the members must match; a group without members always does."""

    every: bool
    members: "tuple[CohortGroup | PropertyFilter, ...]"


def parse_cohort(value: Any) -> CohortGroup | None:
    """A cohort's filters; None where they ask for more than properties, or are malformed."""
    try:
        return _group(value, _DEPTH_MAX)
    except (msgspec.ValidationError, ValueError):
        return None


def match_group(group: CohortGroup, match: Callable[[PropertyFilter], bool | None]) -> bool | None:
    """`match` decides on one filter; None where too many of them are undecided."""
    return decide(group.every, (_match_member(member, match) for member in group.members))


def decide(every: bool, answers: Iterable[bool | None]) -> bool | None:
    """All, or any, of answers of which some are not known (None)."""
    known = True
    for answer in answers:
        if answer is None:
            known = False
        elif answer != every:
            return answer
    return every if known else None


def _match_member(
    member: CohortGroup | PropertyFilter, match: Callable[[PropertyFilter], bool | None]
) -> bool | None:
    if isinstance(member, CohortGroup):
        return match_group(member, match)
    matched = match(member)
    return matched if matched is None else matched != member.negation


def _group(value: Any, depth_left: int) -> CohortGroup:
    if depth_left == 0:
        raise ValueError("nested too deeply")
    if value == {}:
        return CohortGroup(every=True, members=())
    group = msgspec.convert(value, FilterGroup)
    if group.type not in ("AND", "OR"):
        raise ValueError(f"groups are joined by AND or OR, not {group.type}")
    members = tuple(_member(item, depth_left) for item in group.values)
    # Without members nothing is asked for, so everybody matches.
    return CohortGroup(every=group.type == "AND" or not members, members=members)


def _member(item: dict[str, Any], depth_left: int) -> CohortGroup | PropertyFilter:
    if not item or "values" in item or item.get("type") in ("AND", "OR"):
        return _group(item, depth_left - 1)
    if item.get("type", "person") not in ("person", "cohort", "flag"):
        raise ValueError("only properties, cohorts and flags can be evaluated")
    return msgspec.convert(item, PropertyFilter)
