"""Which events are stored already: exact, for some days, keyed by bytes (reliability §7 rule 7).

Keys are bytes and never `uuid.UUID`: a set of those can be flooded (reliability §1, finding 8).
"""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, delete, select
from sqlalchemy.sql.elements import ColumnElement

from hedgerow.directory.batch import DedupeKey
from hedgerow.directory.chunks import chunks
from hedgerow.directory.dialect import execute_many, insert_or_keep
from hedgerow.directory.engine import Directory
from hedgerow.directory.schema import seen_event_days, seen_events

DAY_US = 24 * 60 * 60 * 1_000_000


def seen_keys(directory: Directory, keys: Collection[DedupeKey]) -> set[DedupeKey]:
    """Those of `keys` whose events are stored already."""
    keys_of_day: dict[int, dict[bytes, DedupeKey]] = {}
    for key in keys:
        keys_of_day.setdefault(key.day, {})[key.key] = key
    seen: set[DedupeKey] = set()
    with directory.read() as connection:
        for day, by_bytes in keys_of_day.items():
            # In the table's order, neighbours share a page.
            for chunk in chunks(sorted(by_bytes)):
                query = select(seen_events.c.key).where(
                    seen_events.c.day == day, seen_events.c.key.in_(chunk)
                )
                seen.update(by_bytes[found] for found in connection.execute(query).scalars())
    return seen


def add_seen_keys(connection: Connection, keys: Sequence[DedupeKey], received_us: int) -> None:
    """Remember these keys, received at `received_us`; one that is known keeps its first time."""
    received_day = received_us // DAY_US
    execute_many(
        connection,
        insert_or_keep(connection.dialect, seen_events),
        ("day", "key", "received_day"),
        sorted((key.day, key.key, received_day) for key in keys),
    )
    execute_many(
        connection,
        insert_or_keep(connection.dialect, seen_event_days),
        ("received_day", "day"),
        [(received_day, day) for day in sorted({key.day for key in keys})],
    )


def evict_dedupe_keys(directory: Directory, received_before_day: int, rows_max: int) -> int:
    """Forget at most `rows_max` keys received before that day (since 1970); how many they were.

    Fewer than `rows_max` means that none are left. Bounded, so that it never holds up ingest.
    """
    evicted = 0
    with directory.write() as connection:
        while evicted < rows_max:
            oldest = connection.execute(
                select(seen_event_days)
                .where(seen_event_days.c.received_day < received_before_day)
                .order_by(seen_event_days.c.received_day, seen_event_days.c.day)
                .limit(1)
            ).one_or_none()
            if oldest is None:
                break
            wanted = rows_max - evicted
            deleted = _delete_keys(connection, oldest.received_day, oldest.day, wanted)
            evicted += deleted
            if deleted < wanted:
                connection.execute(
                    delete(seen_event_days).where(
                        seen_event_days.c.received_day == oldest.received_day,
                        seen_event_days.c.day == oldest.day,
                    )
                )
    return evicted


def _delete_keys(connection: Connection, received_day: int, day: int, rows_max: int) -> int:
    def of_these_days() -> tuple[ColumnElement[bool], ...]:
        return seen_events.c.day == day, seen_events.c.received_day == received_day

    some = select(seen_events.c.key).where(*of_these_days()).limit(rows_max)
    result = connection.execute(
        delete(seen_events).where(*of_these_days(), seen_events.c.key.in_(some))
    )
    return result.rowcount
