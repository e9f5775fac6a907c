"""Which person ids count for another person now: the history of merges (ingestion §3.4)."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table

from hedgerow.directory.schema import metadata

# Closed: `person_id` is always a person that exists. The index finds all that point to a person
# when that person is merged into another.
person_overrides = Table(
    "person_overrides",
    metadata,
    Column("project_id", Integer, primary_key=True, autoincrement=False),
    Column("old_person_id", LargeBinary(16), primary_key=True),
    Column("person_id", LargeBinary(16), nullable=False),
    Column("version", BigInteger, nullable=False),
    Index(None, "project_id", "person_id"),
    sqlite_with_rowid=False,
)
