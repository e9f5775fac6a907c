"""Salts and visitors of the cookieless mode."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "cookieless_salts",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_cookieless_salts")),
    )
    op.create_table(
        "cookieless_visitors",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("identifies", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("last_event_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "hash", name=op.f("pk_cookieless_visitors")),
    )
