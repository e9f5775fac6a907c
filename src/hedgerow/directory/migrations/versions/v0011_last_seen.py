"""When a person was last seen."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("persons", sa.Column("last_seen_at_us", sa.BigInteger()))
