"""The distinct id of an event (capture-protocol §6)."""

from typing import Any

from hedgerow.core import json, limits


def extract_distinct_id(value: Any) -> str | None:
    """The id as recorded: at most 200 characters; None where it is missing or blank.

    A value that is no string becomes its compact JSON with sorted keys.
    """
    if value is None:
        return None
    text = value if isinstance(value, str) else json.encode_sorted(value).decode()
    if "\0" in text:
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if not text or text.isspace():
        return None
    return text[: limits.DISTINCT_ID_CHARS_MAX]
