"""The order of notices that wait for a key, and keys that are not believed."""

import sqlalchemy as sa
from alembic import op

from services.plumbing.database import UtcDateTime

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
    op.create_table(
        "distrusted_keys",
        sa.Column("home", sa.String(6), primary_key=True),
        sa.Column("kid", sa.String(120), primary_key=True),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.Column("noted_at", UtcDateTime, nullable=False),
    )
    op.add_column("recognitions", sa.Column("attested_at", UtcDateTime))
