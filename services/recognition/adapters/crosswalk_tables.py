"""The tables of signed crosswalks, beside those of tables.py."""

from typing import Final

from sqlalchemy import Column, Index, Integer, String, Table, Text

from services.plumbing.database import UtcDateTime
from services.recognition.adapters.tables import metadata

# What every party signed, kept for ever: a decision is replayed by the versions of its day.
crosswalks: Final = Table(
    "crosswalks",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("countersigned_at", UtcDateTime, nullable=False),  # known here as signed by all
    Column("effective_from", UtcDateTime, nullable=False),
    Column("effective_until", UtcDateTime),
)

# What other cities say they have, until it was fetched from them.
crosswalk_offers: Final = Table(
    "crosswalk_offers",
    metadata,
    Column("sender", String(6), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
    Column("offered_at", UtcDateTime, nullable=False),
    Index("crosswalk_offers_offered", "offered_at"),
)
