"""Everything recognition stores at first."""

import sqlalchemy as sa
from alembic import op

from services.plumbing.database import UtcDateTime
from services.plumbing.migrate import create_message_tables

revision = "recognition_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_message_tables(op)
    _create_home()
    _create_host()
    _create_between_cities()


def _create_home() -> None:
    op.create_table(
        "consents",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("resident", sa.String(128), nullable=False),
        sa.Column("recipient", sa.String(6), nullable=False),
        sa.Column("purposes", sa.JSON, nullable=False),
        sa.Column("text_version", sa.String(64), nullable=False),
        sa.Column("given_at", UtcDateTime, nullable=False),
        sa.Column("until", UtcDateTime, nullable=False),
        sa.Column("withdrawn_at", UtcDateTime),
    )
    op.create_index("consents_of_resident", "consents", ["resident", "recipient"])
    op.create_table(
        "status_lists",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("secret", sa.LargeBinary(32), nullable=False),
        sa.Column("taken", sa.Integer, nullable=False),
    )
    op.create_table(
        "issuances",
        sa.Column("attestation_id", sa.Uuid, primary_key=True),
        sa.Column("consent_id", sa.Uuid, sa.ForeignKey("consents.id"), nullable=False),
        sa.Column("resident", sa.String(128), nullable=False),
        sa.Column("recipient", sa.String(6), nullable=False),
        sa.Column("tier", sa.Integer, nullable=False),
        sa.Column("band", sa.Text, nullable=False),
        sa.Column("holder_key", sa.JSON, nullable=False),
        sa.Column("credential", sa.Text, nullable=False),
        sa.Column("status_list", sa.Integer, sa.ForeignKey("status_lists.number"), nullable=False),
        sa.Column("status_index", sa.Integer, nullable=False),
        sa.Column("issued_at", UtcDateTime, nullable=False),
        sa.Column("until", UtcDateTime, nullable=False),
        sa.Column("revoked_at", UtcDateTime),
        sa.Column("revoked_reason", sa.String(64)),
    )
    op.create_index("issuances_under_consent", "issuances", ["consent_id"])
    op.create_index("issuances_of_resident", "issuances", ["resident", "recipient"])
    op.create_index(
        "issuances_standing",
        "issuances",
        ["until", "attestation_id"],
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_index("issuances_status", "issuances", ["status_list", "status_index"], unique=True)


def _create_host() -> None:
    op.create_table(
        "challenges",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("until", UtcDateTime, nullable=False),
        sa.Column("used_at", UtcDateTime),
    )
    op.create_index("challenges_until", "challenges", ["until"])
    op.create_table(
        "recognitions",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("attestation_id", sa.Uuid, nullable=False),
        sa.Column("holder", sa.String(128), nullable=False),
        sa.Column("home", sa.String(6), nullable=False),
        sa.Column("tier", sa.Integer, nullable=False),
        sa.Column("purposes", sa.JSON, nullable=False),
        sa.Column("presentation", sa.String(64), nullable=False),
        sa.Column("attestation", sa.String(64), nullable=False),
        sa.Column("kid", sa.String(64), nullable=False),
        sa.Column("crosswalk", sa.Integer, nullable=False),
        sa.Column("roster", sa.Integer, nullable=False),
        sa.Column("status_as_of", UtcDateTime, nullable=False),
        sa.Column("recognised_at", UtcDateTime, nullable=False),
        sa.Column("until", UtcDateTime, nullable=False),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("ended_reason", sa.String(64)),
    )
    op.create_index("recognitions_on_attestation", "recognitions", ["home", "attestation_id"])
    op.create_index(
        "recognitions_standing",
        "recognitions",
        ["home", "kid", "until"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "foreign_attestations",
        sa.Column("home", sa.String(6), primary_key=True),
        sa.Column("attestation_id", sa.Uuid, primary_key=True),
        sa.Column("noted_at", UtcDateTime, nullable=False),
        sa.Column("revoked_reason", sa.String(64)),
        sa.Column("revoked_at", UtcDateTime),
    )
    op.create_index("foreign_attestations_noted", "foreign_attestations", ["noted_at"])


def _create_between_cities() -> None:
    op.create_table(
        "received_notices",
        sa.Column("sender", sa.String(6), primary_key=True),
        sa.Column("notice_id", sa.Uuid, primary_key=True),
        sa.Column("received_at", UtcDateTime, nullable=False),
    )
    op.create_index("received_notices_received", "received_notices", ["received_at"])
    op.create_table(
        "unsigned_notices",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("recipient", sa.String(6), nullable=False),
        sa.Column("event", sa.String(128), nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("kept_at", UtcDateTime, nullable=False),
    )
    op.create_index("unsigned_notices_to", "unsigned_notices", ["recipient", "kept_at"])
    op.create_table(
        "adopted_rosters",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("adopted_at", UtcDateTime, nullable=False),
    )
