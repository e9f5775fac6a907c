"""Notices a distinct id that floods its project (ingestion §17).

A bucket of tokens for each id: 1,000 at first, one more a second, one less an event. When it is
empty the project is warned, at most once an hour for each id. Nothing is dropped: the events of one
id are the cheapest to ingest, and old events of a migration are not counted at all.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from hedgerow.core import limits
from hedgerow.directory.batch import Warning as IngestionWarning
from hedgerow.ingest.warnings import warning

Key = tuple[int, str]  # project and distinct id

_WARNED_EVERY_US: Final = 3_600_000_000
_TRACKED_MAX: Final = 50_000


class SpikeWatch:
    """Counts in memory; a restart begins with full buckets."""

    def __init__(self) -> None:
        # Tokens left, and when: only of ids that have used some. And when an id was warned about.
        self._tokens: dict[Key, tuple[float, int]] = {}
        self._warned_us: dict[Key, int] = {}

    def count(
        self, counts: Mapping[int, Mapping[str, int]], now_us: int
    ) -> Iterator[IngestionWarning]:
        """The warnings that so many events of each project's ids bring.

        `now_us` is the time of the batch.
        """
        for project_id, of_project in counts.items():
            yield from self._count(project_id, of_project, now_us)
        if len(self._tokens) > _TRACKED_MAX:
            self._forget_quiet(now_us)

    def _count(
        self, project_id: int, counts: Mapping[str, int], now_us: int
    ) -> Iterator[IngestionWarning]:
        for distinct_id, count in counts.items():
            key = (project_id, distinct_id)
            known = self._tokens.get(key)
            if known is None:
                if count == 1:
                    continue
                left = float(limits.SPIKE_EVENTS)
            else:
                seconds = max(now_us - known[1], 0) / 1_000_000
                refilled = known[0] + seconds * limits.SPIKE_REFILL_EVENTS_PER_SECOND
                left = min(refilled, float(limits.SPIKE_EVENTS))
            self._tokens[key] = (max(left - count, 0.0), now_us)
            if count > left and self._may_warn(key, now_us):
                details = {"overflowDistinctId": distinct_id, "eventsInBatch": count}
                yield warning(project_id, "high_volume_distinct_id", details, now_us)

    def _may_warn(self, key: Key, now_us: int) -> bool:
        warned_us = self._warned_us.get(key)
        if warned_us is not None and now_us - warned_us < _WARNED_EVERY_US:
            return False
        self._warned_us[key] = now_us
        return True

    def _forget_quiet(self, now_us: int) -> None:
        """Keep the busiest half, so that memory stays bounded."""
        busiest = sorted(self._tokens.items(), key=lambda item: item[1][0])
        self._tokens = dict(busiest[: _TRACKED_MAX // 2])
        self._warned_us = {
            key: warned_us
            for key, warned_us in self._warned_us.items()
            if now_us - warned_us < _WARNED_EVERY_US
        }
