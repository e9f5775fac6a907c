"""Brings the directory's schema to the current revision when it is opened."""

from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection, inspect, text

from hedgerow.core.errors import UserError
from hedgerow.directory.schema import SCHEMA_REVISION


class Transactions(Protocol):
    def read(self) -> AbstractContextManager[Connection]: ...

    def write(self) -> AbstractContextManager[Connection]: ...


def migrate_to_current_schema(directory: Transactions) -> None:
    """Run the missing migrations in one transaction; none are missing on most starts.

    Raises `UserError` when the file has a revision that this version does not know.
    """
    with directory.read() as connection:
        revision = stored_revision(connection)
    if revision == SCHEMA_REVISION:
        return
    with directory.write() as connection:
        _run_migrations(connection, revision)


def stored_revision(connection: Connection) -> str | None:
    """The revision of the schema in the file; None in an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _run_migrations(connection: Connection, revision: str | None) -> None:
    # Imported only here: a normal start needs no migration and saves the time.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "hedgerow.directory:migrations")
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise UserError(
            f"the directory has schema revision {revision!r}, which this version does not know: "
            "it was written by a newer version of Hedgerow"
        ) from error
