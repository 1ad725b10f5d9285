"""The tables of scenarios.  Persons appear as `holder` pseudonyms only, and never with a score."""

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
    false,
    text,
    true,
)

from contracts.recognition import RecognitionEvidence
from contracts.rules import Conditions, Quota
from services.plumbing.database import UtcDateTime
from services.plumbing.message_tables import message_tables
from services.scenarios.adapters.benefit_column import BenefitColumn
from services.scenarios.adapters.message_column import MessageColumn

metadata: Final = MetaData()
messages: Final = message_tables(metadata)

# --- catalogue -------------------------------------------------------------------------------

operators: Final = Table(
    "operators",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("name_en", String(120), nullable=False),
)

scenarios: Final = Table(
    "scenarios",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("operator_id", String(64), ForeignKey(operators.c.id), nullable=False),
    Column("name", String(120), nullable=False),
    Column("name_en", String(120), nullable=False),
    Column("category", String(32), nullable=False),
    Column("district", String(6)),
    Column("kind", String(16), nullable=False, server_default="incentive"),
)

# `version` is the newest; this row is what a step in its life and issuing meet at.
incentives: Final = Table(
    "incentives",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("scenario_id", String(64), ForeignKey(scenarios.c.id), nullable=False),
    Column("version", Integer, nullable=False),
    Column("was_published", Boolean, nullable=False, server_default=true()),
    Column("paused_by", String(16)),
    Column("withdrawn", Boolean, nullable=False, server_default=false()),
    Column("moves", Integer, nullable=False, server_default="0"),
    Column("moved_at", UtcDateTime),  # null: before lives were kept
    Column("settled", Boolean, nullable=False, server_default=false()),
    Index("incentives_of_scenario", "scenario_id"),
)

