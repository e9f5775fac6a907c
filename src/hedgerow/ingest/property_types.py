"""The type of a property, inferred from its first value (ingestion §11)."""

import re
from email.utils import parsedate_to_datetime
from typing import Any, Final

from hedgerow.wire.timestamps import parse_timestamp

_STRING_PREFIXES: Final = ("utm_", "$initial_utm_", "$feature/", "$survey_response")
_TIME_WORDS: Final = ("time", "date", "_at", "-at", "createdat", "updatedat")
_RECENT_SECONDS: Final = 15_768_000
_DATE = re.compile(
    r"(\d{4}[/-][0-2]\d[/-][0-3]\d|[0-2]\d[/-][0-3]\d[/-]\d{4})([ T][0-2]\d:[0-6]\d:[0-6]\d.*)?"
)
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_DATE_CHARS_MAX: Final = 64


def property_type(name: str, value: Any, now_us: int) -> str | None:
    """String, Numeric, Boolean, DateTime, or None for what has no type (yet)."""
    name = name.lower()
    if name.startswith(_STRING_PREFIXES) or name == "$feature_flag_response":
        return "String"
    if any(word in name for word in _TIME_WORDS) and _is_time(value, now_us):
        return "DateTime"
    if isinstance(value, str):
        if value.strip() in ("true", "false", "TRUE", "FALSE"):
            return "Boolean"
        return "DateTime" if is_date_like(value) else "String"
    if isinstance(value, bool):
        return "Boolean"
    if isinstance(value, int | float):
        return "Numeric"
    return None


def _is_time(value: Any, now_us: int) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return value >= now_us // 1_000_000 - _RECENT_SECONDS
    return isinstance(value, str) and is_date_like(value)


def is_date_like(text: str) -> bool:
    if len(text) > _DATE_CHARS_MAX or not any(char.isdigit() for char in text):
        return False
    if _DATE.fullmatch(text):
        return True
    if _RFC_3339.fullmatch(text):
        return parse_timestamp(text) is not None
    try:
        parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return False
    return ":" in text
