"""The strict times of v1: RFC 3339, nothing else (capture-protocol §14)."""

import re

from hedgerow.wire.timestamps import parse_timestamp

_FORM = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,12})?(?:[Zz]|[+-]\d{2}:\d{2})", re.ASCII
)


def parse_rfc3339(text: str) -> int | None:
    """Microseconds since 1970, or None where `text` has another form or is no time."""
    return parse_timestamp(text) if _FORM.fullmatch(text) else None
