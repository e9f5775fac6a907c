"""Feature flags, their history, the ids they keep, and surveys."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    _create_flag_tables()
    _create_kept_ids_table()
    _create_surveys_table()


def _create_flag_tables() -> None:
    op.create_table(
        "feature_flags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at_us", sa.BigInteger(), nullable=False),
        sa.Column("updated_at_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_feature_flags_projects")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feature_flags")),
    )
    op.create_index(
        op.f("uq_feature_flags_project_id_key"),
        "feature_flags",
        ["project_id", "key"],
        unique=True,
        sqlite_where=sa.text("is_deleted = 0"),
        postgresql_where=sa.text("is_deleted = false"),
    )
    op.create_table(
        "feature_flag_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("flag_id", sa.Integer(), nullable=False),
        sa.Column("activity", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("created_at_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["flag_id"], ["feature_flags.id"], name=op.f("fk_feature_flag_changes_feature_flags")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feature_flag_changes")),
    )
    op.create_index(
        op.f("ix_feature_flag_changes_flag_id_id"),
        "feature_flag_changes",
        ["flag_id", "id"],
        unique=False,
    )


def _create_kept_ids_table() -> None:
    op.create_table(
        "feature_flag_kept_ids",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("distinct_id", sa.String(), nullable=False),
        sa.Column("flag_key", sa.String(), nullable=False),
        sa.Column("kept_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_feature_flag_kept_ids_projects")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feature_flag_kept_ids")),
        sa.UniqueConstraint(
            "project_id",
            "distinct_id",
            "flag_key",
            name=op.f("uq_feature_flag_kept_ids_project_id_distinct_id_flag_key"),
        ),
    )


def _create_surveys_table() -> None:
    op.create_table(
        "surveys",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("is_archived", sa.Boolean(), nullable=False),
        sa.Column("created_at_us", sa.BigInteger(), nullable=False),
        sa.Column("updated_at_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_surveys_projects")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys")),
    )
    op.create_index(
        op.f("ix_surveys_project_id_created_at_us"),
        "surveys",
        ["project_id", "created_at_us"],
        unique=False,
    )
