"""Answers as a table for people, or as JSON for programs."""

import json
import re
import sys
from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from hedgerow.core.csv_cells import cell_text

# A terminal obeys these: an event must not move the operator's cursor or change a title.
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def print_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    table = Table()
    for column in columns:
        table.add_column(Text(_visible(column)))
    for row in rows:
        table.add_row(*(Text(_visible(cell_text(value))) for value in row))
    Console().print(table)


def _visible(text: str) -> str:
    return _CONTROL.sub(lambda match: repr(match.group())[1:-1], text)
