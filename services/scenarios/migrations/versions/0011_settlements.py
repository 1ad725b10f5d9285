"""Grants remember who pays for them, their usage lines say so; settlements between cities."""

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
    op.add_column("usage_lines", sa.Column("settled_in", sa.String(7)))
    op.create_index("usage_lines_settled", "usage_lines", ["home", "host", "settled_in"])
    op.create_index("usage_lines_of_operator", "usage_lines", ["operator_id", "month"])
    op.create_table(
        "settlements",
        sa.Column("period", sa.String(7), primary_key=True),
        sa.Column("city", sa.String(6), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("closed_digest", sa.String(64), nullable=False),
        sa.Column("their_digest", sa.String(64)),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "settlement_steps",
        sa.Column("period", sa.String(7), primary_key=True),
        sa.Column("city", sa.String(6), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("their_digest", sa.String(64)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "settlement_differences",
        sa.Column("period", sa.String(7), primary_key=True),
        sa.Column("city", sa.String(6), primary_key=True),
        sa.Column("line_id", sa.Uuid, primary_key=True),
        sa.Column("host", sa.String(6), primary_key=True),
        sa.Column("field", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("here", sa.String(120), nullable=False),
        sa.Column("there", sa.String(120), nullable=False),
    )
