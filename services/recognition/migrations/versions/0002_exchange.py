"""The order of notices that wait for a key."""

import sqlalchemy as sa
from alembic import op

revision = "recognition_0002"
down_revision = "recognition_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "unsigned_notices", sa.Column("subject", sa.String(120), nullable=False, server_default="")
    )
    op.add_column(
        "unsigned_notices", sa.Column("number", sa.BigInteger, nullable=False, server_default="0")
    )
    op.drop_index("unsigned_notices_to", "unsigned_notices")
    op.create_index("unsigned_notices_to", "unsigned_notices", ["recipient", "number"])
