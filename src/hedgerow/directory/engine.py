"""Opens the directory: a SQLite file with the settings that make a commit survive a power cut.

WAL with synchronous=NORMAL, the usual pair, loses acknowledged commits (reliability §1, finding 4;
§7 rule 6). The settings are therefore read back on every connection.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from sqlite3 import DatabaseError
from threading import Lock
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from hedgerow.core.errors import UserError
from hedgerow.directory.durable_files import ensure_private_file
from hedgerow.directory.migrate import migrate_to_current_schema

BUSY_TIMEOUT_MS = 10_000
POOL_CONNECTIONS = 8

# The value that each setting must have when it is read back.
CONNECTION_SETTINGS: dict[str, str | int] = {
    "busy_timeout": BUSY_TIMEOUT_MS,
    "journal_mode": "wal",
    "synchronous": 2,  # FULL
    "foreign_keys": 1,
}


class Directory:
    """The relational state. Safe to use from several threads: many readers beside one writer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing_engine = engine.execution_options(begin="BEGIN IMMEDIATE")
        self._writer_lock = Lock()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one moment of the directory, whatever is written meanwhile."""
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection in a transaction: durable when the block ends, undone when it raises.

        Threads wait here for each other; a block must not open another one.
        """
        with self._writer_lock, self._writing_engine.begin() as connection:
            yield connection

    def checkpoint(self) -> None:
        """Move the write-ahead log into the file and shorten it to nothing."""
        self.outside_transaction("PRAGMA wal_checkpoint(TRUNCATE)")

    def outside_transaction(self, statement: str) -> None:
        """What cannot be part of one, and must not meet a writer."""
        with self._writer_lock:
            driver_connection = self._engine.raw_connection()
            try:
                driver_connection.cursor().execute(statement)
            finally:
                driver_connection.close()

    def damages(self) -> list[str]:
        """What SQLite's own check finds wrong in the file; empty when it is sound."""
        with self.read() as connection:
            found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        return [] if found == ["ok"] else list(found)

    def close(self) -> None:
        self._engine.dispose()


def open_directory(path: Path) -> Directory:
    """Open the file at `path`, made if it is missing, and bring its schema up to date.

    Raises `UserError` when the file is no directory or was written by a newer version, or when
    a durability setting cannot be had there.
    """
    ensure_private_file(path)
    engine = create_engine(
        URL.create("sqlite", database=str(path)), pool_size=POOL_CONNECTIONS, max_overflow=-1
    )
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    directory = Directory(engine)
    try:
        migrate_to_current_schema(directory)
    except (DatabaseError, DBAPIError) as error:
        raise UserError(f"the directory {path} cannot be opened: {error}") from error
    return directory


def apply_connection_settings(connection: SQLiteConnection) -> None:
    """Set what durability needs, and read it back. Raises `UserError` naming what is not so."""
    for name, wanted in CONNECTION_SETTINGS.items():
        connection.execute(f"PRAGMA {name}={wanted}")
        (actual,) = connection.execute(f"PRAGMA {name}").fetchone()
        if actual != wanted:
            raise UserError(
                f"the directory needs SQLite's {name}={wanted} but has {actual}: "
                "commits would not be safe. Is the data folder on a local file system?"
            )


def _on_connect(driver_connection: Any, _pool_record: Any) -> None:
    # Leave transactions to us: the driver would begin them late, and never IMMEDIATE.
    driver_connection.isolation_level = None
    apply_connection_settings(driver_connection)


def _on_begin(connection: Connection) -> None:
    # A writer takes the lock at once: a reader that turns writer later may fail without waiting.
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))
