"""Rows → Arrow tables, column by column: the fastest way into the engine."""

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

import pyarrow as pa

from hedgerow.core import json
from hedgerow.store.rows import (
    HOT_STRING_PROPERTIES,
    PERSON_MODES,
    DistinctIdRow,
    EventRow,
    PersonRow,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What the engine's DateTime64(6) holds. Times outside are stored at the nearest end; the client's
# own text stays in the log.
TIMESTAMP_US_MIN = int((datetime(1900, 1, 1, tzinfo=UTC) - _EPOCH).total_seconds()) * 1_000_000
TIMESTAMP_US_MAX = int((datetime(2262, 1, 1, tzinfo=UTC) - _EPOCH).total_seconds()) * 1_000_000

TIME = pa.timestamp("us", "UTC")
_UUID_BYTES = 16
_MODES = {mode: index for index, mode in enumerate(PERSON_MODES)}


def stored_time_us(timestamp_us: int) -> int:
    return min(max(timestamp_us, TIMESTAMP_US_MIN), TIMESTAMP_US_MAX)


def sorting_date(day: int) -> str:
    """The day as the sorting key of `events` has it: the engine's dates have 16 bits."""
    return (_EPOCH + timedelta(days=day & 0xFFFF)).date().isoformat()


def month_of(timestamp_us: int) -> int:
    """The table partition of an event, as year * 100 + month."""
    moment = _EPOCH + timedelta(microseconds=stored_time_us(timestamp_us))
    return moment.year * 100 + moment.month


def by_partition(rows: Iterable[EventRow]) -> list[list[EventRow]]:
    """The rows of each month apart, since an insert over two partitions can be torn."""
    days: dict[int, int] = {}
    months: defaultdict[int, list[EventRow]] = defaultdict(list)
    for row in rows:
        day = row.timestamp_us // 86_400_000_000
        month = days.get(day)
        if month is None:
            month = days[day] = month_of(row.timestamp_us)
        months[month].append(row)
    return list(months.values())


def uuid_column(uuids: Collection[bytes]) -> "pa.Array":
    """Of 16 bytes each, as the engine has them: text would be written here and read there."""
    buffers = [None, pa.py_buffer(b"".join(uuids))]
    return pa.Array.from_buffers(pa.binary(_UUID_BYTES), len(uuids), buffers)


def _uuid_text_column(uuids: Sequence[str]) -> "pa.Array":
    """The same of uuids as text, all turned to bytes at once."""
    packed = bytes.fromhex("".join(uuids).replace("-", ""))
    assert len(packed) == len(uuids) * _UUID_BYTES, "the edge logs only whole uuids"
    return pa.Array.from_buffers(pa.binary(_UUID_BYTES), len(uuids), [None, pa.py_buffer(packed)])


def time_column(times_us: Sequence[int]) -> "pa.Array":
    """Times outside of what is stored are rare, and there may be none."""
    if times_us and (min(times_us) < TIMESTAMP_US_MIN or max(times_us) > TIMESTAMP_US_MAX):
        times_us = [stored_time_us(time_us) for time_us in times_us]
    return pa.array(times_us, TIME)


def _binary_column(values: Sequence[bytes]) -> "pa.Array":
    """Long values, joined at once: Arrow's own way grows its memory step by step, ten times slower.

    Raises `OverflowError` from 2 GiB on.
    """
    ends = array("i", accumulate(map(len, values), initial=0))
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(values))]
    return pa.Array.from_buffers(pa.binary(), len(values), buffers)


def _hot_column(values: Sequence[Any]) -> "pa.Array":
    """The property as text, as it would be read from `properties`: JSON where it is no string."""
    try:
        return pa.array(values, pa.string())
    except pa.ArrowTypeError:
        return pa.array([_text(value) for value in values], pa.string())


def _text(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else json.encode(value).decode()


def events_table(rows: Sequence[EventRow]) -> "pa.Table":
    columns: dict[str, pa.Array] = {
        "uuid": _uuid_text_column([row.uuid for row in rows]),
        "project_id": pa.array([row.project_id for row in rows], pa.int64()),
        "event": pa.array([row.event for row in rows], pa.string()),
        "distinct_id": pa.array([row.distinct_id for row in rows], pa.string()),
        "person_id": uuid_column([row.person_id for row in rows]),
        "timestamp": time_column([row.timestamp_us for row in rows]),
        "received_at": pa.array([row.received_at_us for row in rows], TIME),
        "properties": _binary_column([row.properties for row in rows]),
        "person_properties": _binary_column([row.person_properties for row in rows]),
        "person_created_at": time_column([row.person_created_at_us for row in rows]),
        "person_mode": pa.array([_MODES[row.person_mode] for row in rows], pa.int8()),
        "elements_chain": pa.array([row.elements_chain for row in rows], pa.string()),
        "historical_migration": pa.array(
            [int(row.historical_migration) for row in rows], pa.uint8()
        ),
        "log_position": pa.array([row.log_position for row in rows], pa.int64()),
        "log_index": pa.array([row.log_index for row in rows], pa.int32()),
    }
    hot = zip(*(row.hot for row in rows), strict=True)
    for column, values in zip(HOT_STRING_PROPERTIES, hot, strict=True):
        columns[column] = _hot_column(values)
    return pa.table(columns)


def file_bytes(table: "pa.Table") -> memoryview:
    """The table as an Arrow file in memory, which is taken once and at its right size."""
    measured = pa.MockOutputStream()
    _write(table, measured)
    content = pa.allocate_buffer(measured.size())
    _write(table, pa.FixedSizeBufferWriter(content))
    return memoryview(content)


def _write(table: "pa.Table", sink: Any) -> None:
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def persons_table(rows: Sequence[PersonRow]) -> "pa.Table":
    return pa.table(
        {
            "project_id": pa.array([row.project_id for row in rows], pa.int64()),
            "id": uuid_column([row.id for row in rows]),
            "created_at": time_column([row.created_at_us for row in rows]),
            "properties": _binary_column([row.properties for row in rows]),
            "is_identified": pa.array([int(row.is_identified) for row in rows], pa.uint8()),
            "version": pa.array([row.version for row in rows], pa.int64()),
            "is_deleted": pa.array([int(row.is_deleted) for row in rows], pa.uint8()),
        }
    )


def distinct_ids_table(rows: Sequence[DistinctIdRow]) -> "pa.Table":
    return pa.table(
        {
            "project_id": pa.array([row.project_id for row in rows], pa.int64()),
            "distinct_id": pa.array([row.distinct_id for row in rows], pa.string()),
            "person_id": uuid_column([row.person_id for row in rows]),
            "version": pa.array([row.version for row in rows], pa.int64()),
            "is_deleted": pa.array([int(row.is_deleted) for row in rows], pa.uint8()),
        }
    )
