"""The history of merges, a person's main distinct id, group types and groups."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("persons", sa.Column("main_distinct_id", sa.String(), nullable=True))
    op.create_table(
        "person_overrides",
        sa.Column("project_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("old_person_id", sa.LargeBinary(16), nullable=False),
        sa.Column("person_id", sa.LargeBinary(16), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "old_person_id", name=op.f("pk_person_overrides")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_person_overrides_project_id_person_id"),
        "person_overrides",
        ["project_id", "person_id"],
    )
    _create_group_tables()


def _create_group_tables() -> None:
    op.create_table(
        "group_types",
        sa.Column("project_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("group_type", sa.String(), nullable=False),
        sa.Column("type_index", sa.Integer(), nullable=False),
        sa.Column("created_at_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "group_type", name=op.f("pk_group_types")),
        sa.UniqueConstraint(
            "project_id", "type_index", name=op.f("uq_group_types_project_id_type_index")
        ),
    )
    op.create_table(
        "groups",
        sa.Column("project_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("type_index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("group_key", sa.String(), nullable=False),
        sa.Column("properties", sa.Text(), nullable=False),
        sa.Column("created_at_us", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "type_index", "group_key", name=op.f("pk_groups")),
    )
