"""The tables of settlements: where each stands, every step of it, and where it differs."""

from typing import Final

from sqlalchemy import Column, Index, Integer, String, Table, Uuid

from services.plumbing.database import UtcDateTime
from services.scenarios.adapters.tables import metadata, usage_lines

settlements: Final = Table(
    "settlements",
    metadata,
    Column("period", String(7), primary_key=True),
    Column("city", String(6), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("closed_digest", String(64), nullable=False),
    Column("their_digest", String(64)),
    Column("closed_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)

settlement_steps: Final = Table(
    "settlement_steps",
    metadata,
    Column("period", String(7), primary_key=True),
    Column("city", String(6), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", String(16), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("their_digest", String(64)),
    Column("at", UtcDateTime, nullable=False),
)

settlement_differences: Final = Table(
    "settlement_differences",
    metadata,
    Column("period", String(7), primary_key=True),
    Column("city", String(6), primary_key=True),
    Column("line_id", Uuid, primary_key=True),
    Column("host", String(6), primary_key=True),
    Column("field", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("here", String(120), nullable=False),
    Column("there", String(120), nullable=False),
)

Index("usage_lines_settled", usage_lines.c.home, usage_lines.c.host, usage_lines.c.settled_in)
Index("usage_lines_of_operator", usage_lines.c.operator_id, usage_lines.c.month)
