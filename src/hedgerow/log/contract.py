"""The log's contract: what the edge writes to and what ingest reads from.

A *position* is a number that grows with every byte appended; it names the start of a frame, or
the end of the log. A position always says where to read *next*.
"""

from typing import NamedTuple, Protocol


class Frame(NamedTuple):
    """One appended payload. `next_position` is where the following frame starts."""

    position: int
    next_position: int
    payload: bytes


class LogWriter(Protocol):
    """The single writer. Opening it recovers the log: a torn tail is cut off and synced."""

    @property
    def end(self) -> int:
        """The position after the last durable frame."""
        ...

    async def append(self, payload: bytes) -> int:
        """Return the frame's position once it is on stable storage.

        Frames of callers waiting at the same time share one sync. Raises `LogFullError` when
        there is no space (nothing of the frame stays, later appends may succeed) and
        `LogFailedError` when a write or sync failed: the process must then end, since what is
        on disk is unknown. Never called again after that.
        """
        ...

    async def close(self) -> None:
        """Sync what waits, then release the file."""
        ...


class LogReader(Protocol):
    """Reads what is durable, in order; never past what the writer has synced."""

    @property
    def start(self) -> int:
        """The oldest position still kept."""
        ...

    def end(self) -> int:
        """The durable end as last published by the writer (blocking, cheap)."""
        ...

    def read(self, position: int, bytes_max: int) -> list[Frame]:
        """Frames from `position` on: one if any is there, then up to `bytes_max` of payload.

        Empty when `position` is the end. Blocking. Raises `LogCorruptError` naming the range when
        a durable frame fails its checksum.
        """
        ...

    def release(self, position: int) -> None:
        """Allow segments that lie wholly below `position` to be deleted by retention."""
        ...
