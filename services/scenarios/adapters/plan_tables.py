"""The tables of the plan's counters: what was heard, by the day or moment it is of."""

from typing import Final

from sqlalchemy import Boolean, Column, Index, Integer, String, Table

from services.plumbing.database import UtcDateTime
from services.scenarios.adapters.tables import metadata, usage_lines

plan_measures: Final = Table(
    "plan_measures",
    metadata,
    Column("incentive_id", String(64), primary_key=True),
    Column("since", UtcDateTime, primary_key=True),
    Column("scenario_id", String(64), nullable=False),
    Column("category", String(32), nullable=False),
    Column("district", String(6)),
    Column("until", UtcDateTime),
    Column("is_offered", Boolean, nullable=False),
)

plan_cities: Final = Table(
    "plan_cities",
    metadata,
    Column("city", String(6), primary_key=True),
    Column("changed_at", UtcDateTime, primary_key=True),
    Column("state", String(16), nullable=False),
)

plan_days: Final = Table(
    "plan_days",
    metadata,
    Column("counter", String(32), primary_key=True),
    Column("label", String(64), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("count", Integer, nullable=False),
)

Index(
    "usage_lines_of_fact",
    usage_lines.c.host,
    usage_lines.c.fact,
    usage_lines.c.at,
    usage_lines.c.incentive_id,
)
