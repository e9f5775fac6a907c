"""All flags of one project with what their conditions refer to, looked up by key and id."""

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

from hedgerow.flags.cohorts import parse_cohort
from hedgerow.flags.definition import FlagDefinition


class ProjectFlags:
    """`group_types` maps an index to a group type; cohorts that cannot be evaluated are None."""

    def __init__(
        self,
        flags: Sequence[FlagDefinition] = (),
        *,
        cohorts: Mapping[str, Any] | None = None,
        group_types: Mapping[int, str] | None = None,
    ) -> None:
        self.flags = tuple(flags)
        self.group_types = dict(group_types or {})
        self.cohorts = {key: parse_cohort(value) for key, value in (cohorts or {}).items()}
        self._by_key = {flag.key: flag for flag in self.flags}
        self._by_id = {str(flag.id): flag for flag in self.flags}
        self._broken = {flag.key for flag in self.flags if self._lacks_dependency(flag)}

    def find(self, reference: str) -> FlagDefinition | None:
        """A flag by its key; by its id where no flag has that key."""
        return self._by_key.get(reference) or self._by_id.get(reference)

    def with_group_types(self, group_types: Mapping[int, str]) -> "ProjectFlags":
        """The same flags with newer group types."""
        other = copy(self)
        other.group_types = dict(group_types)
        return other

    def is_broken(self, flag: FlagDefinition) -> bool:
        """Whether it depends on a flag that does not exist."""
        return flag.key in self._broken

    def _lacks_dependency(self, flag: FlagDefinition) -> bool:
        return any(
            wanted.type == "flag" and self.find(wanted.key) is None
            for condition in flag.filters.groups or []
            for wanted in condition.properties or []
        )
