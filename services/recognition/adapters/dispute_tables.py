"""The tables of disputes and repairs, at home and at a host.  No column holds points of a score.

What tells of a fact is sealed by its resident's key (adapters/subjects.py).
"""

from typing import Final

from sqlalchemy import Column, Index, LargeBinary, String, Table, Uuid

from services.plumbing.database import UtcDateTime
from services.recognition.adapters.tables import metadata

disputes: Final = Table(
    "disputes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("subject", Uuid, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # what was said, of which fact, and decided
    Column("ground", String(32), nullable=False),
    Column("attestation_id", Uuid),
    Column("host", String(6)),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("closed_at", UtcDateTime),
    Column("converged_at", UtcDateTime),
    Index("disputes_of_subject", "subject"),
    Index("disputes_due", "state", "due_at", "id"),
)

repairs: Final = Table(
    "repairs",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("subject", Uuid, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # of which fact
    Column("opened_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("closed_at", UtcDateTime),
    Column("refusal", String(32)),
    Column("converged_at", UtcDateTime),
    Index("repairs_of_subject", "subject"),
    Index("repairs_due", "state", "due_at", "id"),
)

# What was decided for good; each bears the name of the dispute or the repair that led to it.
settlements: Final = Table(
    "settlements",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("subject", Uuid, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # of which fact or version
    Column("settled_at", UtcDateTime, nullable=False),
    Index("settlements_of_subject", "subject"),
)

routed_disputes: Final = Table(
    "routed_disputes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("recognition_id", Uuid, nullable=False),
    Column("attestation_id", Uuid, nullable=False),
    Column("home", String(6), nullable=False),
    Column("ground", String(32), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("closed_at", UtcDateTime),
    Index("routed_disputes_of_recognition", "recognition_id"),
)
