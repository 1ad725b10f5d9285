"""The life of an incentive, and the kinds of scenarios.

What was offered before is published, since it was first offered.
"""

import sqlalchemy as sa
from alembic import op

from services.plumbing.database import UtcDateTime

revision = "scenarios_0005"
down_revision = "scenarios_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "scenarios", sa.Column("kind", sa.String(16), nullable=False, server_default="incentive")
    )
    for column in (
        sa.Column("was_published", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("paused_by", sa.String(16)),
        sa.Column("withdrawn", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("moves", sa.Integer, nullable=False, server_default="0"),
        sa.Column("moved_at", UtcDateTime),
        sa.Column("settled", sa.Boolean, nullable=False, server_default=sa.false()),
    ):
        op.add_column("incentives", column)
    for column in (
        sa.Column("state", sa.String(16), nullable=False, server_default="published"),
        sa.Column("hold", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("published_at", UtcDateTime),
    ):
        op.add_column("incentive_versions", column)
    op.execute("UPDATE incentive_versions SET published_at = offered_from")
    op.create_table(
        "incentive_moves",
        sa.Column("incentive_id", sa.String(64), sa.ForeignKey("incentives.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("mover", sa.String(16), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
    )
