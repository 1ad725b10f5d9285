"""The tiers that count for single categories, beside the general one of a holder."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("corrections", sa.Column("tiers", sa.Text))
    op.add_column("holders", sa.Column("tiers", sa.Text, nullable=False, server_default="{}"))
