"""Attestations that do not stand for the time being, and purposes that need a fresher status."""

import sqlalchemy as sa
from alembic import op

from services.plumbing.database import UtcDateTime

revision = "recognition_0005"
down_revision = "recognition_0004"
branch_labels = None
depends_on = None

NOT_VALID = sa.text("revoked_at IS NOT NULL OR suspended_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("issuances", sa.Column("suspended_at", UtcDateTime))
    op.add_column("issuances", sa.Column("suspended_reason", sa.String(64)))
    op.add_column("issuances", sa.Column("resumed_at", UtcDateTime))
    op.create_index(
        "issuances_not_valid",
        "issuances",
        ["status_list", "status_index", "revoked_at", "suspended_at", "resumed_at"],
        sqlite_where=NOT_VALID,
        postgresql_where=NOT_VALID,
    )
    op.create_table(
        "past_suspensions",
        sa.Column("status_list", sa.Integer, sa.ForeignKey("status_lists.number")),
        sa.Column("status_index", sa.Integer),
        sa.Column("suspended_at", UtcDateTime),
        sa.Column("suspended_reason", sa.String(64), nullable=False),
        sa.Column("resumed_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("status_list", "status_index", "suspended_at"),
    )
    op.add_column("recognitions", sa.Column("suspended_at", UtcDateTime))
    op.add_column("recognitions", sa.Column("status_until", UtcDateTime))
    op.add_column("recognitions", sa.Column("left_out", sa.JSON))
    op.add_column("foreign_attestations", sa.Column("suspended_reason", sa.String(64)))
    op.add_column("foreign_attestations", sa.Column("standing_said_at", UtcDateTime))
