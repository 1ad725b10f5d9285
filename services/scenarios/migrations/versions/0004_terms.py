"""Terms say conditions, quotas by period and district, the funding, and a time to reverse."""

import sqlalchemy as sa
from alembic import op

revision = "scenarios_0004"
down_revision = "scenarios_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("incentive_versions", sa.Column("conditions", sa.JSON))
    op.add_column("incentive_versions", sa.Column("quotas", sa.JSON))
    op.add_column(
        "incentive_versions",
        sa.Column("funding", sa.String(16), nullable=False, server_default="host_operator"),
    )
    op.add_column(
        "incentive_versions",
        sa.Column("reversible_minutes", sa.Integer, nullable=False, server_default="0"),
    )
