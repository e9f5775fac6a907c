"""A small reader of SQL text, for what the parser does not do for us.

It knows strings, quoted names and comments, so that what looks like code inside them is not.
"""

import re
from collections.abc import Iterator
from typing import Final

_TOKEN = re.compile(
    r"""(?P<string>'(?:[^'\\]|\\.|'')*')
      | (?P<quoted>"(?:[^"\\]|\\.|"")*"|`(?:[^`\\]|\\.|``)*`)
      | (?P<comment>--[^\n]*|/\*.*?\*/)
      | (?P<word>[A-Za-z_$][A-Za-z0-9_$]*)
      | (?P<space>\s+)
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_DOLLAR: Final = "$"
_SILENT: Final = ("space", "comment")


def tokens(sql: str) -> Iterator[tuple[str, str]]:
    """Kind and text: string, quoted, comment, word, space or other. Joined they are the text."""
    for match in _TOKEN.finditer(sql):
        assert match.lastgroup is not None
        yield match.lastgroup, match.group()


def quote_dollar_names(sql: str) -> str:
    """`properties.$browser` → the same with the name quoted, as the parser needs it."""
    return "".join(
        f"`{text}`" if kind == "word" and _DOLLAR in text else text for kind, text in tokens(sql)
    )


def explained(sql: str) -> tuple[bool, str]:
    """Whether the text begins with EXPLAIN, and what follows it."""
    position = 0
    for kind, text in tokens(sql):
        position += len(text)
        if kind in _SILENT:
            continue
        if kind == "word" and text.upper() == "EXPLAIN":
            return True, sql[position:]
        break
    return False, sql


def called_names(sql: str) -> Iterator[str]:
    """Every name that is followed by an opening parenthesis, quoted ones included."""
    name: str | None = None
    for kind, text in tokens(sql):
        if kind in _SILENT:
            continue
        if text == "(" and name is not None:
            yield name
        if kind == "word":
            name = text
        elif kind == "quoted":
            name = text[1:-1]
        else:
            name = None
