"""The tables of substitutions, screenings, vettings, reports and employments.

No column here holds, or leads to, a score or a tier.
"""

from typing import Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    Uuid,
    text,
)

from contracts.coverage import CoverageRecord
from contracts.evidence import LegalBasis
from contracts.fact_lines import FactLine
from contracts.substitutions import CheckLine, Requirement
from services.plumbing.database import UtcDateTime
from services.scenarios.adapters.message_column import MessageColumn
from services.scenarios.adapters.tables import metadata, scenarios


def _life() -> tuple[Column[Any], ...]:
    """Return the columns of a rule's life."""
    return (
        Column("state", String(16), nullable=False),
        Column("activated_at", UtcDateTime),
        Column("stopped_at", UtcDateTime),
        Column("stopped_for", String(16)),
    )


def _one_active(name: str) -> Index:
    """Return the index by which one rule at most decides in a scenario."""
    active = text("state = 'active'")
    return Index(name, "scenario_id", unique=True, postgresql_where=active, sqlite_where=active)


screening_rules: Final = Table(
    "screening_rules",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("scenario_id", String(64), ForeignKey(scenarios.c.id), nullable=False),
    Column("title", String(120), nullable=False),
    Column("title_en", String(120), nullable=False),
    Column("lists", JSON, nullable=False),
    Column("legal_basis", MessageColumn(LegalBasis), nullable=False),
    Column("objection_days", Integer, nullable=False),
    Column("report_age_days", Integer, nullable=False),
    *_life(),
    _one_active("screening_rules_active"),
)

substitution_rules: Final = Table(
    "substitution_rules",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("scenario_id", String(64), ForeignKey(scenarios.c.id), nullable=False),
    Column("title", String(120), nullable=False),
    Column("title_en", String(120), nullable=False),
    Column("requires", MessageColumn(Requirement), nullable=False),
    Column("barred_by", JSON, nullable=False),
    Column("wants_commitment", Boolean, nullable=False),
    Column("replaces_fen", BigInteger, nullable=False),
    Column("by", String(16)),
    Column("notice_days", Integer, nullable=False),
    *_life(),
    _one_active("substitution_rules_active"),
)

screenings: Final = Table(
    "screenings",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("operator_id", String(64), nullable=False),
    Column("scenario_id", String(64), ForeignKey(scenarios.c.id), nullable=False),
    Column("rule_id", String(64), ForeignKey(screening_rules.c.id)),
    Column("subject_kind", String(16), nullable=False),
    Column("subject", String(128), nullable=False),
    Column("why", String(120), nullable=False),
    Column("state", String(24), nullable=False),
    Column("facts", MessageColumn(FactLine), nullable=False),
    Column("coverage", MessageColumn(CoverageRecord), nullable=False),
    Column("screened_at", UtcDateTime, nullable=False),
    Index("screenings_of_subject", "subject_kind", "subject", "id"),
)

substitutions: Final = Table(
    "substitutions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("operator_id", String(64), nullable=False),
    Column("scenario_id", String(64), ForeignKey(scenarios.c.id), nullable=False),
    Column("rule_id", String(64), ForeignKey(substitution_rules.c.id), nullable=False),
    Column("subject_kind", String(16), nullable=False),
    Column("subject", String(128), nullable=False),
    Column("commitment_number", String(120)),
    Column("commitment_digest", String(64)),
    Column("commitment_signed_at", UtcDateTime),
    Column("commitment_until", UtcDateTime),
    Column("breached_at", UtcDateTime),
    Column("breach_number", String(120)),
    Column("state", String(16), nullable=False),
    Column("checks", MessageColumn(CheckLine), nullable=False),
    Column("replaces_fen", BigInteger, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("checked_at", UtcDateTime, nullable=False),
    Column("notice_until", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Index("substitutions_of_subject", "subject_kind", "subject"),
    Index(
        "substitutions_standing",
        "checked_at",
        postgresql_where=text("state IN ('open', 'called_back')"),
        sqlite_where=text("state IN ('open', 'called_back')"),
    ),
)

vettings: Final = Table(
    "vettings",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("operator_id", String(64), nullable=False),
    Column("scenario_id", String(64), ForeignKey(scenarios.c.id), nullable=False),
    Column("rule_id", String(64), ForeignKey(screening_rules.c.id)),
    Column("holder", String(128), nullable=False),
    Column("state", String(24), nullable=False),
    Column("facts", MessageColumn(FactLine), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("notified_at", UtcDateTime),
    Column("objection_until", UtcDateTime),
    Column("objected_at", UtcDateTime),
    Column("objection", String(500), nullable=False),
    Column("closed_at", UtcDateTime),
    Column("closed_for", String(64)),
    Index("vettings_of_holder", "holder", "opened_at"),
    Index(
        "vettings_due",
        "objection_until",
        postgresql_where=text("state = 'notified'"),
        sqlite_where=text("state = 'notified'"),
    ),
)

employments: Final = Table(
    "employments",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("holder", String(128), nullable=False),
    Column("operator_id", String(64), nullable=False),
    Column("scenario_id", String(64), ForeignKey(scenarios.c.id), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Index(
        "employments_active",
        "holder",
        unique=True,
        postgresql_where=text("ended_at IS NULL"),
        sqlite_where=text("ended_at IS NULL"),
    ),
)

report_fields: Final = Table(
    "report_fields",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("title", String(120), nullable=False),
    Column("title_en", String(120), nullable=False),
    Column("answered_by", JSON, nullable=False),
)

special_reports: Final = Table(
    "special_reports",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("operator_id", String(64), nullable=False),
    Column("scenario_id", String(64), ForeignKey(scenarios.c.id), nullable=False),
    Column("organisation", String(18), nullable=False),
    Column("signed", Text, nullable=False),
    Column("drawn_at", UtcDateTime, nullable=False),
)
