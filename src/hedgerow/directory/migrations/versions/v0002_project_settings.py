"""All settings of a project in one JSON column; the time zone becomes one of them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("projects", sa.Column("settings", sa.Text(), server_default="{}", nullable=False))
    op.drop_column("projects", "time_zone")
