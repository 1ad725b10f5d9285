"""The order of notices, and deliveries that somebody decided to skip."""

import sqlalchemy as sa
from alembic import op

from services.plumbing.database import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ORDER = ["kind", "recipient", "subject", "number"]


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("subject", sa.String(120)))
    op.add_column(
        "deliveries", sa.Column("number", sa.BigInteger, nullable=False, server_default="0")
    )
    op.add_column("deliveries", sa.Column("skipped_at", UtcDateTime))
    op.create_index("deliveries_in_order", "deliveries", ORDER)
    op.create_index("deliveries_skipped", "deliveries", ["skipped_at"])
