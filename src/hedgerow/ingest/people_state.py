"""The persons of a batch: loaded at once, changed in memory, written at the end.

Those of the batches before are kept, up to a limit, since active people come back. What is kept is
what was committed: after a failure everything is forgotten.
"""

import copy
from collections.abc import Collection
from typing import Final

from hedgerow.core import json
from hedgerow.core.ids import person_uuid
from hedgerow.directory.batch import DeletedPerson, DistinctId, Person, PersonOverride
from hedgerow.ingest.identities import Identities, PersonKey
from hedgerow.ingest.lift_memory import LiftMemory
from hedgerow.ingest.people_source import PeopleSource
from hedgerow.people.last_seen import seen_hour_us
from hedgerow.people.person_properties import PersonChange, is_plain

KEPT_DISTINCT_IDS_MAX: Final = 20_000


class PeopleState:
    """Who a distinct id is, as far into the batch as the steps have come."""

    def __init__(self, source: PeopleSource, kept_max: int = KEPT_DISTINCT_IDS_MAX) -> None:
        self._source = source
        self._kept_max = kept_max
        self._identities = Identities(source)
        self.lifted = LiftMemory()
        self.forget()

    def forget(self) -> None:
        self._by_distinct_id: dict[tuple[int, str], Person] = {}
        self._by_id: dict[PersonKey, Person] = {}
        self._texts: dict[PersonKey, bytes] = {}
        self._settled: dict[PersonKey, tuple[PersonChange, bytes]] = {}
        self._identities.forget()
        self.lifted.forget()
        self.begin_batch()

    def begin_batch(self) -> None:
        """What the batch before changed is committed, or about to be."""
        self._changed: dict[PersonKey, Person] = {}
        self.deleted: list[DeletedPerson] = []
        self._identities.begin_batch()

    def load(self, project_id: int, distinct_ids: Collection[str]) -> None:
        wanted = [item for item in distinct_ids if (project_id, item) not in self._by_distinct_id]
        for distinct_id, person in self._source.persons(project_id, wanted).items():
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

    def changed_distinct_ids(self) -> list[DistinctId]:
        return self._identities.changed_distinct_ids()

    def changed_overrides(self) -> list[PersonOverride]:
        return self._identities.changed_overrides()

    def properties_text(self, person: Person) -> bytes:
        """The person's properties as JSON; encoded again only after a change."""
        key = (person.project_id, person.id)
        text = self._texts.get(key)
        if text is None:
            text = self._texts[key] = json.encode(person.properties)
        return text

    def settled_text(self, person: Person, change: PersonChange) -> bytes | None:
        """The text of its properties if the same change was its last and left nothing to do."""
        found = self._settled.get((person.project_id, person.id))
        if found is None:
            return None
        settled, text = found
        # Only what is plain was settled.
        same = settled.set is change.set and settled.set_once is change.set_once
        if same and not change.unset and settled.always_written is change.always_written:
            return text
        return text if settled == change and is_plain(change) else None

    def settle(self, person: Person, change: PersonChange) -> None:
        if is_plain(change):
            self._settled[person.project_id, person.id] = change, self.properties_text(person)

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
            last_seen_at_us=seen_hour_us(created_at_us),
        )
        self._by_distinct_id[project_id, distinct_id] = person
        self._by_id[project_id, person.id] = person
        self._identities.create(person, distinct_id)
        self._changed[project_id, person.id] = person
        return person

    def attach(self, person: Person, distinct_id: str) -> None:
        """An id that has no person joins this one."""
        self._by_distinct_id[person.project_id, distinct_id] = person
        self._identities.attach(person, distinct_id)

    def merge(self, survivor: Person, source: Person, properties: dict[str, object]) -> None:
        """The source's ids move to the survivor, which gets `properties` (§3.3)."""
        for distinct_id in self._identities.merge(survivor, source):
            self._by_distinct_id[source.project_id, distinct_id] = survivor
        survivor.created_at_us = min(survivor.created_at_us, source.created_at_us)
        survivor.is_identified = True
        seen = (survivor.last_seen_at_us, source.last_seen_at_us)
        survivor.last_seen_at_us = max((hour for hour in seen if hour is not None), default=None)
        survivor.version = max(survivor.version, source.version)
        self.update(survivor, properties)
        key = (source.project_id, source.id)
        for kept in (self._by_id, self._changed, self._texts, self._settled):
            kept.pop(key, None)
        self.deleted.append(DeletedPerson(*key, source.version))

    def update(self, person: Person, properties: dict[str, object]) -> None:
        """Write the person, with all that was set on it before."""
        person.properties = properties
        person.version += 1
        key = (person.project_id, person.id)
        self._changed[key] = person
        self._texts.pop(key, None)
        self._settled.pop(key, None)
