"""An elements chain as the API's list of elements (read-api §3.4, ingestion §10)."""

import re
from typing import Any, Final

_ATTRIBUTE = re.compile(r'([^=";]+)="((?:[^"\\]|\\.)*)"')
# A class may have a colon: the one that ends the classes is followed by a name ingestion gives.
_ELEMENT = re.compile(
    r'([^";]*?):(?=attr_|href="|nth-(?:child|of-type)="|text="|;|$)'
    r'((?:[^=";]+="(?:[^"\\]|\\.)*")*)(?:;|$)'
)
_NUMBERS: Final = {"nth-child": "nth_child", "nth-of-type": "nth_of_type"}
_NAMED: Final = {"text": "text", "href": "href", "attr_id": "attr_id"}


def elements_of(chain: str) -> list[dict[str, Any]]:
    """From the clicked element outwards; what cannot be read is left out."""
    found = _ELEMENT.findall(chain)
    return [_element(head, attributes, order) for order, (head, attributes) in enumerate(found)]


def _element(head: str, attributes: str, order: int) -> dict[str, Any]:
    tag, *classes = head.split(".")
    element: dict[str, Any] = {
        "text": None,
        "tag_name": tag,
        "attr_class": classes or None,
        "href": None,
        "attr_id": None,
        "nth_child": None,
        "nth_of_type": None,
        "attributes": {},
        "order": order,
    }
    for name, written in _ATTRIBUTE.findall(attributes):
        value = written.replace('\\"', '"')
        if name in _NUMBERS:
            element[_NUMBERS[name]] = int(value) if value.isdigit() else None
        elif name in _NAMED:
            element[_NAMED[name]] = value
        else:
            element["attributes"][name] = value
    return element
