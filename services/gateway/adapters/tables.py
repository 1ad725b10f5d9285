"""The gateway's tables: what it knows of others' facts, and what it has still to deliver."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    false,
)

from services.plumbing.database import UtcDateTime
from services.plumbing.message_tables import message_tables

metadata: Final = MetaData()
messages: Final = message_tables(metadata)

# --- eligibility: the read side ------------------------------------------------------------

holders: Final = Table(
    "holders",
    metadata,
    Column("holder", String(128), primary_key=True),
    # Null until a recognition was heard of; moments are microseconds since 1970, because the hot
    # path reads this row without SQLAlchemy.
    Column("recognition_id", Uuid),
    Column("home", String(6)),
    Column("tier", Integer),
    Column("purposes", Text),  # JSON list
    Column("recognised_us", BigInteger),
    Column("until_us", BigInteger),
    Column("ended", Boolean, nullable=False),
    Column("usage", Text, nullable=False),  # JSON: incentive → [period, count]
    Column("tiers", Text, nullable=False, server_default="{}"),  # JSON: category → tier
    Column("suspended", Boolean, nullable=False, server_default=false()),
    Column("attested_us", BigInteger),  # null: when it was recognised counts
    Column("held", Text, nullable=False, server_default="{}"),  # JSON, of eligibility/held.py
)

held_grants: Final = Table(  # also ended ones, as far as they may be open again
    "held_grants",
    metadata,
    Column("grant_id", Uuid, primary_key=True),
    Column("holder", String(128)),  # null, like the next ones, until it was heard of
    Column("incentive_id", String(64)),
    Column("excludes", Text),  # JSON list
    Column("until_us", BigInteger),
    Column("is_open", Boolean, nullable=False),
    Column("said_us", BigInteger, nullable=False),  # when the newest word was said
    Index("held_grants_of_holder", "holder"),
)

corrections: Final = Table(  # what became of recognitions; also of one not heard of yet
    "corrections",
    metadata,
    Column("recognition_id", Uuid, primary_key=True),
    Column("revised_at", UtcDateTime),
    Column("tier", Integer),
    Column("tiers", Text),  # JSON: category → tier
    Column("purposes", Text),  # JSON list
    Column("until_us", BigInteger),
    Column("suspended", Boolean, nullable=False),
    Column("suspension_at", UtcDateTime),  # when it was suspended, or stood again
    Column("noted_at", UtcDateTime, nullable=False, index=True),
    Column("attested_us", BigInteger),
)

heard_reservations: Final = Table(  # so that who made one can ask for an answer that counts it
    "heard_reservations",
    metadata,
    Column("reservation_id", Uuid, primary_key=True),
    Column("reserved_at", UtcDateTime, nullable=False, index=True),
)

erased_holders: Final = Table(
    "erased_holders",
    metadata,
    Column("holder", String(128), primary_key=True),  # leads to nobody
    Column("erased_at", UtcDateTime, nullable=False, index=True),
)

endings: Final = Table(  # recognitions that ended; an ending may be heard before its beginning
    "endings",
    metadata,
    Column("recognition_id", Uuid, primary_key=True),
    Column("ended_at", UtcDateTime, nullable=False, index=True),
)

incentives: Final = Table(
    "incentives",
    metadata,
    Column("incentive_id", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("terms", Text, nullable=False),  # the body of IncentivePublished
    Column("coming", Text),  # the same of a version that is not in force when `terms` are
)

quota_counts: Final = Table(  # what counts against quotas; of all time everywhere: and the budget
    "quota_counts",
    metadata,
    Column("incentive_id", String(64), primary_key=True),
    Column("district", String(6), primary_key=True),  # empty: everywhere
    Column("period", String(10), primary_key=True),
    Column("number", BigInteger, nullable=False),  # of the newest word
    Column("units", BigInteger, nullable=False),
    Column("fen", BigInteger, nullable=False),
    Index("quota_counts_period", "period"),
)

stopped_incentives: Final = Table(  # also of one not heard of yet
    "stopped_incentives",
    metadata,
    Column("incentive_id", String(64), primary_key=True),
    Column("move", Integer, nullable=False),  # the newest step heard of
    Column("stopped", Boolean, nullable=False),  # paused or withdrawn
)

catalogue: Final = Table(  # one row; the version grows when an answer may change for everyone
    "catalogue",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version", BigInteger, nullable=False),
)

# --- courier -------------------------------------------------------------------------------

roster: Final = Table(
    "roster",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("valid_until", UtcDateTime, nullable=False),
    Column("grace_until", UtcDateTime),  # null: nobody said, so it has no end here
)

cities: Final = Table(
    "cities",
    metadata,
    Column("code", String(6), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("name_en", String(120), nullable=False),
    Column("url", String(512), nullable=False),
    Column("state", String(16), nullable=False),
)

city_keys: Final = Table(
    "city_keys",
    metadata,
    Column("kid", String(128), primary_key=True),  # RFC 7638 thumbprint
    Column("city", String(6), nullable=False),
    Column("use", String(16), nullable=False),  # attestation or transport
    Column("jwk", Text, nullable=False),
    Column("use_from", UtcDateTime, nullable=False),
    Column("use_until", UtcDateTime, nullable=False),
)

memberships: Final = Table(  # each change of a city's state, as it was announced
    "memberships",
    metadata,
    Column("city", String(6), primary_key=True),
    Column("roster", Integer, primary_key=True, autoincrement=False),
    Column("name", String(120), nullable=False),
    Column("name_en", String(120), nullable=False),
    Column("state", String(16), nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)

deliveries: Final = Table(
    "deliveries",
    metadata,
    Column("id", Uuid, primary_key=True),  # stable: the receiver drops what it has
    Column("kind", String(16), nullable=False),  # notice or webhook
    Column("recipient", String(64), nullable=False),  # a city or an operator
    Column("subject", String(120)),  # null: in no order
    Column("number", BigInteger, nullable=False),  # its place among those of its subject
    Column("body", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("claimed_until", UtcDateTime),  # somebody is sending it
    Column("error", String(200)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("delivered_at", UtcDateTime),
    Column("skipped_at", UtcDateTime),  # somebody decided that it need not arrive
    Column("gone_at", UtcDateTime),  # its city had left the alliance for long
    Index("deliveries_due", "state", "kind", "recipient", "due_at"),
    Index("deliveries_created", "created_at"),
    Index("deliveries_delivered", "delivered_at"),
    Index("deliveries_skipped", "skipped_at"),
    Index("deliveries_gone", "gone_at"),
    Index("deliveries_in_order", "kind", "recipient", "subject", "number"),
)

# --- who may call --------------------------------------------------------------------------

webhooks: Final = Table(
    "webhooks",
    metadata,
    Column("operator_id", String(64), primary_key=True),
    Column("url", String(512), nullable=False),
    Column("secret", String(64), nullable=False),  # it signs, so a hash would not do
    Column("old_secret", String(64)),  # signs as well, until `old_until`
    Column("old_until", UtcDateTime),
    Column("rotation_id", Uuid),  # of the present secret, which the operator asked for
    Column("disabled_at", UtcDateTime),  # since when deliveries rest
    Column("disabled_reason", String(200)),
)

nonces: Final = Table(
    "nonces",
    metadata,
    Column("city", String(6), primary_key=True),
    Column("nonce", String(128), primary_key=True),
    Column("until", UtcDateTime, nullable=False, index=True),
)

# --- what was asked ------------------------------------------------------------------------

idempotency_keys: Final = Table(
    "idempotency_keys",
    metadata,
    Column("id", String(64), primary_key=True),  # of caller and key, by a secret: names neither
    Column("target", String(64), nullable=False),  # of method, path and query, likewise
    Column("body", String(64), nullable=False),
    Column("until", UtcDateTime, nullable=False, index=True),
    Column("claimed_until", UtcDateTime),  # somebody is doing it; only where answers are kept
    Column("answer", Text),
)
