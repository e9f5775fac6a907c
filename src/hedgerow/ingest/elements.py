"""Autocapture's `$elements` as one line of text (ingestion §10)."""

from typing import Any, Final

TEXT_CHARS_MAX: Final = 400
HREF_CHARS_MAX: Final = 2048


def elements_chain(elements: Any) -> str:
    """The elements joined by `;`, empty where they are malformed."""
    if not isinstance(elements, list) or not all(isinstance(item, dict) for item in elements):
        return ""
    return ";".join(_element(item) for item in elements)


def _element(element: dict[str, Any]) -> str:
    attributes = _attributes(element)
    text = "".join(f'{name}="{_escaped(attributes[name])}"' for name in sorted(attributes))
    classes = "".join(f".{name}" for name in _classes(element.get("attr__class")))
    return f"{element.get('tag_name', '')}{classes}:{text}"


def _classes(value: Any) -> list[str]:
    names = value.split(" ") if isinstance(value, str) else value
    if not isinstance(names, list):
        return []
    cleaned = (str(name).replace('"', "") for name in names)
    return sorted(name for name in cleaned if name)


def _attributes(element: dict[str, Any]) -> dict[str, str]:
    attributes = {
        "nth-child": str(element.get("nth_child") or 0),
        "nth-of-type": str(element.get("nth_of_type") or 0),
    }
    if element.get("$el_text"):
        attributes["text"] = str(element["$el_text"])[:TEXT_CHARS_MAX]
    if element.get("attr__href"):
        attributes["href"] = str(element["attr__href"])[:HREF_CHARS_MAX]
    if element.get("attr__id"):
        attributes["attr_id"] = str(element["attr__id"])
    for name, value in element.items():
        if name.startswith("attr__"):
            attributes[name] = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return attributes


def _escaped(value: str) -> str:
    return value.replace('"', '\\"')
