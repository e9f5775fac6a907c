"""Answers as a table for people, or as JSON or CSV for programs."""

import csv
import json
import sys
from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

# A spreadsheet runs a cell that begins with one of these.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def print_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    table = Table()
    for column in columns:
        table.add_column(Text(column))
    for row in rows:
        table.add_row(*(Text(_text(value)) for value in row))
    Console().print(table)


def print_csv(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow([harmless_cell(column) for column in columns])
    writer.writerows([harmless_cell(value) for value in row] for row in rows)


def harmless_cell(value: Any) -> Any:
    """Text that a spreadsheet would run gets a quote in front; numbers stay."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return _text(value) if isinstance(value, dict | list) else value


def _text(value: Any) -> str:
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
