"""Giving up on a question while it is being worked out."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hedgerow.core.errors import QueryError


class QueryCancelledError(QueryError):
    """Somebody cancelled the query."""

    def __init__(self) -> None:
        super().__init__("The query was cancelled.", code="query_cancelled")


class Cancellation:
    """One for each question; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_cancelled = False
        self._ways_to_end: list[Callable[[], None]] = []

    @property
    def is_cancelled(self) -> bool:
        return self._is_cancelled

    def cancel(self) -> None:
        """End what is being done, and whatever would be done next. Blocks until it has ended."""
        with self._lock:
            self._is_cancelled = True
            ways, self._ways_to_end = self._ways_to_end, []
        for end in ways:
            end()

    def check(self) -> None:
        """Raises `QueryCancelledError` once it was cancelled."""
        if self._is_cancelled:
            raise QueryCancelledError

    @contextmanager
    def ended_by(self, end: Callable[[], None]) -> Iterator[None]:
        """While this lasts, to cancel calls `end`, in the thread that cancels.

        Raises `QueryCancelledError` at once where it was cancelled before.
        """
        with self._lock:
            self.check()
            self._ways_to_end.append(end)
        try:
            yield
        finally:
            with self._lock:
                if end in self._ways_to_end:
                    self._ways_to_end.remove(end)
