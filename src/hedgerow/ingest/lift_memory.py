"""What the last event of each distinct id said of its person: mostly the next one says the same.

Only a memory: what comes out is what `people.person_properties.lift` makes of the event alone.
"""

from typing import Any, Final, NamedTuple

from hedgerow.ingest.property_names import PropertyNames
from hedgerow.people.person_properties import UNLIFTED_EVENTS, Properties, lift

# Values of these types that are equal have the same JSON: not so 1 and true, or 0.0 and -0.0.
_EXACT: Final = frozenset((str, int))


class _Lifted(NamedTuple):
    names: tuple[str, ...]
    values: tuple[Any, ...]
    set: Properties
    set_once: Properties


class LiftMemory:
    """Forgotten with the people that it is about, so it does not outgrow them."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self._last: dict[tuple[int, str], _Lifted] = {}

    def lift(
        self,
        project_id: int,
        distinct_id: str,
        event: str,
        properties: Properties,
        names: PropertyNames | None,
    ) -> tuple[Properties, Properties]:
        """`$set` and `$set_once` of an event that has neither. Events share them: copy to change.

        The same objects tell quickly that a person is asked for nothing new. `names` are those of
        `properties`, where they are known.
        """
        if names is None or names.lifted_values is None or event in UNLIFTED_EVENTS:
            return _lifted_alone(event, properties)
        values = names.lifted_values(properties)
        if not _EXACT.issuperset(map(type, values)):
            return _lifted_alone(event, properties)
        key = (project_id, distinct_id)
        last = self._last.get(key)
        if last is None or last.values != values or last.names != names.lifted:
            set_ = dict(zip(names.lifted, values, strict=True))
            set_once = dict(zip(names.initial, values, strict=True))
            last = self._last[key] = _Lifted(names.lifted, values, set_, set_once)
        return last.set, last.set_once


def _lifted_alone(event: str, properties: Properties) -> tuple[Properties, Properties]:
    set_: Properties = {}
    set_once: Properties = {}
    lift(event, properties, set_, set_once)
    return set_, set_once
