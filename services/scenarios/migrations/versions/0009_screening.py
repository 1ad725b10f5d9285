"""Substitutions and screenings, and what was decided by them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from services.plumbing.database import UtcDateTime

revision = "scenarios_0009"
down_revision = "scenarios_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_rules()
    _make_decisions()
    _make_vettings()
    _make_reports()


def _make_rules() -> None:
    op.create_table(
        "screening_rules",
        *_rule_head(),
        sa.Column("lists", sa.JSON, nullable=False),
        sa.Column("legal_basis", sa.JSON, nullable=False),
        sa.Column("objection_days", sa.Integer, nullable=False),
        sa.Column("report_age_days", sa.Integer, nullable=False),
        *_life(),
    )
    op.create_table(
        "substitution_rules",
        *_rule_head(),
        sa.Column("requires", sa.JSON, nullable=False),
        sa.Column("barred_by", sa.JSON, nullable=False),
        sa.Column("wants_commitment", sa.Boolean, nullable=False),
        sa.Column("replaces_fen", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String(16)),
        sa.Column("notice_days", sa.Integer, nullable=False),
        *_life(),
    )
    for table in ("screening_rules", "substitution_rules"):
        _index_where(f"{table}_active", table, ["scenario_id"], "state = 'active'", unique=True)


def _make_decisions() -> None:
    op.create_table(
        "screenings",
        sa.Column("id", sa.Uuid, primary_key=True),
        *_asked_by(),
        sa.Column("rule_id", sa.String(64), sa.ForeignKey("screening_rules.id")),
        *_subject(),
        sa.Column("why", sa.String(120), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("coverage", sa.JSON, nullable=False),
        sa.Column("screened_at", UtcDateTime, nullable=False),
    )
    op.create_index("screenings_of_subject", "screenings", ["subject_kind", "subject", "id"])
    op.create_table(
        "substitutions",
        sa.Column("id", sa.Uuid, primary_key=True),
        *_asked_by(),
        sa.Column("rule_id", sa.String(64), sa.ForeignKey("substitution_rules.id"), nullable=False),
        *_subject(),
        sa.Column("commitment_number", sa.String(120)),
        sa.Column("commitment_digest", sa.String(64)),
        sa.Column("commitment_signed_at", UtcDateTime),
        sa.Column("commitment_until", UtcDateTime),
        sa.Column("breached_at", UtcDateTime),
        sa.Column("breach_number", sa.String(120)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("checks", sa.JSON, nullable=False),
        sa.Column("replaces_fen", sa.BigInteger, nullable=False),
        sa.Column("decided_at", UtcDateTime, nullable=False),
        sa.Column("checked_at", UtcDateTime, nullable=False),
        sa.Column("notice_until", UtcDateTime),
        sa.Column("ended_at", UtcDateTime),
    )
    op.create_index("substitutions_of_subject", "substitutions", ["subject_kind", "subject"])
    standing = "state IN ('open', 'called_back')"
    _index_where("substitutions_standing", "substitutions", ["checked_at"], standing)


def _make_vettings() -> None:
    op.create_table(
        "vettings",
        sa.Column("id", sa.Uuid, primary_key=True),
        *_asked_by(),
        sa.Column("rule_id", sa.String(64), sa.ForeignKey("screening_rules.id")),
        sa.Column("holder", sa.String(128), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("opened_at", UtcDateTime, nullable=False),
        sa.Column("notified_at", UtcDateTime),
        sa.Column("objection_until", UtcDateTime),
        sa.Column("objected_at", UtcDateTime),
        sa.Column("objection", sa.String(500), nullable=False),
        sa.Column("closed_at", UtcDateTime),
        sa.Column("closed_for", sa.String(64)),
    )
    op.create_index("vettings_of_holder", "vettings", ["holder", "opened_at"])
    _index_where("vettings_due", "vettings", ["objection_until"], "state = 'notified'")
    op.create_table(
        "employments",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("holder", sa.String(128), nullable=False),
        *_asked_by(),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.Column("ended_at", UtcDateTime),
    )
    _index_where("employments_active", "employments", ["holder"], "ended_at IS NULL", unique=True)


def _make_reports() -> None:
    op.create_table(
        "report_fields",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("title_en", sa.String(120), nullable=False),
        sa.Column("answered_by", sa.JSON, nullable=False),
    )
    op.create_table(
        "special_reports",
        sa.Column("id", sa.Uuid, primary_key=True),
        *_asked_by(),
        sa.Column("organisation", sa.String(18), nullable=False),
        sa.Column("signed", sa.Text, nullable=False),
        sa.Column("drawn_at", UtcDateTime, nullable=False),
    )


def _rule_head() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("scenario_id", sa.String(64), sa.ForeignKey("scenarios.id"), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("title_en", sa.String(120), nullable=False),
    )


def _life() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("activated_at", UtcDateTime),
        sa.Column("stopped_at", UtcDateTime),
        sa.Column("stopped_for", sa.String(16)),
    )


def _asked_by() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("operator_id", sa.String(64), nullable=False),
        sa.Column("scenario_id", sa.String(64), sa.ForeignKey("scenarios.id"), nullable=False),
    )


def _subject() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("subject_kind", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(128), nullable=False),
    )


def _index_where(
    name: str, table: str, columns: list[str], where: str, *, unique: bool = False
) -> None:
    condition = sa.text(where)
    op.create_index(
        name, table, columns, unique=unique, postgresql_where=condition, sqlite_where=condition
    )
