"""What is made good after a correction."""

import sqlalchemy as sa
from alembic import op

from services.plumbing.database import UtcDateTime

revision = "scenarios_0002"
down_revision = "scenarios_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("incentive_versions", "grants"):
        op.add_column(
            table,
            sa.Column("on_correction", sa.String(16), nullable=False, server_default="restore"),
        )
    op.add_column("grants", sa.Column("restored", sa.Integer, nullable=False, server_default="0"))
    op.add_column("recognitions", sa.Column("revised_at", UtcDateTime))
    op.add_column("recognitions", sa.Column("suspended", sa.Boolean))
    op.add_column("recognitions", sa.Column("suspension_at", UtcDateTime))
