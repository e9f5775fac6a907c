"""Tells the events of a distinct id that floods its project apart, so that they delay nobody else.

A bucket of tokens for each project key and distinct id: 1,000 at first, one more a second, one less
an event. An id whose bucket does not suffice is flooding for the next five minutes: its events take
the overflow lane, a request of their own in the log that is ingested later (ingestion §17). Nothing
is dropped. Old events of a migration have a lane of their own and are not counted.
"""

from typing import Final

from msgspec.structs import replace

from hedgerow.core import limits
from hedgerow.people.cookieless import SENTINEL
from hedgerow.wire.record import LANE_HISTORICAL, LANE_REPLAY, LoggedEvent, LoggedRequest

Key = tuple[str, str]  # a project's key and a distinct id

_TOKEN_US: Final = 1_000_000 // limits.FLOOD_REFILL_EVENTS_PER_SECOND
_BUCKET_US: Final = limits.FLOOD_EVENTS * _TOKEN_US
_FLOODING_US: Final = limits.FLOOD_SECONDS * 1_000_000
# The last so many ids are known for certain, and at most twice as many.
KEPT_IDS: Final = 50_000
_NOT_COUNTED: Final = frozenset((LANE_HISTORICAL, LANE_REPLAY))


class Floods:
    """Counts in memory; a restart begins with full buckets."""

    def __init__(self, kept_ids: int = KEPT_IDS) -> None:
        self._kept_ids = kept_ids
        # When the bucket will be full again; negative: until when the id is flooding. An id that is
        # not in here has a full bucket. Those of `_older` are forgotten when `_recent` is full.
        self._recent: dict[Key, int] = {}
        self._older: dict[Key, int] = {}

    def split(self, request: LoggedRequest) -> list[LoggedRequest]:
        """The request itself; or its ordinary events, if any, and those of the overflow lane."""
        if request.historical_migration:
            return [request]
        flooding = self._flooding_ids(request)
        if not flooding:
            return [request]
        ordinary = [event for event in request.events if not _is_of(event, flooding)]
        flood = [event for event in request.events if _is_of(event, flooding)]
        parts = [replace(request, events=flood, dropped=[], overflow=True)]
        if ordinary or request.dropped:
            parts.insert(0, replace(request, events=ordinary))
        return parts

    def _flooding_ids(self, request: LoggedRequest) -> set[str]:
        """One pass over the events: this is done for every event of every project."""
        token, now_us = request.token, request.now_us
        empty_us = now_us + _BUCKET_US
        recent, older = self._recent, self._older
        flooding: set[str] = set()
        for event in request.events:
            if event.lane in _NOT_COUNTED:
                continue
            distinct_id = event.distinct_id
            key = (token, distinct_id)
            known_us = recent.get(key) or older.get(key, 0)
            full_at_us = max(known_us, now_us) + _TOKEN_US
            if -known_us > now_us:
                recent[key] = known_us
                flooding.add(distinct_id)
            elif full_at_us > empty_us:
                recent[key] = -(now_us + _FLOODING_US)
                flooding.add(distinct_id)
            else:
                recent[key] = full_at_us
        if len(recent) >= self._kept_ids:
            self._older, self._recent = recent, {}
        # All visitors without cookies are sent under one id.
        flooding.discard(SENTINEL)
        return flooding


def _is_of(event: LoggedEvent, distinct_ids: set[str]) -> bool:
    return event.distinct_id in distinct_ids and event.lane not in _NOT_COUNTED
