"""Brings the directory's schema up to date in a process that then ends.

The library that does it takes 10 MB, which a server that was just set up or upgraded would keep for
as long as it runs.
"""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from hedgerow.directory.engine import open_directory
from hedgerow.directory.schema import SCHEMA_REVISION


def migrate_apart(path: Path) -> None:
    """Call it before any thread starts (blocking).

    What fails here is left as it was: opening the directory afterwards says why.
    """
    if _revision(path) == SCHEMA_REVISION:
        return
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            open_directory(path).close()
        os._exit(0)
    os.waitpid(child, 0)


def _revision(path: Path) -> str | None:
    """None where there is no readable directory yet."""
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error:
        return None
    return None if row is None else str(row[0])
