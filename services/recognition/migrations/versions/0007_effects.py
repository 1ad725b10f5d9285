"""What notices asked for, until it is done."""

import sqlalchemy as sa
from alembic import op

from services.plumbing.database import UtcDateTime

revision = "recognition_0007"
down_revision = "recognition_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "effects",
        sa.Column("notice_id", sa.Uuid, primary_key=True),
        sa.Column("recipient", sa.String(6), nullable=False),
        sa.Column("cause", sa.Uuid, nullable=False),
        sa.Column("asked_at", UtcDateTime, nullable=False),
        sa.Column("applied_at", UtcDateTime),
    )
    op.create_index("effects_of_cause", "effects", ["cause"])
    op.create_index("effects_asked", "effects", ["asked_at"])
    op.create_table(
        "corrections",
        sa.Column("sender", sa.String(6), primary_key=True),
        sa.Column("notice_id", sa.Uuid, primary_key=True),
        sa.Column("recognition_id", sa.Uuid, primary_key=True),
        sa.Column("heard_at", UtcDateTime, nullable=False),
    )
    op.create_index("corrections_heard", "corrections", ["heard_at"])
    op.create_table(
        "supersessions",
        sa.Column("home", sa.String(6), primary_key=True),
        sa.Column("attestation_id", sa.Uuid, primary_key=True),
        sa.Column("by", sa.Uuid, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("footing", sa.JSON),
    )
    op.create_index("supersessions_at", "supersessions", ["at"])
    op.add_column("recognitions", sa.Column("holder_key", sa.String(43)))
