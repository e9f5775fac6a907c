"""Where ingest asks for the persons that it does not have in memory."""

from collections.abc import Collection
from typing import Protocol

from hedgerow.directory.batch import DistinctId, Person, PersonOverride


class PeopleSource(Protocol):
    def persons(self, project_id: int, distinct_ids: Collection[str]) -> dict[str, Person]:
        """The persons of these distinct ids; unknown ones are left out."""
        ...

    def distinct_ids(self, project_id: int, person_id: bytes) -> list[DistinctId]:
        """All distinct ids of one person, the oldest first."""
        ...

    def overrides(self, project_id: int, person_id: bytes) -> list[PersonOverride]:
        """Every old person id that counts for this person."""
        ...
