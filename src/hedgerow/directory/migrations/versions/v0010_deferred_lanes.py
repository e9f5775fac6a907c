"""Frames wait in one of several lanes."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column(
        "deferred_frames",
        sa.Column("lane", sa.String(length=20), nullable=False, server_default="historical"),
    )
    op.create_index(
        op.f("ix_deferred_frames_lane_position"), "deferred_frames", ["lane", "position"]
    )
