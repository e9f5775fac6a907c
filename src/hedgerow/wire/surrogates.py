"""Repair of lone surrogate escapes, which some clients send and no strict parser accepts."""

import re

# Any escape is consumed whole, so that the `\u` of an escaped backslash is not mistaken for one.
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})"
    rb"|.)",
    re.DOTALL,
)


def repair_lone_surrogates(text: bytes) -> bytes:
    r"""JSON text with each lone escape from `\ud800` to `\udfff` replaced by `\ufffd`."""
    return _ESCAPE.sub(_replacement, text)


def _replacement(match: re.Match[bytes]) -> bytes:
    return rb"\ufffd" if match["lone"] else match[0]
