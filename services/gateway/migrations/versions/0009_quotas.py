"""What counts against quotas, by window and district."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quota_counts",
        sa.Column("incentive_id", sa.String(64), primary_key=True),
        sa.Column("district", sa.String(6), primary_key=True),
        sa.Column("period", sa.String(10), primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("units", sa.BigInteger, nullable=False),
        sa.Column("fen", sa.BigInteger, nullable=False),
    )
    op.create_index("quota_counts_period", "quota_counts", ["period"])
    op.execute(
        "INSERT INTO quota_counts (incentive_id, district, period, number, units, fen)"
        " SELECT incentive_id, '', counted_period, 0, counted, 0 FROM incentives"
        " WHERE counted_period IS NOT NULL"
    )
    for column in ("counted_at", "counted_period", "counted", "sold_out_period", "budget_spent"):
        op.drop_column("incentives", column)
