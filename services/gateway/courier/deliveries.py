"""What waits to be delivered, was, or was given up: the courier's own table.

A delivery is stored in the transaction of the event it tells of, and leaves its state only when
the other side has answered; so it is delivered at least once, under a stable id.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Engine, and_, func, insert, or_, select, update

from services.gateway.adapters.tables import deliveries

ERROR_LENGTH: Final = 200


class Kind(StrEnum):
    """Who a delivery is for."""

    NOTICE = "notice"  # a SET for a city
    WEBHOOK = "webhook"  # an event for an operator


class State(StrEnum):
    """A parked delivery waits for a person; replaying makes it wait for the courier again."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    PARKED = "parked"


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One body for one recipient."""

    id: UUID
    kind: Kind
    recipient: str
    body: str
    state: State
    attempts: int
    due_at: datetime
    error: str | None
    created_at: datetime
    delivered_at: datetime | None

    @property
    def destination(self) -> tuple[Kind, str]:
        """What fails and recovers together."""
        return self.kind, self.recipient


_COLUMNS: Final = [deliveries.c[name] for name in Delivery.__dataclass_fields__]


def store(
    connection: Connection, *, id: UUID, kind: Kind, recipient: str, body: str, now: datetime
) -> None:
    """Let a body wait for delivery.  Safe to repeat: the id stands for one delivery."""
    if connection.scalar(select(deliveries.c.id).where(deliveries.c.id == id)) is not None:
        return
    row = {
        "id": id,
        "kind": kind,
        "recipient": recipient,
        "body": body,
        "state": State.WAITING,
        "attempts": 0,
        "due_at": now,
        "created_at": now,
    }
    connection.execute(insert(deliveries).values(row))


def due(engine: Engine, *, now: datetime, limit: int) -> list[Delivery]:
    """Return what is due and nobody is sending, longest waiting first."""
    query = (
        select(*_COLUMNS)
        .where(deliveries.c.state == State.WAITING, deliveries.c.due_at <= now, _unclaimed(now))
        .order_by(deliveries.c.due_at, deliveries.c.created_at)
        .limit(limit)
    )
    return _read(engine, query)


def claim(engine: Engine, delivery: Delivery, *, now: datetime, lease: timedelta) -> bool:
    """Take a delivery for sending; whoever dies while sending loses it when the lease is over."""
    free = and_(
        deliveries.c.id == delivery.id, deliveries.c.state == State.WAITING, _unclaimed(now)
    )
    with engine.begin() as connection:
        taken = connection.execute(update(deliveries).where(free).values(claimed_until=now + lease))
    return taken.rowcount == 1


def delivered(engine: Engine, delivery: Delivery, *, now: datetime) -> None:
    """Note that the other side has it."""
    _settle(engine, delivery, state=State.DELIVERED, delivered_at=now, error=None)


def failed(engine: Engine, delivery: Delivery, *, error: str, due_at: datetime) -> None:
    """Try again at `due_at`."""
    _settle(engine, delivery, due_at=due_at, error=error[:ERROR_LENGTH])


def parked(engine: Engine, delivery: Delivery, *, error: str) -> None:
    """Give up until somebody replays it."""
    _settle(engine, delivery, state=State.PARKED, error=error[:ERROR_LENGTH])


def listed(engine: Engine, state: State | None = None, *, limit: int = 100) -> list[Delivery]:
    """Return the newest deliveries, of one state or all."""
    query = select(*_COLUMNS).order_by(deliveries.c.created_at.desc()).limit(limit)
    return _read(engine, query if state is None else query.where(deliveries.c.state == state))


def counted(engine: Engine) -> dict[State, int]:
    """Count deliveries by state."""
    query = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
    with engine.connect() as connection:
        found = {State(state): number for state, number in connection.execute(query)}
    return {state: found.get(state, 0) for state in State}


def replay(engine: Engine, id: UUID, *, now: datetime) -> bool:
    """Let a parked delivery start over; say whether there was one of that id."""
    that = and_(deliveries.c.id == id, deliveries.c.state == State.PARKED)
    again = {"state": State.WAITING, "attempts": 0, "due_at": now, "claimed_until": None}
    with engine.begin() as connection:
        return connection.execute(update(deliveries).where(that).values(again)).rowcount == 1


def _unclaimed(now: datetime) -> Any:
    return or_(deliveries.c.claimed_until.is_(None), deliveries.c.claimed_until <= now)


def _settle(engine: Engine, delivery: Delivery, **values: Any) -> None:
    values |= {"attempts": delivery.attempts + 1, "claimed_until": None}
    with engine.begin() as connection:
        connection.execute(update(deliveries).where(deliveries.c.id == delivery.id).values(values))


def _read(engine: Engine, query: Any) -> list[Delivery]:
    with engine.connect() as connection:
        rows = connection.execute(query).mappings().all()
    return [
        Delivery(**{**row, "kind": Kind(row["kind"]), "state": State(row["state"])}) for row in rows
    ]
