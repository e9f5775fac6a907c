"""Opening the engine: migrated, durable, frugal with memory, and checked to be so."""

from pathlib import Path
from typing import Any

import clickhouse_connect
from clickhouse_connect.driver.exceptions import ClickHouseError

from hedgerow.core.errors import StoreUnavailableError, UserError
from hedgerow.store.schema import DURABLE_SETTINGS, MIGRATIONS, TABLES

Client = Any  # the driver's client; its base class is untyped


def connect(folder: Path) -> Client:
    """A client of the engine in this process. One folder a process; clients may be several."""
    return clickhouse_connect.get_client(dsn=f"chdb://{folder.absolute()}")


def open_store(folder: Path) -> Client:
    """The writing client, with all migrations applied.

    Raises `StoreUnavailableError` where a table would not keep what it acknowledges.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    client = connect(folder)
    # Ingest leaves no duplicates within a batch, so looking for them in each insert is lost time.
    client.command("SET optimize_on_insert = 0")
    migrate(client)
    check_durable(client)
    return client


def migrate(client: Client) -> None:
    """Apply what is missing; a migration that was cut off runs again."""
    client.command(
        "CREATE TABLE IF NOT EXISTS schema_migrations (number UInt32) "
        "ENGINE = MergeTree ORDER BY number "
        "SETTINGS fsync_after_insert = 1, fsync_part_directory = 1"
    )
    done = {row[0] for row in client.query("SELECT number FROM schema_migrations").result_rows}
    for number, statements in MIGRATIONS:
        if number in done:
            continue
        for statement in statements:
            client.command(statement)
        client.insert("schema_migrations", [[number]], column_names=["number"])


def check_migrated(client: Client) -> None:
    """For who only reads. Raises `UserError` where an older version wrote the folder."""
    try:
        done = {row[0] for row in client.query("SELECT number FROM schema_migrations").result_rows}
    except ClickHouseError:
        done = set()
    if not {number for number, _ in MIGRATIONS} <= done:
        raise UserError(
            "The data folder was written by an older version: start the server once, and stop it."
        )


def check_durable(client: Client) -> None:
    """Read the settings back from the engine, since the default loses acknowledged rows."""
    for table in TABLES:
        definition = client.command(
            f"SELECT create_table_query FROM system.tables WHERE name = '{table}' "  # noqa: S608
            "AND database = currentDatabase()"
        )
        for name, value in DURABLE_SETTINGS.items():
            if f"{name} = {value}" not in str(definition):
                raise StoreUnavailableError(f"Table {table} is not durable: {name} is not {value}.")
