"""The store: opened only while no server has it open, since it takes one process at a time."""

from collections.abc import Iterator

from hedgerow.commands.doctor.finding import Finding, ok, warning, wrong
from hedgerow.core import json
from hedgerow.core.errors import StoreUnavailableError
from hedgerow.log.durable_end import DurableEndReader
from hedgerow.settings import Settings


def store_checks(settings: Settings) -> Iterator[Finding]:
    """Nothing is migrated. Call it with the folder locked."""
    if not settings.store_folder.exists():
        yield ok("store", "not made yet")
        return
    tables = settings.store_folder / "metadata" / "default"
    if tables.exists() and not tables.is_symlink():
        yield wrong(
            "store",
            "it is a copy in which links have become folders, so the engine finds no table",
            "copy the folder again with its links as they are: cp -a",
        )
        return
    # The engine takes a quarter of a second and 200 MB to load.
    from hedgerow.store.client import Client, check_durable, connect  # noqa: PLC0415
    from hedgerow.store.schema import MIGRATIONS, TABLES  # noqa: PLC0415

    try:
        client: Client = connect(settings.store_folder)
    except Exception as error:  # noqa: BLE001 - the driver documents none
        yield wrong("store", f"it does not open: {_first_line(error)}", _REBUILD)
        return
    try:
        done = {row[0] for row in client.query("SELECT number FROM schema_migrations").result_rows}
        missing = [number for number, _ in MIGRATIONS if number not in done]
        if missing:
            yield warning(
                "store, schema",
                f"{len(missing)} migrations are missing",
                "start the server: it brings the tables up to date",
            )
        else:
            yield ok("store, schema", f"all {len(done)} migrations are applied")
            check_durable(client)
            yield ok("store, durability", "every table syncs what it acknowledges")
            yield from _parts(client, TABLES)
            yield _positions(client, settings)
    except StoreUnavailableError as error:
        yield wrong("store, durability", str(error), "restore the tables' settings")
    except Exception as error:  # noqa: BLE001 - as above
        yield wrong("store", f"it cannot be read: {_first_line(error)}", _REBUILD)
    finally:
        client.close()


_REBUILD = "keep a copy; the store can be rebuilt from the log as far as that reaches"


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0][:300]


def _parts(client: object, tables: tuple[str, ...]) -> Iterator[Finding]:
    """Parts that the engine has set aside hold rows that no query sees."""
    query, command = client.query, client.command  # type: ignore[attr-defined]  # untyped driver
    broken = [
        row[0]
        for row in query(
            "SELECT concat(table, ': ', name) FROM system.detached_parts "
            "WHERE database = currentDatabase() AND reason LIKE 'broken%'"
        ).result_rows
    ]
    damaged = [name for table in tables for name in _damaged_parts(client, table)]
    if broken or damaged:
        found = [*(f"{name} is set aside" for name in broken), *damaged]
        yield wrong("store, parts", "; ".join(found[:5]), _REBUILD)
    else:
        rows = int(command("SELECT count() FROM events"))
        yield ok("store, parts", f"every part passes its checksums; {rows:,} rows of events")


def _damaged_parts(client: object, table: str) -> list[str]:
    checked: bytes = client.raw_query(  # type: ignore[attr-defined]  # untyped driver
        f"CHECK TABLE {table}", fmt="JSONEachRow"
    )
    parts = [json.decode(line) for line in checked.splitlines()]
    return [
        f"{table}: {part['part_path']}: {part['message']}"[:300]
        for part in parts
        if not part["is_passed"]
    ]


def _positions(client: object, settings: Settings) -> Finding:
    command = client.command  # type: ignore[attr-defined]  # untyped driver
    newest = int(command("SELECT max(log_position) FROM events"))
    end = DurableEndReader(settings.log_folder).read()
    if newest > end:
        return wrong(
            "store, positions",
            f"it holds rows of position {newest}, beyond the log's durable end {end}",
            "the log is older than the store: restore both from one backup",
        )
    return ok("store, positions", f"rows up to position {newest}")
