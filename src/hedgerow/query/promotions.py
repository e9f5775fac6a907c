"""Which properties have a column of their own, and which should: told by the queries themselves."""

import threading
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from hedgerow.directory.engine import Directory
from hedgerow.directory.property_uses import (
    PropertyUse,
    save_property_uses,
    saved_property_uses,
)
from hedgerow.store.promoted import PromotedProperties
from hedgerow.store.promotion import ColumnPromotion
from hedgerow.store.rows import HOT_STRING_PROPERTIES

QUERIES_MIN: Final = 3
_KNOWN_MAX: Final = 10_000
_SCOPES: Final = ("event", "person_on_event")
_HOT: Final = frozenset(HOT_STRING_PROPERTIES.values())


class Promotions:
    """The columns, and how queries used properties; safe to use from several threads.

    What queries tell is kept in memory until `save`.
    """

    def __init__(self, columns: ColumnPromotion, directory: Directory) -> None:
        self.columns = columns
        self._directory = directory
        self._uses = {(use.scope, use.name): use for use in saved_property_uses(directory)}
        self._unsaved: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def promoted(self) -> PromotedProperties:
        return self.columns.promoted()

    def note(self, properties: Iterable[tuple[str, str]], elapsed_ms: float) -> None:
        """A query has read these properties, by scope and name."""
        with self._lock:
            for scope, name in properties:
                if scope not in _SCOPES or (scope == "event" and name in _HOT):
                    continue
                key = (scope, name)
                if key not in self._uses and len(self._uses) >= _KNOWN_MAX:
                    continue
                use = self._uses.setdefault(key, PropertyUse(scope, name))
                use.queries += 1
                use.elapsed_ms += elapsed_ms
                self._unsaved.add(key)

    def save(self) -> None:
        """Write what has changed since the last time into the directory (blocking)."""
        with self._lock:
            changed = [replace(self._uses[key]) for key in self._unsaved]
            self._unsaved.clear()
        if changed:
            save_property_uses(self._directory, changed)

    def suggestions(self) -> list[PropertyUse]:
        """Properties worth a column: read often and not promoted, the most time first."""
        promoted = self.promoted()
        with self._lock:
            found = [
                use
                for use in self._uses.values()
                if use.queries >= QUERIES_MIN and promoted.find(use.scope, use.name) is None
            ]
        return sorted(found, key=lambda use: -use.elapsed_ms)
