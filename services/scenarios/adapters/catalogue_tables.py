"""The steps in the lives of incentives."""

from typing import Final

from sqlalchemy import Column, ForeignKey, Integer, String, Table

from services.plumbing.database import UtcDateTime
from services.scenarios.adapters.tables import incentives, metadata

incentive_moves: Final = Table(
    "incentive_moves",
    metadata,
    Column("incentive_id", String(64), ForeignKey(incentives.c.id), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("mover", String(16), nullable=False),
    Column("note", String(500), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
