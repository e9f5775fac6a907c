"""Group types, keys and properties as an event names them: pure rules (ingestion §8)."""

from typing import Any, Final

from hedgerow.core import json

GROUP_IDENTIFY: Final = "$groupidentify"
GROUP_TYPES_MAX: Final = 5
GROUP_COLUMNS: Final = tuple(f"$group_{index}" for index in range(GROUP_TYPES_MAX))

Properties = dict[str, Any]


def key_text(value: Any) -> str:
    """A group key or type as text; what is no text becomes its JSON. Empty where it is falsy."""
    if not value:
        return ""
    text = value if isinstance(value, str) else json.encode(value).decode()
    return text.replace("\x00", "\ufffd")


def utf16_length(text: str) -> int:
    """The length that the limit of 400 counts: characters beyond the basic plane are two."""
    return len(text) + sum(character > "\uffff" for character in text)


def merged_group(known: Properties, sent: Properties) -> Properties | None:
    """Key by key, the new value wins; None where nothing differs, which looks deep into values."""
    merged = {**known, **sent}
    return None if same_value(merged, known) else merged


def same_value(left: Any, right: Any) -> bool:
    """Equality in which true is not 1."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(
            same_value(value, right[name]) for name, value in left.items()
        )
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same_value, left, right))
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return bool(left == right)
