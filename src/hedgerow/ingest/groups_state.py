"""The groups of a batch: loaded when they are named, changed in memory, written at the end.

Kept like the persons (`people_state.py`): until `forget`, since the batch before may not be
committed when the directory is asked.
"""

import copy
from typing import Any, Final, Protocol

from hedgerow.core import json, limits
from hedgerow.directory.batch import Group, GroupType
from hedgerow.people.groups import GROUP_TYPES_MAX, merged_group

KEPT_GROUPS_MAX: Final = 20_000

_GroupKey = tuple[int, int, str]


class GroupSource(Protocol):
    def types(self, project_id: int) -> dict[str, int]:
        """The project's group types and their indexes."""
        ...

    def group(self, project_id: int, type_index: int, group_key: str) -> Group | None: ...


class GroupsState:
    """Which group types and groups there are, as far into the batch as the steps have come."""

    def __init__(self, source: GroupSource) -> None:
        self._source = source
        self.forget()

    def forget(self) -> None:
        self._types: dict[int, dict[str, int]] = {}
        self._groups: dict[_GroupKey, Group] = {}
        self.begin_batch()

    def begin_batch(self) -> None:
        """What the batch before changed is committed, or about to be."""
        self.new_types: list[GroupType] = []
        self._changed: dict[_GroupKey, Group] = {}

    @property
    def is_full(self) -> bool:
        """Whether to `forget` before the next batch, so that memory stays bounded."""
        return len(self._groups) > KEPT_GROUPS_MAX

    def changed(self) -> list[Group]:
        """Copies, since the next batch may change a group while this one is written."""
        return [copy.copy(group) for group in self._changed.values()]

    def type_index(self, project_id: int, group_type: str, created_at_us: int) -> int | None:
        """The type's index, given at first use; None where all five are taken (§8)."""
        types = self._known(project_id)
        index = types.get(group_type)
        if index is None and len(types) < GROUP_TYPES_MAX:
            index = types[group_type] = len(types)
            self.new_types.append(GroupType(project_id, group_type, index, created_at_us))
        return index

    def known_index(self, project_id: int, group_type: str) -> int | None:
        """The type's index if it has one; none is given here."""
        return self._known(project_id).get(group_type)

    def _known(self, project_id: int) -> dict[str, int]:
        types = self._types.get(project_id)
        if types is None:
            types = self._types[project_id] = self._source.types(project_id)
        return types

    def upsert(
        self,
        project_id: int,
        type_index: int,
        group_key: str,
        properties: dict[str, Any],
        created_at_us: int,
    ) -> bool:
        """Make the group, or merge `properties` into it (§8).

        False where it would become larger than a group may be; then it stays as it was.
        """
        key = (project_id, type_index, group_key)
        group = self._groups.get(key) or self._source.group(*key)
        if group is None:
            group = Group(project_id, type_index, group_key, properties, created_at_us)
        else:
            merged = merged_group(group.properties, properties)
            self._groups[key] = group
            if merged is None:
                return True
            if len(json.encode(merged)) > limits.GROUP_PROPERTIES_BYTES_MAX:
                return False
            group.properties = merged
            group.version += 1
        self._groups[key] = self._changed[key] = group
        return True
