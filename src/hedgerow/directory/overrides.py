"""Person ids that count for another person now (ingestion §3.4)."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from hedgerow.directory.batch import PersonOverride
from hedgerow.directory.dialect import execute_many, insert_or_change
from hedgerow.directory.engine import Directory
from hedgerow.directory.identity_schema import person_overrides


def load_overrides(directory: Directory, project_id: int, person_id: bytes) -> list[PersonOverride]:
    """Every old person id that counts for this person."""
    query = (
        select(person_overrides)
        .where(
            person_overrides.c.project_id == project_id, person_overrides.c.person_id == person_id
        )
        .order_by(person_overrides.c.old_person_id)
    )
    with directory.read() as connection:
        return [PersonOverride(*row) for row in connection.execute(query)]


def list_overrides(directory: Directory, project_id: int) -> dict[bytes, bytes]:
    """All overrides of a project: old person id → person id."""
    columns = person_overrides.c
    query = select(columns.old_person_id, columns.person_id).where(columns.project_id == project_id)
    with directory.read() as connection:
        return {row.old_person_id: row.person_id for row in connection.execute(query)}


def save_overrides(connection: Connection, overrides: Sequence[PersonOverride]) -> None:
    statement = insert_or_change(
        connection.dialect,
        person_overrides,
        lambda new: {"person_id": new.person_id, "version": new.version},
    )
    execute_many(
        connection,
        statement,
        ("project_id", "old_person_id", "person_id", "version"),
        [(item.project_id, item.old_person_id, item.person_id, item.version) for item in overrides],
    )
