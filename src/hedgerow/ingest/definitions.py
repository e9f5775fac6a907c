"""Event and property definitions, learned from every stored event (ingestion §11)."""

from collections import defaultdict
from typing import Any, Final

from hedgerow.core import limits
from hedgerow.directory.batch import EventDefinition, EventProperty, PropertyDefinition
from hedgerow.ingest.property_types import property_type

HOUR_US: Final = 3_600_000_000
_NOT_PROPERTIES: Final = frozenset(
    [
        "$set",
        "$set_once",
        "$unset",
        "$group_0",
        "$group_1",
        "$group_2",
        "$group_3",
        "$group_4",
        "$groups",
    ]
)
_UNPAIRED_PREFIXES: Final = ("$feature/", "$feature_enrollment/")
_KNOWN_MAX: Final = 500_000
# Sent by PostHog's own plugins about themselves.
_METRICS: Final = "$$plugin_metrics"


class DefinitionCollector:
    """Remembers what is known, so that an event costs one set difference; collects what is new.

    What it has told `take` about is known from then on; `forget` starts anew, for a batch that
    was not committed. Telling the directory again what it knows changes nothing.
    """

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self._seen_hour: dict[tuple[int, str], int] = {}
        self._typed: defaultdict[tuple[int, str], set[str]] = defaultdict(
            lambda: set(_NOT_PROPERTIES)
        )
        self._paired: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
        self._scoped: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
        self._size = 0
        self._events: dict[tuple[int, str], EventDefinition] = {}
        self._properties: dict[tuple[int, str, str], PropertyDefinition] = {}
        self._pairs: list[EventProperty] = []

    def take(
        self,
    ) -> tuple[list[EventDefinition], list[PropertyDefinition], list[EventProperty]]:
        """What is new since the last call."""
        taken = (list(self._events.values()), list(self._properties.values()), self._pairs)
        self._events, self._properties, self._pairs = {}, {}, []
        if self._size > _KNOWN_MAX:
            self.forget()
        return taken

    def add(
        self,
        project_id: int,
        event: str,
        properties: dict[str, Any],
        person: tuple[dict[str, Any], dict[str, Any]],
        now_us: int,
    ) -> None:
        """Learn from one stored event; `person` are its `$set` and `$set_once`."""
        if event == _METRICS or len(properties) > limits.DEFINED_PROPERTIES_AN_EVENT_MAX:
            return
        key = (project_id, event)
        hour_us = now_us - now_us % HOUR_US
        if self._seen_hour.get(key) != hour_us:
            if len(event.encode()) > limits.DEFINITION_NAME_BYTES_MAX:
                return
            self._seen_hour[key] = hour_us
            self._events[key] = EventDefinition(project_id, event, hour_us)
        if event != "$groupidentify" and not properties.keys() <= self._typed[key]:
            self._add_event_properties(project_id, event, properties, now_us)
        known = self._scoped[project_id, "person"]
        for described in person:
            if described.keys() <= known:
                continue
            for name in described.keys() - known:
                self._learn(project_id, "person", name, described[name], now_us)

    def add_group(
        self, project_id: int, type_index: int, properties: dict[str, Any], now_us: int
    ) -> None:
        """Learn the properties of one type of groups; each type is a scope of its own (§11)."""
        scope = f"group_{type_index}"
        known = self._scoped[project_id, scope]
        for name in properties.keys() - known:
            self._learn(project_id, scope, name, properties[name], now_us)

    def _add_event_properties(
        self, project_id: int, event: str, properties: dict[str, Any], now_us: int
    ) -> None:
        typed = self._typed[project_id, event]
        paired = self._paired[project_id, event]
        for name in properties.keys() - typed:
            if len(name.encode()) > limits.DEFINITION_NAME_BYTES_MAX:
                continue
            if name not in paired and not name.startswith(_UNPAIRED_PREFIXES):
                paired.add(name)
                self._pairs.append(EventProperty(project_id, event, name))
            if self._learn(project_id, "event", name, properties[name], now_us):
                typed.add(name)

    def _learn(self, project_id: int, scope: str, name: str, value: Any, now_us: int) -> bool:
        """Whether the property's type is known now; without one it will be looked at again."""
        known = self._scoped[project_id, scope]
        if name in known:
            return True
        if len(name.encode()) > limits.DEFINITION_NAME_BYTES_MAX:
            return False
        inferred = property_type(name, value, now_us)
        key = (project_id, scope, name)
        earlier = self._properties.get(key)
        if earlier is None or earlier.property_type is None:
            self._properties[key] = PropertyDefinition(project_id, scope, name, inferred)
        self._size += 1
        if inferred is None:
            return False
        known.add(name)
        return True
