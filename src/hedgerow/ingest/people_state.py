"""The persons of a batch: loaded at once, changed in memory, written at the end.

Those of the batches before are kept, up to a limit, since active people come back. What is kept is
what was committed: after a failure everything is forgotten.
"""

import copy
from collections.abc import Callable, Collection
from typing import Final

from hedgerow.core import json
from hedgerow.core.ids import person_uuid
from hedgerow.directory.batch import DistinctId, Person
from hedgerow.people.person_properties import PersonChange, is_plain

KEPT_DISTINCT_IDS_MAX: Final = 20_000

LoadPersons = Callable[[int, Collection[str]], dict[str, Person]]


class PeopleState:
    """Who a distinct id is, as far into the batch as the steps have come."""

    def __init__(self, load: LoadPersons, kept_max: int = KEPT_DISTINCT_IDS_MAX) -> None:
        self._load = load
        self._kept_max = kept_max
        self.forget()

    def forget(self) -> None:
        self._by_distinct_id: dict[tuple[int, str], Person] = {}
        self._by_id: dict[tuple[int, bytes], Person] = {}
        self._changed: dict[tuple[int, bytes], Person] = {}
        self._texts: dict[tuple[int, bytes], bytes] = {}
        self._settled: dict[tuple[int, bytes], PersonChange] = {}
        self.new_distinct_ids: list[DistinctId] = []

    def begin_batch(self) -> None:
        """What the batch before changed is committed, or about to be."""
        self._changed = {}
        self.new_distinct_ids = []

    def load(self, project_id: int, distinct_ids: Collection[str]) -> None:
        wanted = [item for item in distinct_ids if (project_id, item) not in self._by_distinct_id]
        for distinct_id, person in self._load(project_id, wanted).items():
            # One object a person, under all its distinct ids.
            one = self._by_id.setdefault((project_id, person.id), person)
            self._by_distinct_id[project_id, distinct_id] = one

    @property
    def is_full(self) -> bool:
        """Whether to `forget` before the next batch, so that memory stays bounded."""
        return len(self._by_distinct_id) > self._kept_max

    def changed(self) -> list[Person]:
        """Copies, since the next batch may change a person while this one is written."""
        return [copy.copy(person) for person in self._changed.values()]

    def properties_text(self, person: Person) -> bytes:
        """The person's properties as JSON; encoded again only after a change."""
        key = (person.project_id, person.id)
        text = self._texts.get(key)
        if text is None:
            text = self._texts[key] = json.encode(person.properties)
        return text

    def is_settled(self, person: Person, change: PersonChange) -> bool:
        """Whether the same change was the person's last and left nothing to do."""
        settled = self._settled.get((person.project_id, person.id))
        return settled == change and is_plain(change)

    def settle(self, person: Person, change: PersonChange) -> None:
        if is_plain(change):
            self._settled[person.project_id, person.id] = change

    def find(self, project_id: int, distinct_id: str) -> Person | None:
        return self._by_distinct_id.get((project_id, distinct_id))

    def create(
        self, project_id: int, distinct_id: str, properties: dict[str, object], created_at_us: int
    ) -> Person:
        """Its uuid follows from project and distinct id, so a replay makes the same (§2)."""
        person = Person(
            project_id=project_id,
            id=person_uuid(project_id, distinct_id).bytes,
            properties=properties,
            created_at_us=created_at_us,
        )
        self._by_distinct_id[project_id, distinct_id] = person
        self._by_id[project_id, person.id] = person
        self.new_distinct_ids.append(DistinctId(project_id, distinct_id, person.id))
        self._changed[project_id, person.id] = person
        return person

    def update(self, person: Person, properties: dict[str, object]) -> None:
        person.properties = properties
        person.version += 1
        self._changed[person.project_id, person.id] = person
        self._texts.pop((person.project_id, person.id), None)
        self._settled.pop((person.project_id, person.id), None)
