"""Signed crosswalks as they were published."""

import sqlalchemy as sa
from alembic import op

from services.plumbing.database import UtcDateTime

revision = "recognition_0009"
down_revision = "recognition_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "crosswalks",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("proposed_at", UtcDateTime, nullable=False),
        sa.Column("countersigned_at", UtcDateTime, nullable=False),
        sa.Column("effective_from", UtcDateTime, nullable=False),
        sa.Column("effective_until", UtcDateTime),
    )
    op.create_table(
        "crosswalk_offers",
        sa.Column("sender", sa.String(6), primary_key=True),
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("offered_at", UtcDateTime, nullable=False),
    )
    op.create_index("crosswalk_offers_offered", "crosswalk_offers", ["offered_at"])
    op.add_column("recognitions", sa.Column("tiers", sa.JSON))
    op.add_column("recognitions", sa.Column("overrides", sa.JSON))
