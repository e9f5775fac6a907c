"""Rows beside the events and persons: overrides, groups, heatmaps."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class OverrideRow:
    """Events that carry `old_person_id` count for `person_id`: latest version wins."""

    project_id: int
    old_person_id: bytes
    person_id: bytes
    version: int
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class GroupRow:
    """The store's copy of a group: latest version wins. `properties` is JSON text."""

    project_id: int
    group_type_index: int
    group_key: str
    properties: bytes
    created_at_us: int
    version: int
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class HeatmapRow:
    """One point. `log_position`, `log_index` and `number` name it once and for all.

    Coordinates and viewport are on a grid of 16 pixels (ingestion §15).
    """

    project_id: int
    log_position: int
    log_index: int
    number: int
    timestamp_us: int
    session_id: str
    distinct_id: str
    x: int
    y: int
    viewport_width: int
    viewport_height: int
    is_target_fixed: bool
    url: str
    type: str


@dataclass(slots=True)
class SideRows:
    """Everything that one batch writes beside events, persons and distinct ids."""

    overrides: Sequence[OverrideRow] = field(default_factory=list)
    groups: Sequence[GroupRow] = field(default_factory=list)
    heatmaps: Sequence[HeatmapRow] = field(default_factory=list)
