"""Group types and groups (ingestion §8)."""

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text, UniqueConstraint

from hedgerow.directory.schema import metadata

# `type_index` is 0 to 4 and never changes once it is given.
group_types = Table(
    "group_types",
    metadata,
    Column("project_id", Integer, primary_key=True, autoincrement=False),
    Column("group_type", String, primary_key=True),
    Column("type_index", Integer, nullable=False),
    Column("created_at_us", BigInteger, nullable=False),
    UniqueConstraint("project_id", "type_index"),
)

groups = Table(
    "groups",
    metadata,
    Column("project_id", Integer, primary_key=True, autoincrement=False),
    Column("type_index", Integer, primary_key=True, autoincrement=False),
    Column("group_key", String, primary_key=True),
    Column("properties", Text, nullable=False),
    Column("created_at_us", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
)
