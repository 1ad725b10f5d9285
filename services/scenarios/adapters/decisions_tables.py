"""The tables of decisions on record."""

from typing import Final

from sqlalchemy import Column, Index, Integer, String, Table, Text, Uuid

from services.plumbing.database import UtcDateTime
from services.scenarios.adapters.tables import metadata

# An empty `holder`: the decision is about no holder.
decisions: Final = Table(
    "decisions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("holder", String(128), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("rule_id", String(64), nullable=False),
    Column("document", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Index("decisions_of_holder", "holder", "decided_at"),
    Index("decisions_by_age", "outcome", "decided_at"),
)

# Names that lead to nobody any more; kept until nothing late can come in about them.
erased_holders: Final = Table(
    "erased_holders",
    metadata,
    Column("holder", String(128), primary_key=True),
    Column("erased_at", UtcDateTime, nullable=False),
)
