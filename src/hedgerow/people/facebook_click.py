"""The cookie that Facebook's pixel sets when an advertisement is clicked (ingestion §5)."""

import re
from typing import Any, Final

FBC: Final = "$fbc"
_CLICK_ID: Final = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_DAY_US: Final = 86_400_000_000


def facebook_click(click_id: Any, event_us: int, now_us: int) -> str | None:
    """`fb.1.` with the UTC day of the event, in milliseconds and not after today, and the click id.

    None where the id is not well formed.
    """
    if not isinstance(click_id, str) or not _CLICK_ID.fullmatch(click_id):
        return None
    day_us = min(event_us, now_us) // _DAY_US * _DAY_US
    return f"fb.1.{day_us // 1000}.{click_id}"
