"""Events that could not be processed: kept with their bytes until someone decides (§7 rule 8)."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, or_, select

from hedgerow.directory.batch import DeadLetter
from hedgerow.directory.dialect import execute_many, insert_or_keep
from hedgerow.directory.engine import Directory
from hedgerow.directory.schema import dead_letters


def list_dead_letters(
    directory: Directory, *, project_id: int | None = None, limit: int = 100, offset: int = 0
) -> list[DeadLetter]:
    """Dead letters in the order of the log.

    With `project_id`, those of the project and those whose project is not known.
    """
    query = (
        select(dead_letters)
        .order_by(dead_letters.c.position, dead_letters.c.event_index)
        .limit(limit)
        .offset(offset)
    )
    if project_id is not None:
        of_project = dead_letters.c.project_id
        query = query.where(or_(of_project == project_id, of_project.is_(None)))
    with directory.read() as connection:
        return [DeadLetter(*row) for row in connection.execute(query)]


def count_dead_letters(directory: Directory) -> int:
    with directory.read() as connection:
        return connection.execute(select(func.count()).select_from(dead_letters)).scalar_one()


def delete_dead_letter(directory: Directory, position: int, index: int) -> bool:
    """Whether there was such a dead letter. Its outcome stays counted."""
    with directory.write() as connection:
        result = connection.execute(
            delete(dead_letters).where(
                dead_letters.c.position == position, dead_letters.c.event_index == index
            )
        )
    return result.rowcount == 1


def add_dead_letters(connection: Connection, letters: Sequence[DeadLetter]) -> None:
    execute_many(
        connection,
        insert_or_keep(connection.dialect, dead_letters),
        ("position", "event_index", "project_id", "step", "reason", "payload", "timestamp_us"),
        [
            (
                letter.position,
                letter.index,
                letter.project_id,
                letter.step,
                letter.reason,
                letter.payload,
                letter.timestamp_us,
            )
            for letter in letters
        ],
    )
