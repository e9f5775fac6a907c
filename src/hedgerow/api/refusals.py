"""The requests that the edge refused, as far as it has told (`wire/refusals.py`)."""

from pathlib import Path

import msgspec

from hedgerow.api.times import shown_time
from hedgerow.wire.refusals import decode_refusals


class RefusalView(msgspec.Struct):
    """`key` is what was sent as the project key, cut short; empty where none was found."""

    number: int
    status: int
    text: str
    key: str
    path: str
    user_agent: str
    count: int
    last_seen: str


def read_refusals(path: Path) -> list[RefusalView]:
    """The oldest first; empty where none were written (blocking)."""
    try:
        found = decode_refusals(path.read_bytes())
    except (OSError, ValueError):
        return []
    return [
        RefusalView(
            number=item.number,
            status=item.status,
            text=item.text,
            key=item.key,
            path=item.path,
            user_agent=item.user_agent,
            count=item.count,
            last_seen=shown_time(item.last_seen_us),
        )
        for item in found
    ]
