"""The frames of the historical lane that wait for their turn (ingestion §16)."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, select

from hedgerow.directory.batch import DeferredFrame
from hedgerow.directory.deferred_schema import deferred_frames
from hedgerow.directory.dialect import execute_many, insert_or_keep
from hedgerow.directory.engine import Directory


def waiting_frames(
    directory: Directory, *, before: int | None = None, limit: int | None = None
) -> list[DeferredFrame]:
    """The oldest frames that wait, in the order of the log."""
    query = select(deferred_frames).order_by(deferred_frames.c.position).limit(limit)
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


def waiting_bytes(directory: Directory) -> int:
    length = deferred_frames.c.next_position - deferred_frames.c.position
    with directory.read() as connection:
        waiting: int = connection.execute(select(func.coalesce(func.sum(length), 0))).scalar_one()
    return waiting


def save_deferred(
    connection: Connection, added: Sequence[DeferredFrame], done: Sequence[DeferredFrame]
) -> None:
    execute_many(
        connection,
        insert_or_keep(connection.dialect, deferred_frames),
        ("position", "next_position"),
        [(frame.position, frame.next_position) for frame in added],
    )
    if done:
        # They are always the oldest ones.
        connection.execute(
            delete(deferred_frames).where(deferred_frames.c.position <= done[-1].position)
        )
