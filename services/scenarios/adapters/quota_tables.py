"""The table of reservations."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Uuid,
    text,
)

from services.plumbing.database import UtcDateTime
from services.scenarios.adapters.tables import incentives, metadata, recognitions

reservations: Final = Table(
    "reservations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("holder", String(128), nullable=False),
    Column("incentive_id", String(64), ForeignKey(incentives.c.id), nullable=False),
    Column("incentive_version", Integer, nullable=False),
    Column("scenario_id", String(64), nullable=False),
    Column("operator_id", String(64), nullable=False),
    Column("district", String(6)),
    Column("recognition_id", Uuid, ForeignKey(recognitions.c.id), nullable=False),
    Column("value_fen", BigInteger, nullable=False),
    Column("reserved_at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("ended_at", UtcDateTime),
    CheckConstraint("value_fen >= 0", name="reservations_value"),
    Index(
        "reservations_held",
        "incentive_id",
        "reserved_at",
        postgresql_where=text("state = 'held'"),
        sqlite_where=text("state = 'held'"),
    ),
    Index(
        "reservations_held_until",
        "until",
        postgresql_where=text("state = 'held'"),
        sqlite_where=text("state = 'held'"),
    ),
)
