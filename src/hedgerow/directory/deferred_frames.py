"""The frames that wait for their turn in a lane (ingestion §16, §17)."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, select

from hedgerow.directory.batch import DeferredFrame
from hedgerow.directory.deferred_schema import deferred_frames
from hedgerow.directory.dialect import execute_many, insert_or_keep
from hedgerow.directory.engine import Directory


def waiting_frames(
    directory: Directory, lane: str, *, before: int | None = None, limit: int | None = None
) -> list[DeferredFrame]:
    """The oldest frames that wait in the lane, in the order of the log."""
    query = (
        select(deferred_frames)
        .where(deferred_frames.c.lane == lane)
        .order_by(deferred_frames.c.position)
        .limit(limit)
    )
    if before is not None:
        query = query.where(deferred_frames.c.position < before)
    with directory.read() as connection:
        return [DeferredFrame(*row) for row in connection.execute(query)]


def oldest_waiting_position(directory: Directory) -> int | None:
    """What the log must keep, besides what has not been read; None where nothing waits."""
    with directory.read() as connection:
        oldest: int | None = connection.execute(
            select(func.min(deferred_frames.c.position))
        ).scalar()
    return oldest


def waiting_bytes(directory: Directory) -> dict[str, int]:
    """How much waits in each lane; a lane where nothing does is left out."""
    length = deferred_frames.c.next_position - deferred_frames.c.position
    query = select(deferred_frames.c.lane, func.sum(length)).group_by(deferred_frames.c.lane)
    with directory.read() as connection:
        return {lane: int(size) for lane, size in connection.execute(query)}


def save_deferred(
    connection: Connection, added: Sequence[DeferredFrame], done: Sequence[DeferredFrame]
) -> None:
    execute_many(
        connection,
        insert_or_keep(connection.dialect, deferred_frames),
        ("position", "next_position", "lane"),
        added,
    )
    if done:
        # They are always the oldest ones of their lane.
        connection.execute(
            delete(deferred_frames).where(
                deferred_frames.c.lane == done[-1].lane,
                deferred_frames.c.position <= done[-1].position,
            )
        )
