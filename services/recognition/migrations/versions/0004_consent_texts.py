"""The text a resident consented to, and withdrawals that another city told of."""

import sqlalchemy as sa
from alembic import op

from services.plumbing.database import UtcDateTime

revision = "recognition_0004"
down_revision = "recognition_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consent_texts",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("zh", sa.Text, nullable=False),
        sa.Column("en", sa.Text, nullable=False),
        sa.Column("until", UtcDateTime, nullable=False),
    )
    op.create_index("consent_texts_until", "consent_texts", ["until"])
    op.add_column("consents", sa.Column("text_digest", sa.String(64)))
    op.add_column("consents", sa.Column("impact_assessment", sa.String(120)))
    op.create_table(
        "withdrawals",
        sa.Column("home", sa.String(6), primary_key=True),
        sa.Column("subject_digest", sa.String(64), primary_key=True),
        sa.Column("noted_at", UtcDateTime, nullable=False),
        sa.Column("withdrawn_at", UtcDateTime),
    )
    op.create_index("withdrawals_noted", "withdrawals", ["noted_at"])
