"""Recognitions that are suspended or revised."""

import sqlalchemy as sa
from alembic import op

from services.plumbing.database import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    suspended = sa.Column("suspended", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("holders", suspended)
    op.create_table(
        "corrections",
        sa.Column("recognition_id", sa.Uuid, primary_key=True),
        sa.Column("revised_at", UtcDateTime),
        sa.Column("tier", sa.Integer),
        sa.Column("purposes", sa.Text),
        sa.Column("until_us", sa.BigInteger),
        sa.Column("suspended", sa.Boolean, nullable=False),
        sa.Column("suspension_at", UtcDateTime),
        sa.Column("noted_at", UtcDateTime, nullable=False),
    )
    op.create_index("ix_corrections_noted_at", "corrections", ["noted_at"])
