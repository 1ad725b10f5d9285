"""What a recognition rests on, as recognition tells it."""

import sqlalchemy as sa
from alembic import op

revision = "scenarios_0007"
down_revision = "scenarios_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recognitions", sa.Column("evidence", sa.JSON))
