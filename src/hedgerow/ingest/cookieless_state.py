"""Visitors without cookies, as far into the batch as the steps have come (ingestion §15).

Kept like the groups (`groups_state.py`): until `forget`, since the batch before may not be
committed when the directory is asked.
"""

import copy
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, Protocol

from publicsuffixlist import PublicSuffixList

from hedgerow.directory.batch import CookielessVisitor
from hedgerow.directory.cookieless import cookieless_salt, cookieless_visitor
from hedgerow.directory.engine import Directory
from hedgerow.ingest.hash_memory import HashMemory
from hedgerow.people.cookieless import Traits, hash_message, root_domain

KEPT_VISITORS_MAX: Final = 20_000
_KEPT_DOMAINS: Final = 1000


class CookielessSource(Protocol):
    def salt(self, day: int) -> bytes:
        """The day's salt, which is durable when this returns."""
        ...

    def visitor(self, day: int, hashed: bytes) -> CookielessVisitor | None: ...


@dataclass(frozen=True, slots=True)
class CookielessReader:
    directory: Directory

    def salt(self, day: int) -> bytes:
        """The day's salt, which is durable when this returns."""
        return cookieless_salt(self.directory, day)

    def visitor(self, day: int, hashed: bytes) -> CookielessVisitor | None:
        return cookieless_visitor(self.directory, day, hashed)


class CookielessState:
    """Hashes of visitors, and what is known of them for their day."""

    def __init__(self, source: CookielessSource) -> None:
        self._source = source
        self._hashes = HashMemory()
        self._root_domain = lru_cache(_KEPT_DOMAINS)(self._find_root_domain)
        self.forget()

    def forget(self) -> None:
        """Also what a salt or an address could be known by."""
        self._salts: dict[int, bytes] = {}
        self._visitors: dict[tuple[int, bytes], CookielessVisitor] = {}
        self._hashes.forget()
        self.begin_batch()

    def begin_batch(self) -> None:
        """What the batch before changed is committed, or about to be."""
        self._changed: dict[tuple[int, bytes], CookielessVisitor] = {}

    @property
    def is_full(self) -> bool:
        """Whether to `forget` before the next batch, so that memory stays bounded."""
        return len(self._visitors) > KEPT_VISITORS_MAX

    def changed(self) -> list[CookielessVisitor]:
        """Copies, since the next batch may change a visitor while this one is written."""
        return [copy.copy(visitor) for visitor in self._changed.values()]

    def hashed(self, day: int, project_id: int, traits: Traits, identifies: int) -> bytes:
        """The visitor's 16 bytes for the day; `identifies` counts how often they logged in."""
        salt = self._salts.get(day)
        if salt is None:
            salt = self._salts[day] = self._source.salt(day)
        root = self._root_domain(traits.host)
        return self._hashes.hashed(salt, hash_message(project_id, traits, root, identifies))

    def visitor(self, day: int, hashed: bytes) -> CookielessVisitor:
        """Who has this hash; whoever is new has done nothing yet."""
        key = (day, hashed)
        visitor = self._visitors.get(key)
        if visitor is None:
            visitor = self._source.visitor(day, hashed) or CookielessVisitor(day, hashed)
            self._visitors[key] = visitor
        return visitor

    def change(self, visitor: CookielessVisitor) -> None:
        """Write the visitor with the batch, with all that was set on it."""
        self._changed[visitor.day, visitor.hash] = visitor

    def _find_root_domain(self, host: str) -> str:
        return root_domain(host, self._suffixes.privatesuffix)

    @cached_property
    def _suffixes(self) -> PublicSuffixList:
        # Read only where somebody uses this mode: it takes some megabytes.
        return PublicSuffixList(only_icann=True)
