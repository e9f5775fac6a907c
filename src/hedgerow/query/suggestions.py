"""What a name that does not exist was probably meant to be."""

import difflib
from collections.abc import Iterable
from typing import Final

_ALIKE_MIN: Final = 0.6


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean …?` where something is alike, else the end of the sentence."""
    by_lower = {item.lower(): item for item in known}
    close = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=_ALIKE_MIN)
    return f"; did you mean `{by_lower[close[0]]}`?" if close else "."
