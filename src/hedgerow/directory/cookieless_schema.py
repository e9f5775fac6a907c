"""Salts of the days, and visitors without cookies (ingestion §15). Days are since 1970."""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Table

from hedgerow.directory.schema import metadata

cookieless_salts = Table(
    "cookieless_salts",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("salt", LargeBinary(16), nullable=False),
)

# `hash` is made of the project too. `session_id` and `last_event_us` are empty where no event has
# had this very hash yet.
cookieless_visitors = Table(
    "cookieless_visitors",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(16), primary_key=True),
    Column("identifies", Integer, nullable=False),
    Column("session_id", String, nullable=False),
    Column("last_event_us", BigInteger, nullable=False),
)
