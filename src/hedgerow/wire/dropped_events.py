"""Counting the events that an accepted request loses one by one."""

from typing import Any

from hedgerow.core import json
from hedgerow.wire.drops import DropReason
from hedgerow.wire.record import DroppedEvents

SAMPLE_CHARS_MAX = 1000


class DropTally:
    """Drops by reason, in the order the reasons were first met."""

    def __init__(self) -> None:
        self._counts: dict[DropReason, int] = {}
        self._samples: dict[DropReason, str] = {}

    def add(self, reason: DropReason, event: Any, count: int = 1) -> None:
        """Count events, of which `event` (any JSON) becomes the sample of its reason, cut short."""
        if reason not in self._samples:
            text = json.encode(event).decode("utf-8", "replace")
            self._samples[reason] = text[:SAMPLE_CHARS_MAX]
        self._counts[reason] = self._counts.get(reason, 0) + count

    def dropped(self) -> list[DroppedEvents]:
        if not self._counts:
            return []
        return [
            DroppedEvents(reason.value, count, self._samples[reason])
            for reason, count in self._counts.items()
        ]
