"""Counting the events that an accepted request loses one by one."""

from hedgerow.core import json
from hedgerow.wire.drops import DropReason
from hedgerow.wire.record import DroppedEvents
from hedgerow.wire.shapes import SentEvent

SAMPLE_CHARS_MAX = 1000


class DropTally:
    """Drops by reason, in the order the reasons were first met."""

    def __init__(self) -> None:
        self._counts: dict[DropReason, int] = {}
        self._samples: dict[DropReason, str] = {}

    def add(self, reason: DropReason, event: SentEvent) -> None:
        """Count one event; the first of a reason is kept as its sample, cut short."""
        if reason not in self._samples:
            text = json.encode(event).decode("utf-8", "replace")
            self._samples[reason] = text[:SAMPLE_CHARS_MAX]
        self._counts[reason] = self._counts.get(reason, 0) + 1

    def dropped(self) -> list[DroppedEvents]:
        if not self._counts:
            return []
        return [
            DroppedEvents(reason.value, count, self._samples[reason])
            for reason, count in self._counts.items()
        ]
