"""The directory, read as it lies on disk: nothing is migrated, nothing is written."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing

from hedgerow.commands.doctor.finding import Finding, ok, warning, wrong
from hedgerow.commands.sizes import age, size
from hedgerow.core.clock import Clock
from hedgerow.directory.engine import CONNECTION_SETTINGS
from hedgerow.directory.schema import SCHEMA_REVISION
from hedgerow.log.durable_end import DurableEndReader
from hedgerow.log.segments import list_segments
from hedgerow.settings import Settings
from hedgerow.wire.keys_snapshot import decode_snapshot

_OLD_WAITING_SECONDS = 60
_RESTORE = "stop the server, keep a copy, and restore a backup of the folder"


def directory_checks(settings: Settings, clock: Clock) -> Iterator[Finding]:
    path = settings.directory_path
    if not path.exists():
        yield ok("directory", "not made yet")
        return
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as connection:
            revision = _one(connection, "SELECT version_num FROM alembic_version")
            yield from _sound(connection)
            yield _schema(str(revision))
            if revision == SCHEMA_REVISION:
                yield _position(connection, settings)
                yield _alarm(connection)
                yield _dead_letters(connection)
                yield _balance(connection)
                yield _newest_event(connection, settings, clock)
                yield _keys_snapshot(connection, settings)
    except sqlite3.Error as error:
        yield wrong("directory", f"SQLite cannot read it: {error}", _RESTORE)


def _one(connection: sqlite3.Connection, sql: str) -> object:
    row = connection.execute(sql).fetchone()
    return None if row is None else row[0]


def _sound(connection: sqlite3.Connection) -> Iterator[Finding]:
    damages = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(5)")]
    orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
    if damages != ["ok"] or orphans:
        found = "; ".join(damages) if damages != ["ok"] else f"{len(orphans)} rows without parent"
        yield wrong("directory", f"SQLite's check fails: {found}", _RESTORE)
    else:
        yield ok("directory", "SQLite's integrity check passes")
    mode = _one(connection, "PRAGMA journal_mode")
    if mode == CONNECTION_SETTINGS["journal_mode"]:
        yield ok("directory, journal", "write-ahead log; every connection syncs each commit")
    else:
        yield wrong(
            "directory, journal",
            f"the journal mode is {mode}, with which commits can be lost",
            "start the server once: it sets the mode or says why it cannot",
        )


def _schema(revision: str) -> Finding:
    if revision == SCHEMA_REVISION:
        return ok("directory, schema", f"revision {revision}, that of this version")
    if revision < SCHEMA_REVISION:
        return warning(
            "directory, schema",
            f"revision {revision}; this version has {SCHEMA_REVISION}",
            "start the server: it brings the schema up to date",
        )
    return wrong(
        "directory, schema",
        f"revision {revision} is of a newer version; this one knows {SCHEMA_REVISION}",
        "use the newer version of Hedgerow",
    )


def _position(connection: sqlite3.Connection, settings: Settings) -> Finding:
    """Asked before the log's end, which only grows: a running server is no contradiction."""
    position = int(str(_one(connection, "SELECT position FROM ingest_progress")))
    end = DurableEndReader(settings.log_folder).read()
    segments = list_segments(settings.log_folder)
    start = segments[0].base if segments else 0
    if position > end:
        return wrong(
            "positions",
            f"ingest stands at {position}, beyond the log's durable end {end}",
            "the log is older than the directory: restore both from one backup",
        )
    if position < start:
        return wrong(
            "positions",
            f"ingest stands at {position}, but the log begins at {start}",
            "log files were removed before they were read: restore them",
        )
    return ok("positions", f"ingest stands at {position} of {end}; {size(end - position)} wait")


def _alarm(connection: sqlite3.Connection) -> Finding:
    alarm = _one(connection, "SELECT alarm FROM ingest_progress")
    if alarm is None:
        return ok("ingest", "no alarm")
    first_line = str(alarm).split("\n", 1)[0]
    return wrong("ingest", f"stopped: {first_line}", "repair what it names, then restart")


def _dead_letters(connection: sqlite3.Connection) -> Finding:
    count = int(str(_one(connection, "SELECT count(*) FROM dead_letters")))
    if not count:
        return ok("dead letters", "none")
    steps = connection.execute(
        "SELECT step, count(*) FROM dead_letters GROUP BY step ORDER BY 2 DESC LIMIT 3"
    ).fetchall()
    named = ", ".join(f"{number} in {step}" for step, number in steps)
    return warning(
        "dead letters",
        f"{count} events could not be processed ({named}); their bytes are kept",
        "report the reason: it is a fault of ours; nothing of them is lost until it is repaired",
    )


def _balance(connection: sqlite3.Connection) -> Finding:
    counts: dict[str, int] = dict(
        connection.execute("SELECT outcome, sum(count) FROM outcomes GROUP BY outcome").fetchall()
    )
    received = counts.pop("received", 0)
    accounted = sum(counts.values())
    if received == accounted:
        return ok("outcomes", f"{received:,} events received, all accounted for")
    return wrong(
        "outcomes",
        f"{received:,} events received, but {accounted:,} accounted for",
        "report this: the sums must agree",
    )


def _newest_event(connection: sqlite3.Connection, settings: Settings, clock: Clock) -> Finding:
    row = connection.execute("SELECT position, newest_event_received_us FROM ingest_progress")
    position, newest_us = row.fetchone()
    if not newest_us:
        return ok("newest event", "none yet")
    seconds = max(0.0, (clock.now_us() - newest_us) / 1_000_000)
    found = f"received {age(seconds)} ago"
    if DurableEndReader(settings.log_folder).read() > position and seconds > _OLD_WAITING_SECONDS:
        return warning(
            "newest event",
            f"{found}, and more wait in the log",
            "start the server, or look at its log for why ingest does not go on",
        )
    return ok("newest event", found)


def _keys_snapshot(connection: sqlite3.Connection, settings: Settings) -> Finding:
    # A key that was just made is published a moment later.
    for _ in range(3):
        tokens = {str(row[0]) for row in connection.execute("SELECT api_token FROM projects")}
        try:
            published = decode_snapshot(settings.keys_snapshot.read_bytes())
        except FileNotFoundError:
            published = frozenset()
        except (OSError, ValueError) as error:
            return warning("project keys", str(error), "restart the server: it publishes them anew")
        if published == tokens:
            return ok("project keys", f"{len(tokens)} known to capture")
        time.sleep(0.2)
    return warning(
        "project keys",
        f"capture knows {len(published)} keys, the directory {len(tokens)}",
        "restart the server: it publishes them anew",
    )
