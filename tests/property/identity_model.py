"""What identity means, said again in few lines: an independent reference for ingestion §3, §7, §8.

It knows persons as sets of distinct ids and nothing of uuids, versions, overrides or batches.
"""

from dataclasses import dataclass, field
from typing import Any

ILLEGAL = {"anonymous", "null"}


@dataclass
class ModelPerson:
    ids: set[str]
    properties: dict[str, Any]
    created_at_us: int
    is_identified: bool = False
    main: str | None = None


@dataclass
class Model:
    people: list[ModelPerson] = field(default_factory=list)
    group_types: list[str] = field(default_factory=list)
    groups: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    events: list[str] = field(default_factory=list)  # distinct ids, in order

    def owner(self, distinct_id: str) -> ModelPerson | None:
        return next((person for person in self.people if distinct_id in person.ids), None)

    def capture(self, distinct_id: str, time_us: int, set_: dict[str, Any]) -> None:
        self.events.append(distinct_id)
        self._apply(distinct_id, time_us, set_)

    def personless(self, distinct_id: str) -> None:
        self.events.append(distinct_id)

    def join(self, event: str, into: str, other: str, time_us: int, set_: dict[str, Any]) -> None:
        """`$identify`, `$create_alias` or `$merge_dangerously`."""
        self.events.append(into)
        if into != other and into not in ILLEGAL and other not in ILLEGAL:
            self._join(event, into, other, time_us)
            person = self.owner(into)
            if person is None:
                person = ModelPerson({into, other}, {}, time_us)
                self.people.append(person)
            person.is_identified = True
            if event == "$create_alias" and other in person.ids:
                person.main = other
        self._apply(into, time_us, set_)

    def _join(self, event: str, into: str, other: str, time_us: int) -> None:
        target, source = self.owner(into), self.owner(other)
        if target is None and source is None:
            return
        if target is None or source is None:
            known = target or source
            assert known is not None
            known.ids |= {into, other}
            return
        if target is source:
            return
        if event == "$identify" and source.is_identified:
            return
        if event == "$create_alias":
            if source.is_identified and target.is_identified:
                return
            if not target.is_identified:
                target, source = source, target
        target.properties = {**source.properties, **target.properties}
        target.ids |= source.ids
        target.created_at_us = min(target.created_at_us, source.created_at_us)
        self.people.remove(source)

    def _apply(self, distinct_id: str, time_us: int, set_: dict[str, Any]) -> None:
        person = self.owner(distinct_id)
        if person is None:
            person = ModelPerson({distinct_id}, {}, time_us)
            self.people.append(person)
        person.properties.update(set_)

    def identify_group(
        self, distinct_id: str, time_us: int, group_type: str, key: str, set_: dict[str, Any]
    ) -> None:
        self.capture(distinct_id, time_us, {})
        if group_type not in self.group_types:
            if len(self.group_types) == 5:
                return
            self.group_types.append(group_type)
        self.groups.setdefault((group_type, key), {}).update(set_)

    def split(self, distinct_id: str) -> None:
        """`distinct_id` is the main one and keeps what is known."""
        person = self.owner(distinct_id)
        if person is None:
            return
        self.people.remove(person)
        for each in person.ids:
            kept = person.properties if each == distinct_id else {}
            identified = person.is_identified and each == distinct_id
            self.people.append(ModelPerson({each}, dict(kept), person.created_at_us, identified))

    def change(self, distinct_id: str, set_: dict[str, Any], unset: str) -> None:
        person = self.owner(distinct_id)
        if person is not None:
            person.properties.update(set_)
            person.properties.pop(unset, None)

    def delete(self, distinct_id: str, *, with_events: bool) -> None:
        person = self.owner(distinct_id)
        if person is None:
            return
        self.people.remove(person)
        if with_events:
            self.events = [each for each in self.events if each not in person.ids]
