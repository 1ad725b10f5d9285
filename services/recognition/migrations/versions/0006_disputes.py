"""Disputes and repairs, what was settled by them, and what was contested at this host."""

import sqlalchemy as sa
from alembic import op

from services.plumbing.database import UtcDateTime

revision = "recognition_0006"
down_revision = "recognition_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("issuances", sa.Column("superseded_by", sa.Uuid))
    op.create_table(
        "disputes",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("subject", sa.Uuid, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("ground", sa.String(32), nullable=False),
        sa.Column("attestation_id", sa.Uuid),
        sa.Column("host", sa.String(6)),
        sa.Column("opened_at", UtcDateTime, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("closed_at", UtcDateTime),
        sa.Column("converged_at", UtcDateTime),
    )
    op.create_index("disputes_of_subject", "disputes", ["subject"])
    op.create_index("disputes_due", "disputes", ["state", "due_at", "id"])
    op.create_table(
        "repairs",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("subject", sa.Uuid, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("opened_at", UtcDateTime, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("closed_at", UtcDateTime),
        sa.Column("refusal", sa.String(32)),
        sa.Column("converged_at", UtcDateTime),
    )
    op.create_index("repairs_of_subject", "repairs", ["subject"])
    op.create_index("repairs_due", "repairs", ["state", "due_at", "id"])
    op.create_table(
        "settlements",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("subject", sa.Uuid, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("settled_at", UtcDateTime, nullable=False),
    )
    op.create_index("settlements_of_subject", "settlements", ["subject"])
    op.create_table(
        "routed_disputes",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("recognition_id", sa.Uuid, nullable=False),
        sa.Column("attestation_id", sa.Uuid, nullable=False),
        sa.Column("home", sa.String(6), nullable=False),
        sa.Column("ground", sa.String(32), nullable=False),
        sa.Column("opened_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("closed_at", UtcDateTime),
    )
    op.create_index("routed_disputes_of_recognition", "routed_disputes", ["recognition_id"])
