"""Since when a notice's city is taken to be gone."""

import sqlalchemy as sa
from alembic import op

from services.plumbing.database import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("gone_at", UtcDateTime))
    op.create_index("deliveries_gone", "deliveries", ["gone_at"])
