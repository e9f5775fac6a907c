"""The directory's tables. The migrations create them; a test holds the two together.

Times are microseconds since 1970 in UTC, days are days since 1970. JSON is kept as text because
the directory hands it on as it is.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

# The newest migration. Known here so that a start with a current schema need not import Alembic.
SCHEMA_REVISION = "0012"

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

projects = Table(
    "projects",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("api_token", String, nullable=False),
    Column("created_at_us", BigInteger, nullable=False),
    Column("settings", Text, nullable=False, server_default="{}"),
    UniqueConstraint("api_token"),
)

personal_keys = Table(
    "personal_keys",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("label", String, nullable=False),
    Column("key_hash", LargeBinary(32), nullable=False),
    Column("project_id", Integer, ForeignKey("projects.id"), nullable=False),
    Column("last_four", String, nullable=False),
    Column("created_at_us", BigInteger, nullable=False),
    # Whose key it is (`access_schema.users`); None for keys made on the command line.
    Column("user_id", Integer),
    # Words as `person:read`, with spaces between; None for all.
    Column("scopes", String),
    UniqueConstraint("key_hash"),
)

# Persons and their distinct ids (ingestion §2). The person's id is its uuid as 16 bytes.
# `main_distinct_id` is shown first; null means the oldest.
persons = Table(
    "persons",
    metadata,
    Column("project_id", Integer, ForeignKey("projects.id"), primary_key=True),
    Column("id", LargeBinary(16), primary_key=True),
    Column("properties", Text, nullable=False),
    Column("created_at_us", BigInteger, nullable=False),
    Column("is_identified", Boolean, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("main_distinct_id", String),
    Column("last_seen_at_us", BigInteger),
    Index(None, "project_id", "created_at_us", "id"),
)

# `id` grows with each row: it keeps the order in which a person got its distinct ids.
person_distinct_ids = Table(
    "person_distinct_ids",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", Integer, nullable=False),
    Column("distinct_id", String, nullable=False),
    Column("person_id", LargeBinary(16), nullable=False),
    Column("version", BigInteger, nullable=False),
    UniqueConstraint("project_id", "distinct_id"),
    ForeignKeyConstraint(["project_id", "person_id"], ["persons.project_id", "persons.id"]),
    Index(None, "project_id", "person_id"),
)

# What has been seen so far (ingestion §11).
event_definitions = Table(
    "event_definitions",
    metadata,
    Column("project_id", Integer, primary_key=True),
    Column("name", String, primary_key=True),
    Column("last_seen_at_us", BigInteger, nullable=False),
)

property_definitions = Table(
    "property_definitions",
    metadata,
    Column("project_id", Integer, primary_key=True),
    Column("scope", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("property_type", String),
)

event_properties = Table(
    "event_properties",
    metadata,
    Column("project_id", Integer, primary_key=True),
    Column("event", String, primary_key=True),
    Column("property", String, primary_key=True),
)

# Ingestion warnings (ingestion §18): complete counts, and the last samples.
ingestion_warnings = Table(
    "ingestion_warnings",
    metadata,
    Column("project_id", Integer, primary_key=True),
    Column("type", String, primary_key=True),
    Column("category", String, nullable=False),
    Column("severity", String, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("last_seen_us", BigInteger, nullable=False),
)

ingestion_warning_samples = Table(
    "ingestion_warning_samples",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", Integer, nullable=False),
    Column("type", String, nullable=False),
    Column("details", Text, nullable=False),
    Column("timestamp_us", BigInteger, nullable=False),
    Index(None, "project_id", "type", "id"),
)

# The exact set of stored events of the last days, so that a resent one is noticed.
# `day` is the event's, `received_day` ours. No index on the latter: it would double the writes.
seen_events = Table(
    "seen_events",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("key", LargeBinary(16), primary_key=True),
    Column("received_day", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# Which days of `seen_events` hold rows received on which day: eviction looks only there.
seen_event_days = Table(
    "seen_event_days",
    metadata,
    Column("received_day", Integer, primary_key=True, autoincrement=False),
    Column("day", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("event_index", Integer, primary_key=True, autoincrement=False),
    Column("project_id", Integer),
    Column("step", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("timestamp_us", BigInteger, nullable=False),
)

outcomes = Table(
    "outcomes",
    metadata,
    Column("project_id", Integer, primary_key=True),
    Column("outcome", String, primary_key=True),
    Column("reason", String, primary_key=True),
    Column("count", BigInteger, nullable=False),
)

# One row, written by the first migration.
ingest_progress = Table(
    "ingest_progress",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("newest_event_received_us", BigInteger, nullable=False),
    Column("alarm", Text),
    CheckConstraint("id = 1", name="one_row"),
)
