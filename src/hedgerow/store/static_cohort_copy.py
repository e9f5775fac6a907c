"""Copies the lists of static cohorts into another store, since no log could bring them there.

    python -m hedgerow.store.static_cohort_copy STORE_FOLDER

prints them. In a process of its own, as a process has one engine with one folder.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from hedgerow.core import json
from hedgerow.core.errors import UserError
from hedgerow.store.client import Client, connect

_COLUMNS: Final = ("project_id", "cohort_id", "person_id", "version", "is_deleted")
_LISTS: Final = (
    "SELECT project_id, cohort_id, toString(person_id), version, is_deleted "
    "FROM static_cohort_people FINAL ORDER BY ALL"
)


def read_lists(source: Path) -> list[list[Any]]:
    """The rows of a store that this process has not opened. Raises `UserError`."""
    command = [sys.executable, "-m", __name__, str(source)]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode != 0:
        reason = done.stderr.decode(errors="replace").strip().rsplit("\n", 1)[-1]
        raise UserError(f"The lists of static cohorts in {source} cannot be read: {reason}")
    rows: list[list[Any]] = json.decode(done.stdout)
    return rows


def write_lists(client: Client, rows: list[list[Any]]) -> None:
    if rows:
        client.insert("static_cohort_people", rows, column_names=_COLUMNS)


if __name__ == "__main__":
    found = connect(Path(sys.argv[1])).query(_LISTS).result_rows
    sys.stdout.write(json.encode([list(row) for row in found]).decode())
