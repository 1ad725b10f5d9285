"""Which request a caller's Idempotency-Key stands for, and kept answers."""

import sqlalchemy as sa
from alembic import op

from services.plumbing.database import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("target", sa.String(64), nullable=False),
        sa.Column("body", sa.String(64), nullable=False),
        sa.Column("until", UtcDateTime, nullable=False),
        sa.Column("claimed_until", UtcDateTime),
        sa.Column("answer", sa.Text),
    )
    op.create_index("ix_idempotency_keys_until", "idempotency_keys", ["until"])
