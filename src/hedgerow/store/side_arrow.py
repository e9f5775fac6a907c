"""The rows beside events and persons as Arrow tables."""

from collections.abc import Iterator, Sequence

import pyarrow as pa

from hedgerow.store.arrow import time_column, uuid_column
from hedgerow.store.side_rows import GroupRow, HeatmapRow, OverrideRow, SideRows


def side_tables(rows: SideRows) -> Iterator[tuple[str, "pa.Table"]]:
    """The name of each table that gets rows, and its rows."""
    if rows.overrides:
        yield "person_overrides", _overrides_table(rows.overrides)
    if rows.groups:
        yield "groups", _groups_table(rows.groups)
    if rows.heatmaps:
        yield "heatmaps", _heatmaps_table(rows.heatmaps)


def _overrides_table(rows: Sequence[OverrideRow]) -> "pa.Table":
    return pa.table(
        {
            "project_id": pa.array([row.project_id for row in rows], pa.int64()),
            "old_person_id": uuid_column([row.old_person_id for row in rows]),
            "person_id": uuid_column([row.person_id for row in rows]),
            "version": pa.array([row.version for row in rows], pa.int64()),
            "is_deleted": pa.array([int(row.is_deleted) for row in rows], pa.uint8()),
        }
    )


def _groups_table(rows: Sequence[GroupRow]) -> "pa.Table":
    return pa.table(
        {
            "project_id": pa.array([row.project_id for row in rows], pa.int64()),
            "group_type_index": pa.array([row.group_type_index for row in rows], pa.uint8()),
            "group_key": pa.array([row.group_key for row in rows], pa.string()),
            "properties": pa.array([row.properties for row in rows], pa.binary()),
            "created_at": time_column([row.created_at_us for row in rows]),
            "version": pa.array([row.version for row in rows], pa.int64()),
            "is_deleted": pa.array([int(row.is_deleted) for row in rows], pa.uint8()),
        }
    )


def _heatmaps_table(rows: Sequence[HeatmapRow]) -> "pa.Table":
    return pa.table(
        {
            "project_id": pa.array([row.project_id for row in rows], pa.int64()),
            "log_position": pa.array([row.log_position for row in rows], pa.int64()),
            "log_index": pa.array([row.log_index for row in rows], pa.int32()),
            "number": pa.array([row.number for row in rows], pa.int32()),
            "timestamp": time_column([row.timestamp_us for row in rows]),
            "session_id": pa.array([row.session_id for row in rows], pa.string()),
            "distinct_id": pa.array([row.distinct_id for row in rows], pa.string()),
            "x": pa.array([row.x for row in rows], pa.int16()),
            "y": pa.array([row.y for row in rows], pa.int16()),
            "viewport_width": pa.array([row.viewport_width for row in rows], pa.int16()),
            "viewport_height": pa.array([row.viewport_height for row in rows], pa.int16()),
            "is_target_fixed": pa.array([int(row.is_target_fixed) for row in rows], pa.uint8()),
            "current_url": pa.array([row.url for row in rows], pa.string()),
            "type": pa.array([row.type for row in rows], pa.string()),
        }
    )
