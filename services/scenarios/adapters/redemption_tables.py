"""The tables of redemptions, and of how often one was refused."""

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Uuid

from services.plumbing.database import UtcDateTime
from services.scenarios.adapters.tables import grants, metadata

redemptions: Final = Table(
    "redemptions",
    metadata,
    Column("operator_id", String(64), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("grant_id", Uuid, ForeignKey(grants.c.id), nullable=False),
    Column("uses_left", Integer, nullable=False),
    Column("redeemed_at", UtcDateTime, nullable=False),
    Column("pass_id", String(16)),
    Column("asked_fen", BigInteger),
    Column("asked_minutes", Integer),
    Column("given_fen", BigInteger, nullable=False, server_default="0"),
    Column("charged_fen", BigInteger),
    Column("given_minutes", Integer),
    Column("charged_minutes", Integer),
    Column("waived_fen", BigInteger),
    Column("left_fen", BigInteger, nullable=False, server_default="0"),
    Column("reversible_until", UtcDateTime),
    Column("held_until", UtcDateTime),
    Column("reversal_id", Uuid),
    Column("reversed_at", UtcDateTime),
    Column("called_fen", BigInteger),
    Column("called_at", UtcDateTime),
    Index("redemptions_of_grant", "grant_id"),
    Index("redemptions_reversed", "operator_id", "reversal_id", unique=True),
)

refused_redemptions: Final = Table(
    "refused_redemptions",
    metadata,
    Column("operator_id", String(64), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("reason", String(32), primary_key=True),
    Column("count", Integer, nullable=False),
)
