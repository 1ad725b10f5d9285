"""What the plan counts: measures, cities, and numbers by day."""

import sqlalchemy as sa
from alembic import op

revision = "scenarios_0012"
down_revision = "scenarios_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_measures",
        sa.Column("incentive_id", sa.String(64), primary_key=True),
        sa.Column("since", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("scenario_id", sa.String(64), nullable=False),
        sa.Column("category", sa.String(32), nullable=False),
        sa.Column("district", sa.String(6)),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.Column("is_offered", sa.Boolean, nullable=False),
    )
    op.create_table(
        "plan_cities",
        sa.Column("city", sa.String(6), primary_key=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
    )
    op.create_table(
        "plan_days",
        sa.Column("counter", sa.String(32), primary_key=True),
        sa.Column("label", sa.String(64), primary_key=True),
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )
    op.create_index("usage_lines_of_fact", "usage_lines", ["host", "fact", "at", "incentive_id"])
