"""CSS selectors → regular expressions over an elements chain (ingestion §10). Pure.

A chain has the clicked element first and what holds it behind; an element is its tag, its classes
in order, a colon and its attributes in order. A selector is met if any element of the chain meets
it. Of CSS there are tags, classes, ids, attributes (there, or equal to a value), `:nth-child(n)`,
`:nth-of-type(n)`, descendants, children and lists.
"""

import re
from dataclasses import dataclass, field
from typing import Final

_ATTRIBUTE: Final = r'[^=";]+="(?:[^"\\]|\\.)*"'
_ANY_ATTRIBUTES: Final = f"(?:{_ATTRIBUTE})*"
_ANY_ELEMENT: Final = f'[^";]*:{_ANY_ATTRIBUTES}'
_ANY_TAG: Final = '[^.:";]*'
_MORE_CLASSES: Final = r'(?:\.[^";]*)?'
_ANY_VALUE: Final = r"(?:[^\"\\]|\\.)*"

_NAME: Final = r"(?:[A-Za-z0-9_-]|\\.)+"
_PART = re.compile(
    rf"""(?P<tag>\*|{_NAME})
      | \.(?P<class>{_NAME})
      | \#(?P<id>{_NAME})
      | \[\s*(?P<name>{_NAME})\s*
          (?:=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\]\s"']+))\s*)?\]
      | :(?P<nth>nth-child|nth-of-type)\(\s*(?P<number>\d+)\s*\)""",
    re.VERBOSE,
)
_COMBINATOR = re.compile(r"\s*(?P<child>>)\s*|\s+")
_ESCAPE = re.compile(r"\\(.)")


class WrongSelectorError(ValueError):
    """Says what of the selector cannot be read."""


@dataclass(slots=True)
class _Element:
    """One compound: `button.buy[type="submit"]`. An attribute without a value must be there."""

    tag: str | None = None
    classes: list[str] = field(default_factory=list)
    attributes: dict[str, str | None] = field(default_factory=dict)
    is_child: bool = False

    def pattern(self) -> str:
        head = _ANY_TAG if self.tag is None else re.escape(self.tag)
        for name in sorted(set(self.classes)):
            head += f"{_MORE_CLASSES}\\.{re.escape(name)}"
        found = f"{head}{_MORE_CLASSES}:"
        for name, value in sorted(self.attributes.items()):
            wanted = _ANY_VALUE if value is None else re.escape(value.replace('"', '\\"'))
            found += f'{_ANY_ATTRIBUTES}{re.escape(name)}="{wanted}"'
        return found + _ANY_ATTRIBUTES


def selector_pattern(selector: str) -> str:
    """A pattern that is found in the chains that meet the selector.

    Raises `WrongSelectorError`.
    """
    return "|".join(_pattern(_elements(part)) for part in selector.split(","))


def _pattern(elements: list[_Element]) -> str:
    """From the innermost element, which the chain has first, outwards."""
    *outer, last = elements
    found = f"^(?:{_ANY_ELEMENT};)*{last.pattern()}"
    is_child = last.is_child
    for element in reversed(outer):
        between = "" if is_child else f"(?:;{_ANY_ELEMENT})*"
        found += f"{between};{element.pattern()}"
        is_child = element.is_child
    return f"{found}(?:;|$)"


def _elements(selector: str) -> list[_Element]:
    text = selector.strip()
    if not text:
        raise WrongSelectorError("a selector is empty")
    elements, position = [_Element()], 0
    is_begun = False
    while position < len(text):
        part = _PART.match(text, position)
        if part is not None and not (part["tag"] and is_begun):
            _add(elements[-1], part)
            position, is_begun = part.end(), True
            continue
        combinator = _COMBINATOR.match(text, position)
        if combinator is None or not is_begun or combinator.end() == len(text):
            raise WrongSelectorError(f"{text[position : position + 20]!r} cannot be read")
        elements.append(_Element(is_child=combinator["child"] is not None))
        position, is_begun = combinator.end(), False
    return elements


def _add(element: _Element, part: re.Match[str]) -> None:
    if part["tag"]:
        element.tag = None if part["tag"] == "*" else _unescaped(part["tag"]).lower()
    elif part["class"]:
        element.classes.append(_unescaped(part["class"]))
    elif part["id"]:
        element.attributes["attr_id"] = _unescaped(part["id"])
    elif part["nth"]:
        element.attributes[part["nth"]] = part["number"]
    else:
        values = (part["double"], part["single"], part["bare"])
        value = next((item for item in values if item is not None), None)
        element.attributes[f"attr__{_unescaped(part['name'])}"] = value


def _unescaped(name: str) -> str:
    return _ESCAPE.sub(r"\1", name)
