"""What became of every event, and how far ingest has come: the figures `hedgerow status` shows.

received = stored + duplicate + dropped + dead_lettered, always (design §4.7).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, literal, select, update

from hedgerow.directory.batch import OutcomeKey
from hedgerow.directory.dialect import greater_of, insert_or_change
from hedgerow.directory.engine import Directory
from hedgerow.directory.schema import ingest_progress
from hedgerow.directory.schema import outcomes as outcome_counts


@dataclass(frozen=True, slots=True)
class Progress:
    """`position` is where the log is read next; `alarm` says why ingest stopped, if it did.

    `newest_event_received_us` is 0 until an event was ingested.
    """

    position: int
    newest_event_received_us: int
    alarm: str | None


def outcomes(directory: Directory) -> list[tuple[OutcomeKey, int]]:
    """The counts since the beginning, by project, outcome and reason."""
    query = select(outcome_counts).order_by(*outcome_counts.primary_key.columns)
    with directory.read() as connection:
        rows = connection.execute(query).all()
    return [
        (OutcomeKey(project, outcome, reason), count) for project, outcome, reason, count in rows
    ]


def progress(directory: Directory) -> Progress:
    with directory.read() as connection:
        row = connection.execute(select(ingest_progress)).one()
    return Progress(row.position, row.newest_event_received_us, row.alarm)


def set_alarm(directory: Directory, alarm: str | None) -> None:
    """Record why ingest had to stop; None once it goes on."""
    with directory.write() as connection:
        connection.execute(update(ingest_progress).values(alarm=alarm))


def add_outcomes(connection: Connection, counts: Mapping[OutcomeKey, int]) -> None:
    """Add to the counts."""
    if not counts:
        return
    statement = insert_or_change(
        connection.dialect,
        outcome_counts,
        lambda new: {"count": outcome_counts.c["count"] + new["count"]},
    )
    connection.execute(
        statement,
        [
            {
                "project_id": key.project_id,
                "outcome": key.outcome,
                "reason": key.reason,
                "count": count,
            }
            for key, count in counts.items()
        ],
    )


def advance_progress(connection: Connection, position: int, newest_event_received_us: int) -> None:
    """Move the position; the newest event's time never goes back."""
    newest = ingest_progress.c.newest_event_received_us
    connection.execute(
        update(ingest_progress).values(
            position=position,
            newest_event_received_us=greater_of(newest, literal(newest_event_received_us)),
        )
    )
