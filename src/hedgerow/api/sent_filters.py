"""Property filters that stand as JSON in an address: `properties=[{"key": …}]` (read-api §3.4)."""

from typing import Any

from msgspec import MsgspecError

from hedgerow.api.errors import ApiError
from hedgerow.core import json

ATTRIBUTE = "properties"


def sent_list(text: str | None, name: str = ATTRIBUTE) -> list[Any]:
    """Empty where nothing was sent. Raises `ApiError` 400."""
    if text is None:
        return []
    try:
        found = json.decode(text)
    except MsgspecError:
        found = None
    if not isinstance(found, list):
        raise ApiError(400, f"{name} must be a list as JSON.", attribute=name)
    return found
