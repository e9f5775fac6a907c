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


def quote_dollar_names(sql: str) -> str:
    """`properties.$browser` → the same with the name quoted, as the parser needs it."""
    return "".join(
        f"`{match.group()}`"
        if match.lastgroup == "word" and _DOLLAR in match.group()
        else match.group()
        for match in _TOKEN.finditer(sql)
    )


def called_names(sql: str) -> Iterator[str]:
    """Every name that is followed by an opening parenthesis, quoted ones included."""
    name: str | None = None
    for match in _TOKEN.finditer(sql):
        if match.lastgroup in ("space", "comment"):
            continue
        if match.group() == "(" and name is not None:
            yield name
        if match.lastgroup == "word":
            name = match.group()
        elif match.lastgroup == "quoted":
            name = match.group()[1:-1]
        else:
            name = None
