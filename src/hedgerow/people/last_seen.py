"""When a person was last seen, to the hour: a pure rule (ingestion §2)."""

from typing import Any, Final

SUPPRESS: Final = "$update_person_last_seen_at"
_HOUR_US: Final = 3_600_000_000


def seen_hour_us(time_us: int) -> int:
    """The hour that a time lies in."""
    return time_us // _HOUR_US * _HOUR_US


def seen_later_us(known_us: int | None, event_us: int, properties: dict[str, Any]) -> int | None:
    """The hour that an event moves it to; None where it stays. It never goes back.

    An event may ask not to be counted.
    """
    if properties.get(SUPPRESS) is False:
        return None
    hour_us = seen_hour_us(event_us)
    return hour_us if known_us is None or hour_us > known_us else None
