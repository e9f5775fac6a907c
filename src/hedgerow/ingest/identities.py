"""Which distinct ids and old person ids stand for which person, as far as the batch has come.

The directory answers for what no batch has touched; this answers for the rest, since the batch
before may be committed or not at the moment the directory is asked. Both together are exact.
"""

from collections import defaultdict

from hedgerow.core.ids import person_uuid
from hedgerow.directory.batch import DistinctId, Person, PersonOverride
from hedgerow.ingest.people_source import PeopleSource

PersonKey = tuple[int, bytes]


class Identities:
    """Kept until `forget`; what the present batch has changed is told apart by `begin_batch`."""

    def __init__(self, source: PeopleSource) -> None:
        self._source = source
        self.forget()

    def forget(self) -> None:
        self._ids: dict[tuple[int, str], DistinctId] = {}
        self._ids_of: defaultdict[PersonKey, dict[str, None]] = defaultdict(dict)
        self._overrides: dict[PersonKey, PersonOverride] = {}
        self._overrides_to: defaultdict[PersonKey, dict[bytes, None]] = defaultdict(dict)
        # The directory knows nothing of these that is not here too.
        self._created: set[PersonKey] = set()
        self.begin_batch()

    def begin_batch(self) -> None:
        self._changed_ids: dict[tuple[int, str], DistinctId] = {}
        self._changed_overrides: dict[PersonKey, PersonOverride] = {}

    def changed_distinct_ids(self) -> list[DistinctId]:
        """In the order in which they were first seen, which is the order they are shown in."""
        return list(self._changed_ids.values())

    def changed_overrides(self) -> list[PersonOverride]:
        return list(self._changed_overrides.values())

    def create(self, person: Person, distinct_id: str) -> None:
        """A new person and the id it was created with."""
        self._created.add((person.project_id, person.id))
        self._put(DistinctId(person.project_id, distinct_id, person.id))

    def attach(self, person: Person, distinct_id: str) -> None:
        """An unknown id joins the person, and with it its personless events (§3.4)."""
        self._put(DistinctId(person.project_id, distinct_id, person.id, version=1))
        old_id = person_uuid(person.project_id, distinct_id).bytes
        if old_id != person.id:
            self._override(PersonOverride(person.project_id, old_id, person.id, version=1))

    def merge(self, survivor: Person, source: Person) -> list[str]:
        """All that stood for the source stands for the survivor; the distinct ids that moved."""
        project_id = source.project_id
        moved = self._distinct_ids_of(source)
        for item in moved:
            self._put(DistinctId(project_id, item.distinct_id, survivor.id, item.version + 1))
        for override in self._overrides_of(source):
            again = PersonOverride(
                project_id, override.old_person_id, survivor.id, override.version + 1
            )
            self._override(again)
        self._override(PersonOverride(project_id, source.id, survivor.id, version=1))
        return [item.distinct_id for item in moved]

    def _put(self, item: DistinctId) -> None:
        key = item.project_id, item.distinct_id
        self._ids[key] = self._changed_ids[key] = item
        self._ids_of[item.project_id, item.person_id][item.distinct_id] = None

    def _override(self, item: PersonOverride) -> None:
        key = item.project_id, item.old_person_id
        self._overrides[key] = self._changed_overrides[key] = item
        self._overrides_to[item.project_id, item.person_id][item.old_person_id] = None

    def _distinct_ids_of(self, person: Person) -> list[DistinctId]:
        key = project_id, person_id = person.project_id, person.id
        found = [] if key in self._created else self._source.distinct_ids(project_id, person_id)
        untouched = [item for item in found if (project_id, item.distinct_id) not in self._ids]
        touched = [self._ids[project_id, name] for name in self._ids_of.get(key, ())]
        return untouched + [item for item in touched if item.person_id == person_id]

    def _overrides_of(self, person: Person) -> list[PersonOverride]:
        key = project_id, person_id = person.project_id, person.id
        found = [] if key in self._created else self._source.overrides(project_id, person_id)
        untouched = [
            item for item in found if (project_id, item.old_person_id) not in self._overrides
        ]
        touched = [self._overrides[project_id, old] for old in self._overrides_to.get(key, ())]
        return untouched + [item for item in touched if item.person_id == person_id]
