"""The tables of recognition.  Home's and host's lie side by side, as every city is both.

No column holds a raw score or a civil identifier.  Who a row is about is said only by `residents`
at home and `holders` at a host; without the row there nobody can tell (see adapters/subjects.py).
"""

from typing import Final

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
    text,
)

from services.plumbing.database import UtcDateTime
from services.plumbing.message_tables import message_tables

metadata: Final = MetaData()
messages: Final = message_tables(metadata)

# --- home ----------------------------------------------------------------------------------

residents: Final = Table(
    "residents",
    metadata,
    Column("resident", String(128), primary_key=True),
    Column("subject", Uuid, nullable=False, unique=True),
    Column("key", LargeBinary(32), nullable=False),
)

consents: Final = Table(
    "consents",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("subject", Uuid, nullable=False),
    Column("recipient", String(6), nullable=False),
    Column("purposes", JSON, nullable=False),
    Column("text_version", String(64), nullable=False),
    Column("given_at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Column("text_digest", String(64)),
    Column("impact_assessment", String(120)),
    Index("consents_of_subject", "subject", "recipient"),
)

status_lists: Final = Table(
    "status_lists",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("secret", LargeBinary(32), nullable=False),
    Column("taken", Integer, nullable=False),
)

issuances: Final = Table(
    "issuances",
    metadata,
    Column("attestation_id", Uuid, primary_key=True),
    Column("consent_id", Uuid, ForeignKey(consents.c.id), nullable=False),
    Column("subject", Uuid, nullable=False),
    Column("recipient", String(6), nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # tier, band, holder key and credential
    Column("status_list", Integer, ForeignKey(status_lists.c.number), nullable=False),
    Column("status_index", Integer, nullable=False),
    Column("issued_at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    Column("revoked_reason", String(64)),
    Column("suspended_at", UtcDateTime),
    Column("suspended_reason", String(64)),
    Column("resumed_at", UtcDateTime),
    Column("superseded_by", Uuid),
    Index("issuances_under_consent", "consent_id"),
    Index("issuances_of_subject", "subject", "recipient"),
    Index(
        "issuances_standing",
        "until",
        "attestation_id",
        sqlite_where=text("revoked_at IS NULL"),
        postgresql_where=text("revoked_at IS NULL"),
    ),
    Index("issuances_status", "status_list", "status_index", unique=True),
    # All that a status list is made of, so that making one reads nothing else.
    Index(
        "issuances_not_valid",
        "status_list",
        "status_index",
        "revoked_at",
        "suspended_at",
        "resumed_at",
        sqlite_where=text("revoked_at IS NOT NULL OR suspended_at IS NOT NULL"),
        postgresql_where=text("revoked_at IS NOT NULL OR suspended_at IS NOT NULL"),
    ),
)

past_suspensions: Final = Table(
    "past_suspensions",
    metadata,
    Column("status_list", Integer, ForeignKey(status_lists.c.number), primary_key=True),
    Column("status_index", Integer, primary_key=True),
    Column("suspended_at", UtcDateTime, primary_key=True),
    Column("suspended_reason", String(64), nullable=False),
    Column("resumed_at", UtcDateTime, nullable=False),
)

erasures: Final = Table(
    "erasures",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("subject", Uuid),  # leads to records of processing, and to nobody; null: none were kept
    Column("erased_at", UtcDateTime, nullable=False),
    Column("hosts", Integer, nullable=False),
    Column("converged_at", UtcDateTime),
    Index("erasures_erased", "erased_at"),
)

# --- host ----------------------------------------------------------------------------------

challenges: Final = Table(
    "challenges",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("nonce", String(64), nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Index("challenges_until", "until"),
)

holders: Final = Table(
    "holders",
    metadata,
    Column("sub", String(128), primary_key=True),  # as a home city names them to this one
    Column("holder", String(128), nullable=False),
    Column("known_at", UtcDateTime, nullable=False),
    Column("erased_at", UtcDateTime),  # by one home, while another stands by them
    Index("holders_by_name", "holder"),
)

erased_holders: Final = Table(
    "erased_holders",
    metadata,
    Column("holder", String(128), primary_key=True),  # leads to nobody
    Column("erased_at", UtcDateTime, nullable=False),
    Index("erased_holders_erased", "erased_at"),
)

recognitions: Final = Table(
    "recognitions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("attestation_id", Uuid, nullable=False),
    Column("holder", String(128), nullable=False),
    Column("home", String(6), nullable=False),
    Column("tier", Integer, nullable=False),
    Column("purposes", JSON, nullable=False),
    Column("presentation", String(64), nullable=False),
    Column("attestation", String(64), nullable=False),
    Column("kid", String(64), nullable=False),
    Column("crosswalk", Integer, nullable=False),
    Column("roster", Integer, nullable=False),
    Column("roster_as_of", UtcDateTime),  # null: decided before this was kept
    Column("status_as_of", UtcDateTime, nullable=False),
    Column("attested_at", UtcDateTime),  # null: from before it was kept
    Column("status_until", UtcDateTime),
    Column("recognised_at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("left_out", JSON),
    Column("suspended_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("ended_reason", String(64)),
    Column("holder_key", String(43)),  # null: recognised before it was kept
    Column("tiers", JSON),
    Column("overrides", JSON),
    Index("recognitions_on_attestation", "home", "attestation_id"),
    Index("recognitions_of_holder", "holder"),
    Index(
        "recognitions_standing",
        "home",
        "kid",
        "until",
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)

# One row for each attestation of another city that was presented, revoked or suspended here; its
# lock is what a recognition and a notice on the same attestation meet at.
foreign_attestations: Final = Table(
    "foreign_attestations",
    metadata,
    Column("home", String(6), primary_key=True),
    Column("attestation_id", Uuid, primary_key=True),
    Column("noted_at", UtcDateTime, nullable=False),
    Column("revoked_reason", String(64)),
    Column("revoked_at", UtcDateTime),
    Column("suspended_reason", String(64)),
    Column("standing_said_at", UtcDateTime),
    Index("foreign_attestations_noted", "noted_at"),
)

supersessions: Final = Table(
    "supersessions",
    metadata,
    Column("home", String(6), primary_key=True),
    Column("attestation_id", Uuid, primary_key=True),
    Column("by", Uuid, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("footing", JSON(none_as_null=True)),  # null: it could not be believed
    Index("supersessions_at", "at"),
)

# --- between cities ------------------------------------------------------------------------

effects: Final = Table(
    "effects",
    metadata,
    Column("notice_id", Uuid, primary_key=True),
    Column("recipient", String(6), nullable=False),
    Column("cause", Uuid, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("applied_at", UtcDateTime),
    Index("effects_of_cause", "cause"),
    Index("effects_asked", "asked_at"),
)

corrections: Final = Table(
    "corrections",
    metadata,
    Column("sender", String(6), primary_key=True),
    Column("notice_id", Uuid, primary_key=True),
    Column("recognition_id", Uuid, primary_key=True),
    Column("heard_at", UtcDateTime, nullable=False),
    Index("corrections_heard", "heard_at"),
)
