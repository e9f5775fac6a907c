"""Cells of CSV that a spreadsheet does not run (reliability §8.2)."""

import json
import re
from typing import Any, Final

# A spreadsheet runs a cell that begins with one of these.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def harmless_cell(value: Any) -> Any:
    """Text that a spreadsheet would run gets a quote in front; numbers stay."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return value if _NUMBER.fullmatch(value) else "'" + value
    return cell_text(value) if isinstance(value, dict | list) else value


def cell_text(value: Any) -> str:
    """Lists and objects as JSON, nothing as the empty text."""
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
