"""Answers as a table for people, or as JSON or CSV for programs."""

import csv
import json
import re
import sys
from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

# A spreadsheet runs a cell that begins with one of these.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
# A terminal obeys these: an event must not move the operator's cursor or change a title.
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def print_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    table = Table()
    for column in columns:
        table.add_column(Text(_visible(column)))
    for row in rows:
        table.add_row(*(Text(_visible(_text(value))) for value in row))
    Console().print(table)


def print_csv(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow([harmless_cell(column) for column in columns])
    writer.writerows([harmless_cell(value) for value in row] for row in rows)


def harmless_cell(value: Any) -> Any:
    """Text that a spreadsheet would run gets a quote in front; numbers stay (reliability §8.2)."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return value if _NUMBER.fullmatch(value) else "'" + value
    return _text(value) if isinstance(value, dict | list) else value


def _visible(text: str) -> str:
    return _CONTROL.sub(lambda match: repr(match.group())[1:-1], text)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
