"""Grants remember who pays for them; their usage lines say so, and at which operator."""

import sqlalchemy as sa
from alembic import op

revision = "scenarios_0011"
down_revision = "scenarios_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "grants",
        sa.Column("funding", sa.String(16), nullable=False, server_default="host_operator"),
    )
    op.add_column("usage_lines", sa.Column("funding", sa.String(16)))
    op.add_column("usage_lines", sa.Column("operator_id", sa.String(64)))
