"""Partial uses, reversals and recalls of grants."""

import sqlalchemy as sa
from alembic import op

from services.plumbing.database import UtcDateTime

revision = "scenarios_0006"
down_revision = "scenarios_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("pass_id", sa.String(16)),
        sa.Column("asked_fen", sa.BigInteger),
        sa.Column("asked_minutes", sa.Integer),
        sa.Column("given_fen", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("charged_fen", sa.BigInteger),
        sa.Column("given_minutes", sa.Integer),
        sa.Column("charged_minutes", sa.Integer),
        sa.Column("waived_fen", sa.BigInteger),
        sa.Column("left_fen", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("reversible_until", UtcDateTime),
        sa.Column("held_until", UtcDateTime),
        sa.Column("reversal_id", sa.Uuid),
        sa.Column("reversed_at", UtcDateTime),
        sa.Column("called_fen", sa.BigInteger),
        sa.Column("called_at", UtcDateTime),
    ):
        op.add_column("redemptions", column)
    op.create_index("redemptions_of_grant", "redemptions", ["grant_id"])
    op.create_index(
        "redemptions_reversed", "redemptions", ["operator_id", "reversal_id"], unique=True
    )
    for column in (
        sa.Column("reversible_minutes", sa.Integer, nullable=False, server_default="0"),
        sa.Column("held_fen", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("held_until", UtcDateTime),
        sa.Column("notice_days", sa.Integer, nullable=False, server_default="0"),
        sa.Column("recall_reason", sa.String(64)),
        sa.Column("recalled_at", UtcDateTime),
        sa.Column("recall_ends_at", UtcDateTime),
        sa.Column("recalls", sa.Integer, nullable=False, server_default="0"),
    ):
        op.add_column("grants", column)
    op.add_column(
        "incentive_versions",
        sa.Column("notice_days", sa.Integer, nullable=False, server_default="0"),
    )
    op.create_index("grants_recalled_until", "grants", ["recall_ends_at"])
    op.create_index(
        "grants_holding",
        "grants",
        ["held_until"],
        postgresql_where=sa.text("held_fen > 0"),
        sqlite_where=sa.text("held_fen > 0"),
    )