incentive_versions: Final = Table(
    "incentive_versions",
    metadata,
    Column("incentive_id", String(64), ForeignKey(incentives.c.id), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("title", String(120), nullable=False),
    Column("title_en", String(120), nullable=False),
    Column("benefit", BenefitColumn, nullable=False),
    Column("minimum_tier", Integer, nullable=False),
    Column("holder_count", Integer, nullable=False),
    Column("holder_period", String(16), nullable=False),
    Column("quota_count", Integer),
    Column("quota_period", String(16)),
    Column("budget_fen", BigInteger),
    Column("on_withdrawal", String(16), nullable=False),
    Column("offered_from", UtcDateTime, nullable=False),
    Column("offered_until", UtcDateTime),
    Column("grant_days", Integer, nullable=False),
    Column("on_correction", String(16), nullable=False, server_default="restore"),
    Column("conditions", MessageColumn(Conditions)),
    Column("quotas", MessageColumn(Quota)),
    Column("funding", String(16), nullable=False, server_default="host_operator"),
    Column("reversible_minutes", Integer, nullable=False, server_default="0"),
    Column("notice_days", Integer, nullable=False, server_default="0"),
    Column("state", String(16), nullable=False, server_default="published"),
    Column("hold", Boolean, nullable=False, server_default=false()),
    Column("published_at", UtcDateTime),
)

# --- recognitions, as recognition announces them ---------------------------------------------

# A row may begin with any of its events: what the others tell is null until they arrive.
recognitions: Final = Table(
    "recognitions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("attestation_id", Uuid),
    Column("holder", String(128)),
    Column("home", String(6)),
    Column("tier", Integer),
    Column("purposes", JSON),
    Column("crosswalk", Integer),
    Column("recognised_at", UtcDateTime),
    Column("until", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("ended_reason", String(64)),
    Column("revised_at", UtcDateTime),
    Column("suspended", Boolean),
    Column("suspension_at", UtcDateTime),  # when it was suspended, or stood again
    Column("tiers", JSON),  # by category, where both cities agreed on others
    Column("evidence", MessageColumn(RecognitionEvidence)),
    Index("recognitions_of_holder", "holder", "recognised_at"),
)

# --- grants ----------------------------------------------------------------------------------

grants: Final = Table(
    "grants",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("holder", String(128), nullable=False),
    Column("incentive_id", String(64), ForeignKey(incentives.c.id), nullable=False),
    Column("incentive_version", Integer, nullable=False),
    Column("scenario_id", String(64), nullable=False),
    Column("operator_id", String(64), nullable=False),
    Column("benefit", BenefitColumn, nullable=False),
    Column("on_withdrawal", String(16), nullable=False),
    Column("recognition_id", Uuid, ForeignKey(recognitions.c.id), nullable=False),
    Column("attestation_id", Uuid, nullable=False),
    Column("home", String(6), nullable=False),
    Column("tier", Integer, nullable=False),
    Column("crosswalk", Integer, nullable=False),
    Column("issued_at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("uses_left", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("ended_at", UtcDateTime),
    Column("ended_reason", String(64)),
    Column("on_correction", String(16), nullable=False, server_default="restore"),
    Column("restored", Integer, nullable=False, server_default="0"),
    Column("funding", String(16), nullable=False, server_default="host_operator"),
    Column("district", String(6)),
    Column("counted_at", UtcDateTime),  # in the periods of this moment limits and quotas count it
    Column("reserved_fen", BigInteger, nullable=False, server_default="0"),
    Column("spent_fen", BigInteger, nullable=False, server_default="0"),
    Column("reversible_minutes", Integer, nullable=False, server_default="0"),
    Column("notice_days", Integer, nullable=False, server_default="0"),
    Column("held_fen", BigInteger, nullable=False, server_default="0"),
    Column("held_until", UtcDateTime),
    Column("recall_reason", String(64)),
    Column("recalled_at", UtcDateTime),
    Column("recall_ends_at", UtcDateTime),
    Column("recalls", Integer, nullable=False, server_default="0"),
    Index("grants_recalled_until", "recall_ends_at"),
    CheckConstraint("uses_left >= 0", name="grants_uses_left"),
    Index(
        "grants_holding",
        "held_until",
        postgresql_where=text("held_fen > 0"),
        sqlite_where=text("held_fen > 0"),
    ),
    Index("grants_of_holder", "holder", "issued_at"),
    Index("grants_counted", "incentive_id", "counted_at"),
    Index("grants_under_recognition", "recognition_id"),
    Index(
        "grants_open_until",
        "until",
        postgresql_where=text("state = 'open'"),
        sqlite_where=text("state = 'open'"),
    ),
)

# --- exact numbers ---------------------------------------------------------------------------

# An empty `holder` counts for all holders, an empty `district` everywhere.
counters: Final = Table(
    "counters",
    metadata,
    Column("incentive_id", String(64), ForeignKey(incentives.c.id), primary_key=True),
    Column("holder", String(128), primary_key=True),
    Column("district", String(6), primary_key=True),
    Column("period", String(10), primary_key=True),
    Column("issued", Integer, nullable=False),
    Column("held", Integer, nullable=False),
    Column("reserved_fen", BigInteger, nullable=False),
    Column("spent_fen", BigInteger, nullable=False),
    Index("counters_of_period", "period"),
    CheckConstraint(
        "issued >= 0 AND held >= 0 AND reserved_fen >= 0 AND spent_fen >= 0",
        name="counters_not_below_zero",
    ),
)

tallies: Final = Table(
    "tallies",
    metadata,
    Column("incentive_id", String(64), ForeignKey(incentives.c.id), primary_key=True),
    Column("issued", Integer, nullable=False),
    Column("open", Integer, nullable=False),
    Column("redeemed", Integer, nullable=False),
    Column("expired", Integer, nullable=False),
    Column("revoked", Integer, nullable=False),
    Column("reserved_fen", BigInteger, nullable=False),
    Column("spent_fen", BigInteger, nullable=False),
    Column("held", Integer, nullable=False, server_default="0"),
    Column("changes", BigInteger, nullable=False, server_default="0"),
    CheckConstraint("issued = open + redeemed + expired + revoked", name="tallies_conserved"),
    CheckConstraint("open >= 0 AND reserved_fen >= 0", name="tallies_not_below_zero"),
    CheckConstraint(
        "held >= 0 AND spent_fen >= 0 AND redeemed >= 0 AND expired >= 0 AND revoked >= 0",
        name="tallies_held_not_below_zero",
    ),
)

# --- statements ------------------------------------------------------------------------------

usage_lines: Final = Table(
    "usage_lines",
    metadata,
    Column("host", String(6), primary_key=True),
    Column("line_id", Uuid, primary_key=True),
    Column("home", String(6), nullable=False),
    Column("month", String(7), nullable=False),
    Column("grant_id", Uuid, nullable=False),
    Column("attestation_id", Uuid, nullable=False),
    Column("incentive_id", String(64), nullable=False),
    Column("fact", String(16), nullable=False),
    Column("value_fen", BigInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("seal", LargeBinary(32), nullable=False),
    Column("funding", String(16)),
    Column("operator_id", String(64)),
    Column("settled_in", String(7)),  # the month it is settled in, once that is closed
    Index("usage_lines_of_month", "home", "host", "month", "at", "line_id"),
)
