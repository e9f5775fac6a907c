"""The event store's contract, as ingest sees it. The query layer has its own, read-only, client."""

from collections.abc import Collection, Sequence
from typing import Protocol

from hedgerow.store.erasure import Erasure
from hedgerow.store.recording_rows import RecordingChunk
from hedgerow.store.rows import DistinctIdRow, EventIdentity, EventRow, PersonRow
from hedgerow.store.side_rows import SideRows


class EventStore(Protocol):
    def insert_events(self, rows: Sequence[EventRow]) -> None:
        """Durably insert, one engine insert per table partition (month of the timestamp).

        Each partition's insert is atomic; a crash in between leaves whole partitions. Blocking.
        Raises `StoreUnavailableError`; the caller retries the same rows after asking
        `stored_since` again.
        """
        ...

    def insert_persons(
        self, persons: Sequence[PersonRow], distinct_ids: Sequence[DistinctIdRow]
    ) -> None:
        """Durably insert; repeating the same rows changes nothing (latest version wins)."""
        ...

    def insert_side_rows(self, rows: SideRows) -> None:
        """Durably insert; repeating the same rows changes nothing (latest version wins)."""
        ...

    def stored_since(self, position: int, before: int | None = None) -> set[tuple[int, int]]:
        """(log_position, log_index) of every stored event with log_position >= `position`, and
        below `before` if given.
        """
        ...

    def reassign_events(
        self, project_id: int, distinct_ids: Collection[str], before_position: int
    ) -> None:
        """Write on every event of these distinct ids whose log_position is below
        `before_position` the deterministic uuid of its distinct id. Doing it again changes nothing.
        Blocking.
        """
        ...

    def erase(self, erasure: Erasure) -> None:
        """Delete the rows themselves, not only hide them. Doing it again changes nothing. Blocking;
        the engine removes the old files some minutes later.
        """
        ...

    def stored_before(
        self, events: Collection[EventIdentity], received_before_us: int, position: int
    ) -> set[EventIdentity]:
        """Those of `events` that a row received before that time has, at a lower log position.

        Reads what the store holds of the events' days: meant for few events, or few days.
        """
        ...


class RecordingStore(Protocol):
    """Session recordings, as ingest sees them; the API reads them on a client of its own."""

    def insert(self, chunks: Sequence[RecordingChunk]) -> None:
        """Durably insert; repeating the same chunks changes nothing. Blocking."""
        ...

    def stored_bytes(self, project_id: int) -> int:
        """What the project's recordings take, compressed."""
        ...

    def is_deleted(self, project_id: int, session_id: str) -> bool: ...

    def delete_received_before(self, project_id: int, time_us: int) -> int:
        """How many chunks have left for good."""
        ...
