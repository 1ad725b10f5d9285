"""The order of notices that wait for a key, keys that are not believed, batches."""

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
    _create_batches()


def _create_batches() -> None:
    op.create_table(
        "batches",
        sa.Column("sender", sa.String(6), primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("so_far", sa.String(64), nullable=False),
        sa.Column("received", sa.Integer, nullable=False),
        sa.Column("taken", sa.Integer, nullable=False),
        sa.Column("repeated", sa.Integer, nullable=False),
        sa.Column("refused", sa.Integer, nullable=False),
        sa.Column("opened_at", UtcDateTime, nullable=False),
    )
    op.create_index("batches_opened", "batches", ["opened_at"])
    op.create_table(
        "batch_lines",
        sa.Column("sender", sa.String(6), primary_key=True),
        sa.Column("batch_id", sa.Uuid, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("recognition_id", sa.Uuid),
        sa.Column("taken_at", UtcDateTime, nullable=False),
    )
    op.create_index("batch_lines_taken", "batch_lines", ["taken_at"])
