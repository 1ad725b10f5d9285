"""A webhook's secret before the present one, and since when its deliveries rest."""

import sqlalchemy as sa
from alembic import op

from services.plumbing.database import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("old_secret", sa.String(64)),
        sa.Column("old_until", UtcDateTime),
        sa.Column("rotation_id", sa.Uuid),
        sa.Column("disabled_at", UtcDateTime),
        sa.Column("disabled_reason", sa.String(200)),
    ):
        op.add_column("webhooks", column)
