"""Requests that have been read but wait for their turn (ingestion §16, §17)."""

from sqlalchemy import BigInteger, Column, Index, String, Table

from hedgerow.directory.schema import metadata

deferred_frames = Table(
    "deferred_frames",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("next_position", BigInteger, nullable=False),
    Column("lane", String(20), nullable=False, server_default="historical"),
    Index(None, "lane", "position"),
)
