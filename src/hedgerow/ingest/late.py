"""Late events: those that may be stored already although nobody remembers their keys.

The directory remembers the key of an event for `DEDUPE_WINDOW_DAYS` after it was received. Let the
same event be received on day A and, forgotten, again on day B. Its own day is part of what makes
it the same, and is at most one day after A, since capture refuses times in the future. So on day B
the event is itself at least a window old. Only such events are looked for in the store; all others
are known by their keys. Together this is exact for ever, so no query needs to look for duplicates.
"""

from typing import Final

from hedgerow.core import limits
from hedgerow.ingest.dedupe import DAY_US
from hedgerow.ingest.event import IngestEvent
from hedgerow.ingest.parse import stored_distinct_id, stored_name
from hedgerow.store.arrow import stored_time_us
from hedgerow.store.rows import EventIdentity

# A day less than is remembered: clocks of forgetting and of receiving need not agree to the second.
LATE_DAYS: Final = limits.DEDUPE_WINDOW_DAYS - 1


def is_late(event_day: int, received_day: int) -> bool:
    """Also of a time that lies further ahead than capture lets pass. Days are since 1970."""
    return not -1 <= received_day - event_day < LATE_DAYS


def forgotten_before_us(received_us: int) -> int:
    """What was received at this time or later is remembered for certain."""
    return (received_us // DAY_US - LATE_DAYS) * DAY_US


def identity(event: IngestEvent) -> EventIdentity:
    """The event as the store knows it."""
    logged = event.logged
    return EventIdentity(
        event.project_id,
        stored_time_us(logged.timestamp_us) // DAY_US,
        stored_name(logged),
        stored_distinct_id(logged),
        logged.uuid,
    )
