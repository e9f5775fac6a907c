"""The table of what people say about events and properties."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text

from hedgerow.directory.schema import metadata

# Apart from the definitions, which ingest writes: what people write is never touched by it.
# `scope` is a property's (event, person, group, session), and `event_name` for an event itself.
definition_details = Table(
    "definition_details",
    metadata,
    Column("project_id", Integer, ForeignKey("projects.id"), primary_key=True),
    Column("scope", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("description", Text, nullable=False),
    Column("tags", Text, nullable=False),
    Column("is_verified", Boolean, nullable=False),
    Column("is_hidden", Boolean, nullable=False),
)
