"""Whom flags are evaluated for, and what is known of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One person and their groups at one moment.

    `groups` maps a group type to the group's key. `complete` says that the properties are all
    there are; without it a property that is not given may still exist. `kept_ids` maps the key of
    a flag with experience continuity to the id that it goes on with; None means not known.
    """

    distinct_id: str
    device_id: str | None = None
    anonymous_id: str | None = None
    person_properties: Mapping[str, Any] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    group_properties: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    complete: bool = False
    kept_ids: Mapping[str, str] | None = None
