"""Ends a statement while the engine runs it.

The engine runs in this process and gives no handle on a statement that has not answered yet. But
it lists those that run, by their text, and ends them on the request of another client. So each
statement that can be cancelled begins with a comment that no other has.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final
from uuid import uuid4

from hedgerow.query.cancellation import Cancellation
from hedgerow.store.client import Client

# How often to ask again: the engine may not have begun, or be in the midst of a block of rows.
_AGAIN_SECONDS: Final = 0.05


class StatementKiller:
    """Has one client of its own, opened when it is needed first."""

    def __init__(self, connect: Callable[[], Client]) -> None:
        self._connect = connect
        self._client: Client | None = None
        self._lock = threading.Lock()

    @contextmanager
    def killable(self, sql: str, cancellation: Cancellation) -> Iterator[str]:
        """The text to run instead; to cancel returns when this has ended.

        Raises `QueryCancelledError` where it was cancelled before.
        """
        mark = f"/* {uuid4().hex} */"
        ended = threading.Event()

        def end() -> None:
            while not ended.is_set():
                self._kill(mark)
                ended.wait(_AGAIN_SECONDS)

        with cancellation.ended_by(end):
            try:
                yield f"{mark} {sql}"
            finally:
                ended.set()

    def _kill(self, mark: str) -> None:
        with self._lock:
            if self._client is None:
                self._client = self._connect()
            self._client.command(f"KILL QUERY WHERE startsWith(query, '{mark}') ASYNC")

    def close(self) -> None:
        with self._lock:
            if self._client is not None:
                self._client.close()
