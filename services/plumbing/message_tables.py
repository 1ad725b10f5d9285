"""The three tables through which a service's messages pass, the same in every database.

outbox: announced and not yet confirmed by the broker.  inbox: handled.  parked: failed, waiting
for another attempt or for an operator.
"""

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from services.plumbing.database import UtcDateTime

Serial = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up INTEGER keys only


@dataclass(frozen=True)
class MessageTables:
    """The message tables of one service."""

    outbox: Table
    inbox: Table
    parked: Table


def message_tables(metadata: MetaData) -> MessageTables:
    """Declare the message tables in a service's metadata."""
    outbox = Table(
        "outbox",
        metadata,
        Column("id", Serial, primary_key=True, autoincrement=True),
        Column("message_id", Uuid, nullable=False, unique=True),
        Column("name", String(128), nullable=False),
        Column("envelope", Text, nullable=False),  # JSON, as it goes on the bus
        Column("attempts", Integer, nullable=False, default=0),  # that the broker turned down
        Column("next_at", UtcDateTime),  # not before; null: at once
        sqlite_autoincrement=True,
    )
    inbox = Table(
        "inbox",
        metadata,
        Column("consumer", String(128), primary_key=True),
        Column("message_id", Uuid, primary_key=True),
        Column("handled_at", UtcDateTime, nullable=False, index=True),
    )
    parked = Table(
        "parked",
        metadata,
        Column("id", Serial, primary_key=True, autoincrement=True),
        Column("consumer", String(128), nullable=False),
        Column("key", String(64), nullable=False),  # the message's id, or a digest without one
        Column("name", String(128)),
        Column("body", Text, nullable=False),
        Column("encoding", String(8), nullable=False),  # of the body: utf-8 or base64
        Column("content_type", String(128)),
        Column("attempts", Integer, nullable=False),
        Column("error", Text, nullable=False),  # `Class: text`
        Column("parked_at", UtcDateTime, nullable=False),
        Column("due_at", UtcDateTime, index=True),  # null: waits for an operator
        UniqueConstraint("consumer", "key"),
        sqlite_autoincrement=True,
    )
    return MessageTables(outbox, inbox, parked)


MESSAGES = message_tables(MetaData())
"""For the plumbing's own statements; they read the same in every service's database."""
