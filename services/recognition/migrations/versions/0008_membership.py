"""The life of each city's membership, and the documents that this node went by."""

import sqlalchemy as sa
from alembic import op

from services.plumbing.database import UtcDateTime

revision = "recognition_0008"
down_revision = "recognition_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("adopted_rosters", sa.Column("document", sa.Text))
    op.create_table(
        "adopted_pseudonym_keys",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("adopted_at", UtcDateTime, nullable=False),
        sa.Column("document", sa.Text),
    )
    op.create_table(
        "memberships",
        sa.Column("city", sa.String(6), primary_key=True),
        sa.Column("roster", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.Column("former", sa.String(16)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(120), nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
    )
    op.add_column("recognitions", sa.Column("roster_as_of", UtcDateTime))
