"""Time as a value that is passed in, so that tests and replays decide what time it is."""

import time
from typing import Protocol


class Clock(Protocol):
    """Tells the wall-clock time; durations come from `monotonic_seconds`."""

    def now_us(self) -> int:
        """Microseconds since 1970-01-01T00:00:00Z."""
        ...

    def monotonic_seconds(self) -> float: ...


class SystemClock:
    def now_us(self) -> int:
        return time.time_ns() // 1000

    def monotonic_seconds(self) -> float:
        return time.monotonic()


class FixedClock:
    """A clock that stands still until it is moved: for tests and vectors."""

    def __init__(self, now_us: int) -> None:
        self._now_us = now_us

    def now_us(self) -> int:
        return self._now_us

    def monotonic_seconds(self) -> float:
        return self._now_us / 1_000_000

    def advance(self, microseconds: int) -> None:
        self._now_us += microseconds
