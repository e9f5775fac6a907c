"""Which events are stored already: exact, for some days, keyed by bytes (reliability §7 rule 7).

Keys are bytes and never `uuid.UUID`: a set of those can be flooded (reliability §1, finding 8).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Integer, and_, bindparam, delete, select, true
from sqlalchemy.sql.elements import ColumnElement

from hedgerow.directory.batch import DedupeKey
from hedgerow.directory.dialect import (
    execute_many,
    insert_or_keep,
    numbers_below,
    packed_value,
)
from hedgerow.directory.engine import Directory
from hedgerow.directory.schema import seen_event_days, seen_events

DAY_US = 24 * 60 * 60 * 1_000_000
KEY_BYTES = 16


def seen_keys(directory: Directory, keys: Collection[DedupeKey]) -> set[DedupeKey]:
    """Those of `keys` whose events are stored already."""
    numbers = numbers_below("count")
    key = packed_value("keys", numbers.c.number, KEY_BYTES)
    query = select(seen_events.c.key).join_from(
        numbers, seen_events, and_(seen_events.c.day == bindparam("day"), seen_events.c.key == key)
    )
    seen: set[DedupeKey] = set()
    with directory.read() as connection:
        for day, keys_of_day in _by_day(keys).items():
            found = connection.execute(query, _packed(day, keys_of_day)).scalars()
            seen.update(DedupeKey(day, key) for key in found)
    return seen


def add_seen_keys(connection: Connection, keys: Sequence[DedupeKey], received_us: int) -> None:
    """Remember these keys, received at `received_us`; one that is known keeps its first time."""
    received_day = received_us // DAY_US
    numbers = numbers_below("count")
    key = packed_value("keys", numbers.c.number, KEY_BYTES)
    rows = select(
        bindparam("day", type_=Integer), key, bindparam("received_day", type_=Integer)
    ).select_from(numbers)
    # Without a condition SQLite would take ON CONFLICT for the condition of a join.
    insert = insert_or_keep(connection.dialect, seen_events).from_select(
        ("day", "key", "received_day"), rows.where(true())
    )
    by_day = _by_day(keys)
    for day, keys_of_day in by_day.items():
        connection.execute(insert, _packed(day, keys_of_day) | {"received_day": received_day})
    execute_many(
        connection,
        insert_or_keep(connection.dialect, seen_event_days),
        ("received_day", "day"),
        [(received_day, day) for day in sorted(by_day)],
    )


def _by_day(keys: Iterable[DedupeKey]) -> dict[int, list[bytes]]:
    by_day: defaultdict[int, list[bytes]] = defaultdict(list)
    for day, key in keys:
        by_day[day].append(key)
    return by_day


def _packed(day: int, keys: list[bytes]) -> dict[str, Any]:
    """In the table's order, since neighbours share a page."""
    packed = b"".join(sorted(keys))
    assert len(packed) == len(keys) * KEY_BYTES, "keys have one length"
    return {"day": day, "keys": packed, "count": len(keys)}


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
