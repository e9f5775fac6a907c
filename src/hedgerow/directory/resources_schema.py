"""The table of what people make and keep: insights, dashboards, annotations, cohorts, actions."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from hedgerow.directory.schema import metadata

# One table for all kinds: they share how they are listed, changed and deleted, and differ in
# `body`, a JSON object whose shape `resource_kinds.py` gives.
resources = Table(
    "resources",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", Integer, ForeignKey("projects.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("short_id", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("is_deleted", Boolean, nullable=False),
    Column("created_at_us", BigInteger, nullable=False),
    Column("updated_at_us", BigInteger, nullable=False),
    UniqueConstraint("project_id", "short_id"),
    Index(None, "project_id", "kind", "id"),
)
