"""The tiers that count for single categories, beside the general one of a recognition."""

import sqlalchemy as sa
from alembic import op

revision = "scenarios_0003"
down_revision = "scenarios_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recognitions", sa.Column("tiers", sa.JSON))
