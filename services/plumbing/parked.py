"""Messages that failed: kept in the service's own database until handled or replayed by hand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Row, delete, func, select, update

from contracts.errors import NotFound
from services.plumbing.database import at_once
from services.plumbing.delivery import Delivery
from services.plumbing.message_tables import MessageTables
from services.plumbing.rows import insertion

LEASE = timedelta(seconds=60)  # how long an attempt may take before another process may try


@dataclass(frozen=True)
class ParkedMessage:
    """A message that failed; without `due_at` it waits for an operator."""

    id: int
    consumer: str
    key: str
    delivery: Delivery
    attempts: int
    error: str
    parked_at: datetime
    due_at: datetime | None


def park(
    engine: Engine,
    tables: MessageTables,
    delivery: Delivery,
    *,
    consumer: str,
    key: str,
    attempts: int,
    error: str,
    now: datetime,
    due_at: datetime | None,
) -> None:
    """Store a failed message.  Safe to repeat: the newest failure of a message stands."""
    outcome = {"attempts": attempts, "error": error, "due_at": due_at}
    row = {
        "consumer": consumer,
        "key": key,
        "name": delivery.name,
        "body": delivery.body,
        "encoding": delivery.encoding,
        "content_type": delivery.content_type,
        "parked_at": now,
    }
    statement = insertion(engine.dialect.name, tables.parked).values(row | outcome)
    with engine.begin() as connection:
        connection.execute(
            statement.on_conflict_do_update(index_elements=["consumer", "key"], set_=outcome)
        )


def claim_due(
    engine: Engine, tables: MessageTables, consumer: str, now: datetime
) -> ParkedMessage | None:
    """Take the message that is due longest for another attempt, so that nobody else tries it."""
    table = tables.parked
    due = (
        select(table)
        .where(table.c.consumer == consumer, table.c.due_at <= now)
        .order_by(table.c.due_at, table.c.id)
        .limit(1)
    )
    with at_once(engine) as connection:
        row = connection.execute(due).one_or_none()
        if row is None:
            return None
        claimed = connection.execute(
            update(table)
            .where(table.c.id == row.id, table.c.due_at == row.due_at)
            .values(attempts=row.attempts + 1, due_at=now + LEASE)
        )
        return _parked(row) if claimed.rowcount else None


def postpone(
    engine: Engine, tables: MessageTables, id: int, error: str, due_at: datetime | None
) -> None:
    """Record another failure, and when to try next, if ever."""
    table = tables.parked
    with engine.begin() as connection:
        connection.execute(update(table).where(table.c.id == id).values(error=error, due_at=due_at))


def discard(engine: Engine, tables: MessageTables, id: int) -> None:
    """Forget a message that was handled after all."""
    with engine.begin() as connection:
        connection.execute(delete(tables.parked).where(tables.parked.c.id == id))


def count_parked(engine: Engine, tables: MessageTables, consumer: str) -> int:
    """Count the messages of a consumer that wait for an operator."""
    table = tables.parked
    waiting = select(func.count()).where(table.c.consumer == consumer, table.c.due_at.is_(None))
    with engine.begin() as connection:
        return connection.execute(waiting).scalar_one()


def list_parked(
    engine: Engine, tables: MessageTables, limit: int = 100, after: int = 0
) -> list[ParkedMessage]:
    """List failed messages by id, those that wait for their next attempt too."""
    table = tables.parked
    statement = select(table).where(table.c.id > after).order_by(table.c.id).limit(limit)
    with engine.begin() as connection:
        return [_parked(row) for row in connection.execute(statement)]


def show(engine: Engine, tables: MessageTables, id: int) -> ParkedMessage:
    """Return one failed message; raise NotFound."""
    with engine.begin() as connection:
        row = connection.execute(
            select(tables.parked).where(tables.parked.c.id == id)
        ).one_or_none()
    if row is None:
        raise NotFound("not_found", f"no parked message {id}")
    return _parked(row)


def replay(engine: Engine, tables: MessageTables, ids: Iterable[int], now: datetime) -> int:
    """Let the service try these again at once, with all their retries; return how many."""
    table = tables.parked
    with engine.begin() as connection:
        replayed = connection.execute(
            update(table).where(table.c.id.in_(list(ids))).values(due_at=now, attempts=0)
        )
        return replayed.rowcount


def _parked(row: Row[Any]) -> ParkedMessage:
    return ParkedMessage(
        id=row.id,
        consumer=row.consumer,
        key=row.key,
        delivery=Delivery(row.body, row.encoding, row.content_type, row.name),
        attempts=row.attempts,
        error=row.error,
        parked_at=row.parked_at,
        due_at=row.due_at,
    )
