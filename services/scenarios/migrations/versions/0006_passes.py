"""Partial uses, reversals and recalls of grants."""

import sqlalchemy as sa
from alembic import op

revision = "scenarios_0006"
down_revision = "scenarios_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("redemptions", sa.Column("pass_id", sa.String(16)))
    op.create_index("redemptions_of_grant", "redemptions", ["grant_id"])
