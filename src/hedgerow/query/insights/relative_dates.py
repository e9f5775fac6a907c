"""`-7d`, `mStart`, `-1mEnd`, ISO text → a moment in the project's time zone (read-api §4.1)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from hedgerow.core.errors import QueryError

_RELATIVE = re.compile(r"([+-]?)(\d{0,5})([shdwmqyMHDWQYS])(Start|End)?")
_PLAIN_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
# The units within a day.
STEPS: Final = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
}
DAY_END: Final = time(23, 59, 59, 999999)
# Days before this have no bucket in the store.
YEAR_MIN: Final = 1970
YEAR_MAX: Final = 2148


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """`days_back` is set for `-7d` and the like, which line up by weekday."""

    moment: datetime
    is_relative: bool
    is_plain_date: bool
    days_back: int | None = None


def parse_date(value: str, now: datetime, week_start_day: int, attribute: str) -> ParsedDate:
    """Raises `QueryError` naming `attribute`. `now` is aware, in the project's time zone."""
    relative = _RELATIVE.fullmatch(value)
    try:
        parsed = (
            _relative(relative, now, week_start_day)
            if relative is not None
            else _absolute(value, now.tzinfo)
        )
    except (ValueError, OverflowError):
        parsed = None
    if parsed is None:
        raise QueryError(
            f"{value[:50]!r} is no date; use for example 2026-03-01, 2026-03-01T12:00:00, -7d, "
            "-1m, mStart or yStart.",
            attribute=attribute,
        )
    if not YEAR_MIN <= parsed.moment.year <= YEAR_MAX:
        raise QueryError(
            f"The year must be between {YEAR_MIN} and {YEAR_MAX}.", attribute=attribute
        )
    return parsed


def _absolute(value: str, zone: object) -> ParsedDate:
    assert isinstance(zone, ZoneInfo)
    moment = datetime.fromisoformat(value)
    plain = _PLAIN_DATE.fullmatch(value) is not None
    moment = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
    return ParsedDate(moment, is_relative=False, is_plain_date=plain)


def _relative(match: re.Match[str], now: datetime, week_start_day: int) -> ParsedDate | None:
    sign, digits, unit, position = match.groups()
    if not digits and position is None:
        return None
    count = int(digits or 0) * (1 if sign == "+" else -1)
    moment = _truncated(now + _delta(unit, count), unit)
    if position is not None:
        moment = _positioned(moment, unit, position, week_start_day)
    days = {"d": -count, "w": -count * 7}.get(unit.lower()) if position is None else None
    return ParsedDate(moment, is_relative=True, is_plain_date=False, days_back=days)


def _delta(unit: str, count: int) -> relativedelta:
    if unit == "M":
        return relativedelta(minutes=count)
    match unit.lower():
        case "s":
            return relativedelta(seconds=count)
        case "h":
            return relativedelta(hours=count)
        case "d":
            return relativedelta(days=count)
        case "w":
            return relativedelta(weeks=count)
        case "m":
            return relativedelta(months=count)
        case "q":
            return relativedelta(months=3 * count)
        case _:
            return relativedelta(years=count)


def _truncated(moment: datetime, unit: str) -> datetime:
    """To the unit for times of a day, to midnight for days and more."""
    if unit == "M":
        return moment.replace(second=0, microsecond=0)
    if unit in "sS":
        return moment.replace(microsecond=0)
    if unit in "hH":
        return moment.replace(minute=0, second=0, microsecond=0)
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _positioned(moment: datetime, unit: str, position: str, week_start_day: int) -> datetime:
    start = unit_start(moment, _UNIT_NAMES.get(unit, _UNIT_NAMES[unit.lower()]), week_start_day)
    if position == "Start":
        return start
    return start + _delta(unit, 1) - timedelta(microseconds=1)


_UNIT_NAMES: Final = {
    "M": "minute",
    "s": "second",
    "h": "hour",
    "d": "day",
    "w": "week",
    "m": "month",
    "q": "quarter",
    "y": "year",
}


def unit_start(moment: datetime, unit: str, week_start_day: int) -> datetime:
    """The start of the second, minute, hour, day, week, month, quarter or year.

    Parts of a day are counted from its midnight, as the store does where clocks change.
    """
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    step = STEPS.get(unit)
    if step is not None:
        midnight = day.astimezone(UTC)
        passed = (moment.astimezone(UTC) - midnight) // step
        return (midnight + passed * step).astimezone(moment.tzinfo)
    match unit:
        case "week":
            return day - timedelta(days=(day.weekday() + 1 - week_start_day) % 7)
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(month=day.month - (day.month - 1) % 3, day=1)
        case "year":
            return day.replace(month=1, day=1)
    return day
