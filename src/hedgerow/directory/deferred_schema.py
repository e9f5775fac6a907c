"""Requests of the historical lane that have been read but not ingested yet (ingestion §16)."""

from sqlalchemy import BigInteger, Column, Table

from hedgerow.directory.schema import metadata

deferred_frames = Table(
    "deferred_frames",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("next_position", BigInteger, nullable=False),
)
