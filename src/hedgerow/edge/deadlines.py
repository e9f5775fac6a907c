"""Deadlines for many short waits: one look at all of them, instead of a timer for each.

A timer and its context cost a request more than decoding its event does, and nearly none fires.
"""

import asyncio
from collections.abc import Awaitable
from typing import Final, TypeVar

_Result = TypeVar("_Result")

# A wait may last this share of its deadline longer.
_TOLERANCE: Final = 0.05


class Deadlines:
    """Waits of at most `seconds` each, on one event loop."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._look_every_seconds = seconds * _TOLERANCE
        # When each wait is due, in the loop's time of the last look; the oldest come first.
        self._due: dict[asyncio.Task[object], float] = {}
        self._overdue: set[asyncio.Task[object]] = set()
        self._now = 0.0
        self._next_look: asyncio.TimerHandle | None = None

    async def wait(self, reading: Awaitable[_Result]) -> _Result:
        """What `reading` gives. Raises `TimeoutError` when it takes too long."""
        task = asyncio.current_task()
        assert task is not None, "a deadline is for a task"
        if not self._due:
            self._begin(asyncio.get_running_loop())
        self._due[task] = self._now + self._seconds + self._look_every_seconds
        try:
            return await reading
        except asyncio.CancelledError:
            if task in self._overdue and task.uncancel() == 0:
                raise TimeoutError from None
            raise
        finally:
            self._due.pop(task, None)
            self._overdue.discard(task)

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        self._now = loop.time()
        if self._next_look is None:
            self._next_look = loop.call_later(self._look_every_seconds, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """Cancel what is overdue, and look again for as long as anyone waits."""
        self._now = loop.time()
        self._next_look = None
        for task, due_at in list(self._due.items()):
            if due_at > self._now:
                break
            del self._due[task]
            self._overdue.add(task)
            task.cancel()
        if self._due:
            self._begin(loop)
