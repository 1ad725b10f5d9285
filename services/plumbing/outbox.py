"""The outbox as its relay sees it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, bindparam, delete, func, or_, select, update

from services.plumbing.database import at_once
from services.plumbing.message_tables import MESSAGES

LONGEST_WAIT = timedelta(seconds=60)  # for a row that the broker turned down

_table = MESSAGES.outbox

_WAITING = (
    select(*(_table.c[name] for name in ("id", "message_id", "name", "envelope", "attempts")))
    .where(or_(_table.c.next_at.is_(None), _table.c.next_at <= bindparam("now")))
    .where(_table.c.id.not_in(bindparam("known", expanding=True)))
    .order_by(_table.c.id)
    .limit(bindparam("most"))
)
_DELETION = delete(_table).where(_table.c.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True)
class OutboxRow:
    """An announcement that waits to be confirmed."""

    id: int
    message_id: UUID
    name: str
    envelope: str
    attempts: int


def waiting(
    engine: Engine, now: datetime, limit: int, in_flight: Collection[int]
) -> list[OutboxRow]:
    """Read the next rows to publish, oldest first.

    Rows become visible when they are committed, not in the order of their ids: so all that are not
    in flight count, not only those behind the last one.
    """
    asked = {"now": now, "known": list(in_flight), "most": limit}
    with at_once(engine) as connection:
        return [OutboxRow(*row) for row in connection.execute(_WAITING, asked)]


def settle(
    engine: Engine, now: datetime, confirmed: Sequence[OutboxRow], declined: Sequence[OutboxRow]
) -> None:
    """Delete what the broker confirmed; try what it turned down later, ever less often."""
    with at_once(engine) as connection:  # rows have nothing to do with each other
        if confirmed:
            connection.execute(_DELETION, {"ids": [row.id for row in confirmed]})
        for row in declined:
            wait = min(timedelta(seconds=2 ** min(row.attempts, 10)), LONGEST_WAIT)
            later = {"attempts": row.attempts + 1, "next_at": now + wait}
            connection.execute(update(_table).where(_table.c.id == row.id).values(later))


def count_waiting(engine: Engine) -> int:
    """Count the rows that the broker has not confirmed."""
    with at_once(engine) as connection:
        return connection.execute(select(func.count()).select_from(_table)).scalar_one()
