"""What the gateway forgets of a person."""

import sqlalchemy as sa
from alembic import op

from services.plumbing.database import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erased_holders",
        sa.Column("holder", sa.String(128), primary_key=True),
        sa.Column("erased_at", UtcDateTime, nullable=False),
    )
    op.create_index("ix_erased_holders_erased_at", "erased_holders", ["erased_at"])
