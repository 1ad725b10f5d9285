"""The tables of evidence.  A person is a `holder` pseudonym; nothing here is a score."""

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    Uuid,
    text,
)

from contracts.evidence import LegalBasis, RepairRule
from services.plumbing.database import UtcDateTime
from services.scenarios.adapters.message_column import MessageColumn
from services.scenarios.adapters.tables import metadata

# `version` is the newest; its row is what publishing meets at.
evidence_items: Final = Table(
    "evidence_items",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
)

evidence_item_versions: Final = Table(
    "evidence_item_versions",
    metadata,
    Column("item_id", String(64), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("published_at", UtcDateTime, nullable=False),
    Column("name", String(120), nullable=False),
    Column("name_en", String(120), nullable=False),
    Column("evidence_class", String(32), nullable=False),
    Column("basis", MessageColumn(LegalBasis), nullable=False),
    Column("subjects", JSON, nullable=False),
    Column("documents", JSON, nullable=False),
    Column("live_from", UtcDateTime, nullable=False),
    Column("live_until", UtcDateTime),
    Column("keeps_months", Integer),
    Column("repair", MessageColumn(RepairRule)),
    Column("grades", JSON, nullable=False),
    Column("states_amount", Boolean, nullable=False),
    Column("sources", JSON, nullable=False),
)

# `state` and `changed_at` are those of the last turn; an empty `source` is the city.
evidence: Final = Table(
    "evidence",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("item_id", String(64), nullable=False),
    Column("item_version", Integer, nullable=False),
    Column("subject_kind", String(16), nullable=False),
    Column("subject_id", String(128), nullable=False),
    Column("document_type", String(32), nullable=False),
    Column("document_number", String(120), nullable=False),
    Column("document_issuer", String(120), nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("first_day", Date),
    Column("last_day", Date),
    Column("grade", String(16)),
    Column("amount_fen", BigInteger),
    Column("source", String(64), nullable=False),
    Column("live_from", UtcDateTime, nullable=False),
    Column("live_until", UtcDateTime),
    Column("state", String(16), nullable=False),
    # A document speaks once of a subject for an item, whatever became of it.
    Index(
        "evidence_of_document",
        "subject_kind",
        "subject_id",
        "item_id",
        "document_type",
        "document_number",
        "document_issuer",
        unique=True,
    ),
    Index(
        "evidence_live_until",
        "live_until",
        postgresql_where=text("state IN ('live', 'disputed')"),
        sqlite_where=text("state IN ('live', 'disputed')"),
    ),
)

evidence_turns: Final = Table(
    "evidence_turns",
    metadata,
    Column("evidence_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", String(16), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("reason", String(64), nullable=False),
)

evidence_disputes: Final = Table(
    "evidence_disputes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("evidence_id", Uuid, nullable=False),
    Column("item_id", String(64), nullable=False),
    Column("subject_kind", String(16), nullable=False),
    Column("subject_id", String(128), nullable=False),
    Column("ground", String(32), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("closed_at", UtcDateTime),
    Index("evidence_disputes_of_subject", "subject_kind", "subject_id", "opened_at"),
    Index("evidence_disputes_about", "evidence_id"),
    Index("evidence_disputes_due", "state", "due_at", "id"),
)

# An empty `source` is the city.
coverage: Final = Table(
    "coverage",
    metadata,
    Column("item_id", String(64), primary_key=True),
    Column("source", String(64), primary_key=True),
    Column("periods", JSON, nullable=False),  # [since, until] each, RFC 3339
    Column("reported_at", UtcDateTime, nullable=False),
)
