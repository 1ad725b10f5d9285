"""The tables of batches; they share the schema of tables.py."""

from typing import Final

from sqlalchemy import Column, Index, Integer, String, Table, Uuid

from services.plumbing.database import UtcDateTime
from services.recognition.adapters.tables import metadata

batches: Final = Table(
    "batches",
    metadata,
    Column("sender", String(6), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("total", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("so_far", String(64), nullable=False),
    Column("received", Integer, nullable=False),
    Column("taken", Integer, nullable=False),
    Column("repeated", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Index("batches_opened", "opened_at"),
)

batch_lines: Final = Table(
    "batch_lines",
    metadata,
    Column("sender", String(6), primary_key=True),
    Column("batch_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("code", String(64), nullable=False),
    Column("recognition_id", Uuid),
    Column("taken_at", UtcDateTime, nullable=False),
    Index("batch_lines_taken", "taken_at"),
)
