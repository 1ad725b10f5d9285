"""Incentives that are paused or withdrawn, and versions that come into force later."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("incentives", sa.Column("coming", sa.Text))
    op.create_table(
        "stopped_incentives",
        sa.Column("incentive_id", sa.String(64), primary_key=True),
        sa.Column("move", sa.Integer, nullable=False),
        sa.Column("stopped", sa.Boolean, nullable=False),
    )
