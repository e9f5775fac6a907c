"""What ingest asks the directory about persons while it computes a batch."""

from collections.abc import Collection
from dataclasses import dataclass

from hedgerow.directory.batch import DistinctId, Person, PersonOverride
from hedgerow.directory.engine import Directory
from hedgerow.directory.overrides import load_overrides
from hedgerow.directory.persons import load_distinct_ids, load_persons


@dataclass(frozen=True, slots=True)
class PeopleReader:
    directory: Directory

    def persons(self, project_id: int, distinct_ids: Collection[str]) -> dict[str, Person]:
        """The persons of these distinct ids; unknown ones are left out."""
        return load_persons(self.directory, project_id, distinct_ids)

    def distinct_ids(self, project_id: int, person_id: bytes) -> list[DistinctId]:
        """All distinct ids of one person, the oldest first."""
        return load_distinct_ids(self.directory, project_id, person_id)

    def overrides(self, project_id: int, person_id: bytes) -> list[PersonOverride]:
        """Every old person id that counts for this person."""
        return load_overrides(self.directory, project_id, person_id)
