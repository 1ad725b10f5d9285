"""The tables of what was consented to, at home, and of withdrawals, at a host."""

from typing import Final

from sqlalchemy import Column, Index, String, Table, Text

from services.plumbing.database import UtcDateTime
from services.recognition.adapters.tables import metadata

# A text somebody consented to, to the letter; nothing in it is about them.  It names the end of the
# consent, and so nobody consents to it after `until`.
consent_texts: Final = Table(
    "consent_texts",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("version", String(64), nullable=False),
    Column("zh", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Index("consent_texts_until", "until"),
)

# One row for each holder, by a digest of the name home gave them, who was recognised here or
# withdrew consent at home: the lock that a recognition and a withdrawal meet at.
withdrawals: Final = Table(
    "withdrawals",
    metadata,
    Column("home", String(6), primary_key=True),
    Column("subject_digest", String(64), primary_key=True),
    Column("noted_at", UtcDateTime, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Index("withdrawals_noted", "noted_at"),
)
