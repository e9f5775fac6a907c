"""When an event happened: formats, clock skew and bounds (capture-protocol §9).

Times are whole microseconds since 1970-01-01T00:00:00Z.
"""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_EPOCH = datetime(1970, 1, 1)
_EPOCH_UTC = datetime(1970, 1, 1, tzinfo=UTC)

_FUTURE_MS_MAX = 23 * 3600 * 1000
FUTURE_US_MAX = _FUTURE_MS_MAX * 1000
YEAR_1_US = -62_135_596_800_000_000
_YEAR_10000_US = 253_402_300_800_000_000

# Ten digits reach the year 2286 in seconds, thirteen in milliseconds.
_SECONDS_DIGITS_MAX = 11
_MILLISECONDS_DIGITS_MAX = 14

# Longer text is no time; the bound keeps the slower readers cheap.
_CHARS_MAX = 64

_RFC_2822 = re.compile(r"(?:[A-Za-z]{3},? )?[0-9]{1,2} [A-Za-z]{3} [0-9]{4} ", re.ASCII)
_YEAR_FIRST = re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})(?:[ T](.+))?", re.ASCII)
_YEAR_LAST = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?:[ T](.+))?", re.ASCII)


def event_time(
    now_us: int, timestamp: str | None, offset_ms: int | None, sent_at_us: int | None
) -> int:
    """The corrected time of an event.

    `offset_ms` counts back from `now_us` and beats `timestamp`. The client's clock is corrected
    by what `sent_at_us` says it is off. A time that cannot be read, or lies more than 23 hours
    ahead, is now; one before the year 1 is 1970.
    """
    if offset_ms is not None:
        result = now_us - offset_ms * 1000
    else:
        parsed = None if timestamp is None else parse_timestamp(timestamp)
        if parsed is None:
            return now_us
        result = parsed if sent_at_us is None else parsed - (sent_at_us - now_us)
    if is_too_far_ahead(result, now_us):
        return now_us
    return result if YEAR_1_US <= result < _YEAR_10000_US else 0


def is_too_far_ahead(time_us: int, now_us: int) -> bool:
    """Whether a time is more than 23 hours in the future."""
    return (time_us - now_us) // 1000 > _FUTURE_MS_MAX


def parse_timestamp(text: str) -> int | None:
    """Any accepted format; without a zone it is UTC. None where it is no time."""
    if text.isdigit():
        return _from_digits(text)
    try:
        return _microseconds(datetime.fromisoformat(text))
    except ValueError:
        pass
    if len(text) > _CHARS_MAX:
        return None
    text = text.strip()
    for parse in (_rfc_3339, _slash_date, _rfc_2822):
        try:
            moment = parse(text)
        except (ValueError, OverflowError):
            continue
        if moment is not None:
            return _microseconds(moment)
    return None


def parse_sent_at(text: str | None) -> int | None:
    """A batch's `sent_at`: only ISO 8601 with a zone counts; anything else is ignored."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if moment.tzinfo is None else _microseconds(moment)


def format_timestamp(time_us: int) -> str:
    """RFC 3339 in UTC with `Z`, and with six fractional digits only where they are not zero."""
    seconds, microseconds = divmod(time_us, 1_000_000)
    days, seconds = divmod(seconds, 86_400)
    day = datetime.fromordinal(_EPOCH.toordinal() + days)
    moment = day.replace(
        hour=seconds // 3600,
        minute=seconds // 60 % 60,
        second=seconds % 60,
        microsecond=microseconds,
    )
    return moment.isoformat() + "Z"


def format_milliseconds(time_us: int) -> str:
    """The same with always three fractional digits, as stored inside properties."""
    whole = format_timestamp(time_us - time_us % 1_000_000).removesuffix("Z")
    return f"{whole}.{time_us % 1_000_000 // 1000:03d}Z"


def _microseconds(moment: datetime) -> int:
    since = moment - (_EPOCH if moment.tzinfo is None else _EPOCH_UTC)
    return since.days * 86_400_000_000 + since.seconds * 1_000_000 + since.microseconds


def _from_digits(text: str) -> int | None:
    if not text.isascii() or len(text) > _MILLISECONDS_DIGITS_MAX:
        return None
    return int(text) * (1_000_000 if len(text) <= _SECONDS_DIGITS_MAX else 1000)


def _rfc_3339(text: str) -> datetime:
    """Spellings that Python's reader does not know: lower case, a space before the zone, `UTC`."""
    return datetime.fromisoformat(text.upper().replace(" UTC", "Z").replace(" Z", "Z"))


def _slash_date(text: str) -> datetime | None:
    """`2023/01/31` or `01/31/2023`, with or without a time."""
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day, time = match.groups()
    elif match := _YEAR_LAST.fullmatch(text):
        month, day, year, time = match.groups()
    else:
        return None
    return datetime.fromisoformat(f"{year}-{month:0>2}-{day:0>2}T{time or '00:00:00'}")


def _rfc_2822(text: str) -> datetime | None:
    """Mail dates. Their reader takes almost anything, so the form is checked first."""
    return parsedate_to_datetime(text) if _RFC_2822.match(text) else None
