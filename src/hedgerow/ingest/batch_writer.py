"""Writes computed batches one after the other in a thread, while the next is being computed.

The order of a batch's writes is the promise (reliability §7.5): rows and persons into the store,
then one directory transaction with the position. A batch is only begun when the one before is
committed, so the committed position never skips anything.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from hedgerow.directory.batch import DedupeKey
from hedgerow.directory.engine import Directory
from hedgerow.directory.ingest_state import commit_batch
from hedgerow.ingest.batch import ComputedBatch
from hedgerow.store.contract import EventStore, RecordingStore


@dataclass(slots=True)
class BatchWriter:
    """`under_way_keys` are of events that a look into the directory may not find yet."""

    directory: Directory
    store: EventStore
    recordings: RecordingStore
    on_committed: Callable[[ComputedBatch], None]
    under_way_keys: frozenset[DedupeKey] = frozenset()
    _under_way: "Future[int] | None" = None
    _thread: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="ingest-write")
    )

    @property
    def is_busy(self) -> bool:
        return self._under_way is not None

    def begin(self, batch: ComputedBatch, already_stored: set[tuple[int, int]]) -> None:
        """Start writing; `finish` must have been called for the batch before."""
        assert self._under_way is None, "one batch at a time"
        self.under_way_keys = frozenset(batch.effects.dedupe_keys)
        self._under_way = self._thread.submit(self._write, batch, already_stored)

    def finish(self) -> int | None:
        """Wait for the batch under way; its committed position, None where there was none.

        Raises whatever its writing raised; nothing of it is then committed.
        """
        under_way, self._under_way = self._under_way, None
        if under_way is None:
            return None
        try:
            return under_way.result()
        finally:
            self.under_way_keys = frozenset()

    def _write(self, batch: ComputedBatch, already_stored: set[tuple[int, int]]) -> int:
        rows = batch.rows
        if already_stored:
            rows = [row for row in rows if (row.log_position, row.log_index) not in already_stored]
        self.store.insert_events(rows)
        self.store.insert_persons(batch.persons, batch.distinct_ids)
        self.recordings.insert(batch.recordings)
        self.store.insert_side_rows(batch.side_rows)
        commit_batch(self.directory, batch.effects)
        self.on_committed(batch)
        return batch.effects.position

    def close(self) -> None:
        self._thread.shutdown(wait=True)
