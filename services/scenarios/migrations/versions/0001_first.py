"""Everything scenarios stores at first."""

import sqlalchemy as sa
from alembic import op

from services.plumbing.database import UtcDateTime
from services.plumbing.migrate import create_message_tables

revision = "scenarios_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_message_tables(op)
    _create_catalogue()
    _create_recognitions()
    _create_grants()
    _create_redemptions()
    _create_numbers()
    _create_usage_lines()


def _create_catalogue() -> None:
    op.create_table(
        "operators",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
    )
    op.create_table(
        "scenarios",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("operator_id", sa.String(64), sa.ForeignKey("operators.id"), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.Column("category", sa.String(32), nullable=False),
        sa.Column("district", sa.String(6)),
    )
    op.create_table(
        "incentives",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("scenario_id", sa.String(64), sa.ForeignKey("scenarios.id"), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("incentives_of_scenario", "incentives", ["scenario_id"])
    op.create_table(
        "incentive_versions",
        sa.Column("incentive_id", sa.String(64), sa.ForeignKey("incentives.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("title_en", sa.String(120), nullable=False),
        sa.Column("benefit", sa.JSON, nullable=False),
        sa.Column("minimum_tier", sa.Integer, nullable=False),
        sa.Column("holder_count", sa.Integer, nullable=False),
        sa.Column("holder_period", sa.String(16), nullable=False),
        sa.Column("quota_count", sa.Integer),
        sa.Column("quota_period", sa.String(16)),
        sa.Column("budget_fen", sa.BigInteger),
        sa.Column("on_withdrawal", sa.String(16), nullable=False),
        sa.Column("offered_from", UtcDateTime, nullable=False),
        sa.Column("offered_until", UtcDateTime),
        sa.Column("grant_days", sa.Integer, nullable=False),
    )


def _create_recognitions() -> None:
    op.create_table(
        "recognitions",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("attestation_id", sa.Uuid),
        sa.Column("holder", sa.String(128)),
        sa.Column("home", sa.String(6)),
        sa.Column("tier", sa.Integer),
        sa.Column("purposes", sa.JSON),
        sa.Column("crosswalk", sa.Integer),
        sa.Column("recognised_at", UtcDateTime),
        sa.Column("until", UtcDateTime),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("ended_reason", sa.String(64)),
    )
    op.create_index("recognitions_of_holder", "recognitions", ["holder", "recognised_at"])


def _create_grants() -> None:
    op.create_table(
        "grants",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("holder", sa.String(128), nullable=False),
        sa.Column("incentive_id", sa.String(64), sa.ForeignKey("incentives.id"), nullable=False),
        sa.Column("incentive_version", sa.Integer, nullable=False),
        sa.Column("scenario_id", sa.String(64), nullable=False),
        sa.Column("operator_id", sa.String(64), nullable=False),
        sa.Column("benefit", sa.JSON, nullable=False),
        sa.Column("on_withdrawal", sa.String(16), nullable=False),
        sa.Column("recognition_id", sa.Uuid, sa.ForeignKey("recognitions.id"), nullable=False),
        sa.Column("attestation_id", sa.Uuid, nullable=False),
        sa.Column("home", sa.String(6), nullable=False),
        sa.Column("tier", sa.Integer, nullable=False),
        sa.Column("crosswalk", sa.Integer, nullable=False),
        sa.Column("issued_at", UtcDateTime, nullable=False),
        sa.Column("until", UtcDateTime, nullable=False),
        sa.Column("uses_left", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("ended_reason", sa.String(64)),
        sa.CheckConstraint("uses_left >= 0", name="grants_uses_left"),
    )
    op.create_index("grants_of_holder", "grants", ["holder", "issued_at"])
    op.create_index("grants_of_incentive", "grants", ["incentive_id", "issued_at"])
    op.create_index("grants_under_recognition", "grants", ["recognition_id"])
    is_open = sa.text("state = 'open'")
    op.create_index(
        "grants_open_until", "grants", ["until"], postgresql_where=is_open, sqlite_where=is_open
    )


def _create_redemptions() -> None:
    op.create_table(
        "redemptions",
        sa.Column("operator_id", sa.String(64), primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("grant_id", sa.Uuid, sa.ForeignKey("grants.id"), nullable=False),
        sa.Column("uses_left", sa.Integer, nullable=False),
        sa.Column("redeemed_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "refused_redemptions",
        sa.Column("operator_id", sa.String(64), primary_key=True),
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("reason", sa.String(32), primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )


def _create_numbers() -> None:
    op.create_table(
        "counters",
        sa.Column("incentive_id", sa.String(64), sa.ForeignKey("incentives.id"), primary_key=True),
        sa.Column("holder", sa.String(128), primary_key=True),
        sa.Column("period", sa.String(10), primary_key=True),
        sa.Column("issued", sa.Integer, nullable=False),
    )
    op.create_index("counters_of_period", "counters", ["period"])
    op.create_table(
        "tallies",
        sa.Column("incentive_id", sa.String(64), sa.ForeignKey("incentives.id"), primary_key=True),
        sa.Column("issued", sa.Integer, nullable=False),
        sa.Column("open", sa.Integer, nullable=False),
        sa.Column("redeemed", sa.Integer, nullable=False),
        sa.Column("expired", sa.Integer, nullable=False),
        sa.Column("revoked", sa.Integer, nullable=False),
        sa.Column("reserved_fen", sa.BigInteger, nullable=False),
        sa.Column("spent_fen", sa.BigInteger, nullable=False),
        sa.CheckConstraint(
            "issued = open + redeemed + expired + revoked", name="tallies_conserved"
        ),
        sa.CheckConstraint("open >= 0 AND reserved_fen >= 0", name="tallies_not_below_zero"),
    )


def _create_usage_lines() -> None:
    op.create_table(
        "usage_lines",
        sa.Column("host", sa.String(6), primary_key=True),
        sa.Column("line_id", sa.Uuid, primary_key=True),
        sa.Column("home", sa.String(6), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("grant_id", sa.Uuid, nullable=False),
        sa.Column("attestation_id", sa.Uuid, nullable=False),
        sa.Column("incentive_id", sa.String(64), nullable=False),
        sa.Column("fact", sa.String(16), nullable=False),
        sa.Column("value_fen", sa.BigInteger, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("seal", sa.LargeBinary(32), nullable=False),
    )
    op.create_index(
        "usage_lines_of_month", "usage_lines", ["home", "host", "month", "at", "line_id"]
    )
