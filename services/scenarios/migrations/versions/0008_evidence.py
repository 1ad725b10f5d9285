"""Evidence: items of the catalogue, and what is known of subjects."""

import sqlalchemy as sa
from alembic import op

from services.plumbing.database import UtcDateTime

revision = "scenarios_0008"
down_revision = "scenarios_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evidence_items",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "evidence_item_versions",
        sa.Column("item_id", sa.String(64), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("published_at", UtcDateTime, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.Column("evidence_class", sa.String(32), nullable=False),
        sa.Column("basis", sa.JSON, nullable=False),
        sa.Column("subjects", sa.JSON, nullable=False),
        sa.Column("documents", sa.JSON, nullable=False),
        sa.Column("live_from", UtcDateTime, nullable=False),
        sa.Column("live_until", UtcDateTime),
        sa.Column("keeps_months", sa.Integer),
        sa.Column("repair", sa.JSON),
        sa.Column("grades", sa.JSON, nullable=False),
        sa.Column("states_amount", sa.Boolean, nullable=False),
        sa.Column("sources", sa.JSON, nullable=False),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("item_id", sa.String(64), nullable=False),
        sa.Column("item_version", sa.Integer, nullable=False),
        sa.Column("subject_kind", sa.String(16), nullable=False),
        sa.Column("subject_id", sa.String(128), nullable=False),
        sa.Column("document_type", sa.String(32), nullable=False),
        sa.Column("document_number", sa.String(120), nullable=False),
        sa.Column("document_issuer", sa.String(120), nullable=False),
        sa.Column("issued_on", sa.Date, nullable=False),
        sa.Column("first_day", sa.Date),
        sa.Column("last_day", sa.Date),
        sa.Column("grade", sa.String(16)),
        sa.Column("amount_fen", sa.BigInteger),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("live_from", UtcDateTime, nullable=False),
        sa.Column("live_until", UtcDateTime),
        sa.Column("state", sa.String(16), nullable=False),
    )
    op.create_index(
        "evidence_of_document",
        "evidence",
        [
            "subject_kind",
            "subject_id",
            "item_id",
            "document_type",
            "document_number",
            "document_issuer",
        ],
        unique=True,
    )
    unsettled = sa.text("state IN ('live', 'disputed')")
    op.create_index(
        "evidence_live_until",
        "evidence",
        ["live_until"],
        postgresql_where=unsettled,
        sqlite_where=unsettled,
    )
    op.create_table(
        "evidence_turns",
        sa.Column("evidence_id", sa.Uuid, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("reason", sa.String(64), nullable=False),
    )
    op.create_table(
        "evidence_disputes",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("evidence_id", sa.Uuid, nullable=False),
        sa.Column("item_id", sa.String(64), nullable=False),
        sa.Column("subject_kind", sa.String(16), nullable=False),
        sa.Column("subject_id", sa.String(128), nullable=False),
        sa.Column("ground", sa.String(32), nullable=False),
        sa.Column("opened_at", UtcDateTime, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("closed_at", UtcDateTime),
    )
    for name, columns in (
        ("evidence_disputes_of_subject", ["subject_kind", "subject_id", "opened_at"]),
        ("evidence_disputes_about", ["evidence_id"]),
        ("evidence_disputes_due", ["state", "due_at", "id"]),
    ):
        op.create_index(name, "evidence_disputes", columns)
    op.create_table(
        "coverage",
        sa.Column("item_id", sa.String(64), primary_key=True),
        sa.Column("source", sa.String(64), primary_key=True),
        sa.Column("periods", sa.JSON, nullable=False),
        sa.Column("reported_at", UtcDateTime, nullable=False),
    )
