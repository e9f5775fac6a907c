"""Dates in release conditions: ISO 8601, or how long ago (sdk-contract §11.2)."""

import calendar
import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

_RELATIVE: Final = re.compile(r"-?([0-9]{1,4})([hdwmy])", re.ASCII)
_YEAR: Final = re.compile(r"[0-9]{4}", re.ASCII)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_SPACE_BEFORE_ZONE: Final = re.compile(r" ([+-][0-9]{2}:[0-9]{2})$", re.ASCII)
_TEXT_CHARS_MAX: Final = 64
# Every month has these days, so going back from them never needs a shorter month's end.
_DAYS_OF_EVERY_MONTH: Final = 28


def condition_date(value: Any, now: datetime) -> datetime | None:
    """The moment that a condition's value names: `-7d`, `3m`, or a date. None where it is none."""
    text = str(value)
    relative = _RELATIVE.fullmatch(text)
    if relative is None:
        return property_date(text, now)
    try:
        return _ago(now, int(relative[1]), relative[2])
    except (ValueError, OverflowError):
        return None


def property_date(value: Any, now: datetime) -> datetime | None:
    """A property's moment: ISO text, without a zone in UTC, or seconds since 1970."""
    try:
        if isinstance(value, str):
            return _aware(_from_text(value.strip(), now))
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def names_a_day(value: Any) -> bool:
    """Whether the text is a date without a time."""
    return _DAY.fullmatch(str(value).strip()) is not None


def _from_text(text: str, now: datetime) -> datetime:
    if len(text) > _TEXT_CHARS_MAX:
        raise ValueError("longer than any date")
    if text.upper().endswith(" UTC"):
        text = text[:-4] + "+00:00"
    elif _YEAR.fullmatch(text):
        # A year alone means this day of that year, as the SDKs read it.
        return datetime(int(text), now.month, now.day)
    return datetime.fromisoformat(_SPACE_BEFORE_ZONE.sub(r"\1", text))


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _ago(now: datetime, count: int, unit: str) -> datetime:
    if unit == "m":
        return _months_ago(now, count)
    if unit == "y":
        leap_day = count > 0 and (now.month, now.day) == (2, 29)
        return now.replace(year=now.year - count, day=28 if leap_day else now.day)
    hours = {"h": 1, "d": 24, "w": 7 * 24}[unit]
    return now - timedelta(hours=count * hours)


def _months_ago(now: datetime, count: int) -> datetime:
    """One month after the other, each cut to its last day, as the SDKs do it."""
    current = now.year * 12 + now.month - 1
    wanted = current - count
    day = now.day
    for index in range(current - 1, wanted - 1, -1):
        if day <= _DAYS_OF_EVERY_MONTH:
            break
        day = min(day, calendar.monthrange(index // 12, index % 12 + 1)[1])
    return now.replace(year=wanted // 12, month=wanted % 12 + 1, day=day)
