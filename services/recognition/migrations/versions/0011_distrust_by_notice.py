"""By which notice a city warned of a key, so that it is told when that has had its effect."""

import sqlalchemy as sa
from alembic import op

revision = "recognition_0011"
down_revision = "recognition_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("distrusted_keys", sa.Column("notice_id", sa.Uuid, nullable=True))
