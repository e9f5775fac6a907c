"""Rows that were erased leave their bytes in the file: until it is written anew.

SQLite leaves what was deleted, and every earlier state of a row, in the free parts of its pages.
Overwriting at each change (`secure_delete`) would slow all writing and still miss copies that were
left behind when a page was divided. So an erasure only marks the file, and the next cleanup writes
it anew (`VACUUM`), which takes about as long as copying it.
"""

from sqlalchemy import Connection

from hedgerow.directory.engine import Directory

# The number that SQLite keeps in the file's head for its user: within the transaction.
_CLEAN, _MARKED = 0, 1


def mark_erased(connection: Connection) -> None:
    """Within the transaction that erases. Other databases look after their files themselves."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA user_version={_MARKED}")


def has_erased_content(directory: Directory) -> bool:
    with directory.read() as connection:
        if connection.dialect.name != "sqlite":
            return False
        return connection.exec_driver_sql("PRAGMA user_version").scalar() == _MARKED


def rewrite_file(directory: Directory) -> None:
    """Nobody can write meanwhile (blocking). What is erased is gone once this returns."""
    directory.outside_transaction("VACUUM")
    directory.outside_transaction(f"PRAGMA user_version={_CLEAN}")
    directory.checkpoint()
