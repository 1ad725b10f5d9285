"""The tables of notices between cities; they share the schema of tables.py."""

from typing import Final

from sqlalchemy import JSON, BigInteger, Column, Index, String, Table, Uuid

from services.plumbing.database import UtcDateTime
from services.plumbing.message_tables import Serial
from services.recognition.adapters.tables import metadata

received_notices: Final = Table(
    "received_notices",
    metadata,
    Column("sender", String(6), primary_key=True),
    Column("notice_id", Uuid, primary_key=True),
    Column("received_at", UtcDateTime, nullable=False),
    Index("received_notices_received", "received_at"),
)

unsigned_notices: Final = Table(
    "unsigned_notices",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("recipient", String(6), nullable=False),
    Column("event", String(128), nullable=False),
    Column("body", JSON, nullable=False),
    Column("subject", String(120), nullable=False),
    Column("number", BigInteger, nullable=False),  # in the order of keeping
    Column("kept_at", UtcDateTime, nullable=False),
    Index("unsigned_notices_to", "recipient", "number"),
)

unreported_lines: Final = Table(
    "unreported_lines",
    metadata,
    Column("number", Serial, primary_key=True, autoincrement=True),  # in the order of keeping
    Column("line_id", Uuid, nullable=False, unique=True),
    Column("home", String(6), nullable=False),
    Column("body", JSON, nullable=False),
    Index("unreported_lines_of", "home", "number"),
)

distrusted_keys: Final = Table(
    "distrusted_keys",
    metadata,
    Column("home", String(6), primary_key=True),
    Column("kid", String(120), primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Column("noted_at", UtcDateTime, nullable=False),
    Column("notice_id", Uuid),  # that told of it; none of this city's own keys
)
