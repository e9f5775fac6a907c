"""The first schema: projects, keys, persons, definitions, warnings and the state of ingest."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _create_access_tables()
    _create_person_tables()
    _create_definition_tables()
    _create_warning_tables()
    _create_ingest_tables()
    op.execute(
        "INSERT INTO ingest_progress (id, position, newest_event_received_us) VALUES (1, 0, 0)"
    )


def _create_access_tables() -> None:
    op.create_table(
        "projects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("api_token", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), server_default="UTC", nullable=False),
        sa.Column("created_at_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
        sa.UniqueConstraint("api_token", name=op.f("uq_projects_api_token")),
    )
    op.create_table(
        "personal_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("last_four", sa.String(), nullable=False),
        sa.Column("created_at_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_personal_keys_projects")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_keys")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_personal_keys_key_hash")),
    )


def _create_person_tables() -> None:
    op.create_table(
        "persons",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("properties", sa.Text(), nullable=False),
        sa.Column("created_at_us", sa.BigInteger(), nullable=False),
        sa.Column("is_identified", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_persons_projects")),
        sa.PrimaryKeyConstraint("project_id", "id", name=op.f("pk_persons")),
    )
    op.create_index(
        op.f("ix_persons_project_id_created_at_us_id"),
        "persons",
        ["project_id", "created_at_us", "id"],
        unique=False,
    )
    op.create_table(
        "person_distinct_ids",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("distinct_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id", "person_id"],
            ["persons.project_id", "persons.id"],
            name=op.f("fk_person_distinct_ids_persons"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_distinct_ids")),
        sa.UniqueConstraint(
            "project_id", "distinct_id", name=op.f("uq_person_distinct_ids_project_id_distinct_id")
        ),
    )
    op.create_index(
        op.f("ix_person_distinct_ids_project_id_person_id"),
        "person_distinct_ids",
        ["project_id", "person_id"],
        unique=False,
    )


def _create_definition_tables() -> None:
    op.create_table(
        "event_definitions",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("last_seen_at_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "name", name=op.f("pk_event_definitions")),
    )
    op.create_table(
        "property_definitions",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("property_type", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint(
            "project_id", "scope", "name", name=op.f("pk_property_definitions")
        ),
    )
    op.create_table(
        "event_properties",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("property", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint(
            "project_id", "event", "property", name=op.f("pk_event_properties")
        ),
    )


def _create_warning_tables() -> None:
    op.create_table(
        "ingestion_warnings",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "type", name=op.f("pk_ingestion_warnings")),
    )
    op.create_table(
        "ingestion_warning_samples",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("timestamp_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ingestion_warning_samples")),
    )
    op.create_index(
        op.f("ix_ingestion_warning_samples_project_id_type_id"),
        "ingestion_warning_samples",
        ["project_id", "type", "id"],
        unique=False,
    )


def _create_ingest_tables() -> None:
    op.create_table(
        "seen_events",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("received_day", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "key", name=op.f("pk_seen_events")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "seen_event_days",
        sa.Column("received_day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("received_day", "day", name=op.f("pk_seen_event_days")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "dead_letters",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("timestamp_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("position", "event_index", name=op.f("pk_dead_letters")),
    )
    op.create_table(
        "outcomes",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "outcome", "reason", name=op.f("pk_outcomes")),
    )
    op.create_table(
        "ingest_progress",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("newest_event_received_us", sa.BigInteger(), nullable=False),
        sa.Column("alarm", sa.Text(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_ingest_progress_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ingest_progress")),
    )
