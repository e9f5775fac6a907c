"""The tables of feature flags and surveys."""

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
    text,
)

from hedgerow.directory.schema import metadata

# `body` is a JSON object; `flag_body.py` gives its shape. `version` grows with every change.
feature_flags = Table(
    "feature_flags",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", Integer, ForeignKey("projects.id"), nullable=False),
    Column("key", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("is_deleted", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at_us", BigInteger, nullable=False),
    Column("updated_at_us", BigInteger, nullable=False),
    # A key is free again once its flag is deleted.
    Index(
        "uq_feature_flags_project_id_key",
        "project_id",
        "key",
        unique=True,
        sqlite_where=text("is_deleted = 0"),
        postgresql_where=text("is_deleted = false"),
    ),
)

# What was changed when: `changes` is a JSON list of {field, before, after}.
feature_flag_changes = Table(
    "feature_flag_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", Integer, nullable=False),
    Column("flag_id", Integer, ForeignKey("feature_flags.id"), nullable=False),
    Column("activity", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changes", Text, nullable=False),
    Column("created_at_us", BigInteger, nullable=False),
    Index(None, "flag_id", "id"),
)

# The id that a flag with experience continuity goes on with after a person is identified. Kept by
# distinct id, and found through all distinct ids of the person, so that it survives merges.
feature_flag_kept_ids = Table(
    "feature_flag_kept_ids",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", Integer, ForeignKey("projects.id"), nullable=False),
    Column("distinct_id", String, nullable=False),
    Column("flag_key", String, nullable=False),
    Column("kept_id", String, nullable=False),
    UniqueConstraint("project_id", "distinct_id", "flag_key"),
)

# `body` is a JSON object; `survey_body.py` gives its shape. `id` is a UUID.
surveys = Table(
    "surveys",
    metadata,
    Column("id", String, primary_key=True),
    Column("project_id", Integer, ForeignKey("projects.id"), nullable=False),
    Column("body", Text, nullable=False),
    Column("is_archived", Boolean, nullable=False),
    Column("created_at_us", BigInteger, nullable=False),
    Column("updated_at_us", BigInteger, nullable=False),
    Index(None, "project_id", "created_at_us"),
)
