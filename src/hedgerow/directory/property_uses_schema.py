"""How often queries read a property, and how long they took: all projects together."""

from sqlalchemy import BigInteger, Column, Float, String, Table

from hedgerow.directory.schema import metadata

property_uses = Table(
    "property_uses",
    metadata,
    Column("scope", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("queries", BigInteger, nullable=False),
    Column("elapsed_ms", Float, nullable=False),
)
