"""Regular expressions of release conditions, matched in time linear in the text.

They are compared with what anybody sends to a public address, so an engine that backtracks would
let one request stop the server. RE2 also reads the syntax that PostHog's own service reads.
"""

import re
from functools import lru_cache
from typing import Any, Final

import re2

# The classes mean all of Unicode in PostHog's service, and only ASCII in RE2.
_CLASSES: Final = {
    "d": r"\p{Nd}",
    "w": r"\p{L}\p{M}\p{Nd}\p{Pc}\x{200C}\x{200D}",
    "s": r"\t\n\v\f\r\x{85}\p{Z}",
}
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
PATTERN_CHARS_MAX: Final = 1000
_PROGRAM_BYTES_MAX: Final = 1 << 20
_PATTERNS_KEPT: Final = 1024


def matches_pattern(pattern: str, text: str) -> bool | None:
    """Whether `pattern` is found anywhere in `text`; None for an invalid pattern."""
    compiled = _compiled(pattern)
    if compiled is None:
        return None
    return compiled.search(text.encode("utf-8", "replace")) is not None


def is_pattern(pattern: str) -> bool:
    """Whether it can be used; look-around and back references cannot."""
    return _compiled(pattern) is not None


@lru_cache(maxsize=_PATTERNS_KEPT)
def _compiled(pattern: str) -> Any:
    if len(pattern) > PATTERN_CHARS_MAX:
        return None
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _PROGRAM_BYTES_MAX
    try:
        # The library is not annotated.
        return re2.compile(_with_unicode_classes(pattern).encode(), options)  # type: ignore[no-untyped-call]
    except (re2.error, UnicodeEncodeError):
        return None


def _with_unicode_classes(pattern: str) -> str:
    r"""`\d`, `\w`, `\s` and their opposites spelled out; an opposite in brackets is kept."""
    pieces: list[str] = []
    in_brackets = False
    position = 0
    while position < len(pattern):
        escape = _ESCAPE.match(pattern, position)
        if escape is not None:
            pieces.append(_escape(escape[1], in_brackets=in_brackets))
            position = escape.end()
            continue
        character = pattern[position]
        if character == "[":
            in_brackets = True
        elif character == "]" and pattern[position - 1 : position] not in ("[", "^"):
            in_brackets = False
        pieces.append(character)
        position += 1
    return "".join(pieces)


def _escape(letter: str, *, in_brackets: bool) -> str:
    if letter in _CLASSES:
        members = _CLASSES[letter]
        return members if in_brackets else f"[{members}]"
    if letter.lower() in _CLASSES and not in_brackets:
        return f"[^{_CLASSES[letter.lower()]}]"
    return "\\" + letter
