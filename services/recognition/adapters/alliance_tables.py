"""The tables of what a node keeps of the alliance: documents it went by, and memberships."""

from typing import Final

from sqlalchemy import Column, Integer, String, Table, Text

from services.plumbing.database import UtcDateTime
from services.recognition.adapters.tables import metadata

adopted_rosters: Final = Table(
    "adopted_rosters",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
    Column("adopted_at", UtcDateTime, nullable=False),
    Column("document", Text),  # null: adopted before documents were kept
)

adopted_pseudonym_keys: Final = Table(
    "adopted_pseudonym_keys",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
    Column("adopted_at", UtcDateTime, nullable=False),
    Column("document", Text),
)

memberships: Final = Table(
    "memberships",
    metadata,
    Column("city", String(6), primary_key=True),
    Column("roster", Integer, primary_key=True, autoincrement=False),
    Column("name", String(120), nullable=False),
    Column("name_en", String(120), nullable=False),
    Column("former", String(16)),
    Column("state", String(16), nullable=False),
    Column("reason", String(120), nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)
