"""What waits to be delivered, was, or was given up: the courier's own table.

A delivery is stored in the transaction of the event it tells of, and leaves its state only when
the other side has answered; so it is delivered at least once, under a stable id.

Deliveries of one subject to one destination go out in the order of their intake: the next one only
when the one before has arrived, or a person decided to skip it (ADR 0022).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    and_,
    exists,
    func,
    insert,
    not_,
    or_,
    select,
    tuple_,
    update,
)

from contracts.words import DeliveryState
from services.gateway.adapters.tables import deliveries
from services.plumbing.database import at_once

ERROR_LENGTH: Final = 200


class Kind(StrEnum):
    """Who a delivery is for."""

    NOTICE = "notice"  # a SET for a city
    WEBHOOK = "webhook"  # an event for an operator


State = DeliveryState

FORGOTTEN: Final = ""
"""The body of a notice that is settled: notices may carry how a city knows a person."""

UNDELIVERED: Final = (State.WAITING, State.PARKED)


Destination = tuple[Kind, str]
"""What fails and recovers together: a kind and a recipient."""


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One body for one recipient."""

    id: UUID
    kind: Kind
    recipient: str
    subject: str | None
    body: str
    state: State
    attempts: int
    due_at: datetime
    error: str | None
    created_at: datetime
    delivered_at: datetime | None


COLUMNS: Final = [deliveries.c[name] for name in Delivery.__dataclass_fields__]


def store(
    connection: Connection,
    *,
    id: UUID,
    kind: Kind,
    recipient: str,
    body: str,
    now: datetime,
    subject: str | None = None,
) -> None:
    """Let a body wait for delivery, behind those of its subject.

    Safe to repeat: the id stands for one delivery.
    """
    row = {
        "id": id,
        "kind": kind,
        "recipient": recipient,
        "subject": subject,
        "body": body,
        "state": State.WAITING,
        "attempts": 0,
        "due_at": now,
        "created_at": now,
    }
    if connection.scalar(select(deliveries.c.id).where(deliveries.c.id == id)) is not None:
        return
    number = 0 if subject is None else _next_number(kind, recipient, subject)
    connection.execute(insert(deliveries).values(number=number, **row))


def _next_number(kind: Kind, recipient: str, subject: str) -> ColumnElement[int]:
    same = and_(
        deliveries.c.kind == kind,
        deliveries.c.recipient == recipient,
        deliveries.c.subject == subject,
    )
    last = select(func.max(deliveries.c.number)).where(same).scalar_subquery()
    return func.coalesce(last, 0) + 1


def waited_for(engine: Engine) -> list[Destination]:
    """Return every destination with something waiting, however much that is.

    The index is asked for the next destination after each, so that a long backlog costs nothing.
    """
    with at_once(engine) as connection:
        return list(_destinations(connection))


def _destinations(connection: Connection) -> Iterator[Destination]:
    key = deliveries.c.kind, deliveries.c.recipient
    waiting = select(*key).where(deliveries.c.state == State.WAITING).order_by(*key).limit(1)
    row = connection.execute(waiting).one_or_none()
    while row is not None:
        yield Kind(row.kind), row.recipient
        row = connection.execute(waiting.where(tuple_(*key) > tuple_(*row))).one_or_none()


def due(engine: Engine, destination: Destination, *, now: datetime, limit: int) -> list[Delivery]:
    """Return what is due to a destination and nobody is sending, longest waiting first."""
    query = (
        select(*COLUMNS)
        .where(
            of(State.WAITING, destination),
            deliveries.c.due_at <= now,
            unclaimed(now),
            is_first(),
        )
        .order_by(deliveries.c.due_at, deliveries.c.created_at)
        .limit(limit)
    )
    return read(engine, query)


def claim(engine: Engine, delivery: Delivery, *, now: datetime, lease: timedelta) -> bool:
    """Take a delivery for sending; whoever dies while sending loses it when the lease is over."""
    free = and_(deliveries.c.id == delivery.id, deliveries.c.state == State.WAITING, unclaimed(now))
    with at_once(engine) as connection:
        taken = connection.execute(update(deliveries).where(free).values(claimed_until=now + lease))
    return taken.rowcount == 1


def delivered(engine: Engine, delivery: Delivery, *, now: datetime) -> None:
    """Note that the other side has it; what a notice says is not kept here any longer."""
    said = {"body": FORGOTTEN} if delivery.kind is Kind.NOTICE else {}
    _settle(engine, delivery, state=State.DELIVERED, delivered_at=now, error=None, **said)


def failed(engine: Engine, delivery: Delivery, *, error: str, due_at: datetime) -> None:
    """Try again at `due_at`."""
    _settle(engine, delivery, due_at=due_at, error=error[:ERROR_LENGTH])


def parked(engine: Engine, delivery: Delivery, *, error: str) -> None:
    """Give up until somebody replays it."""
    _settle(engine, delivery, state=State.PARKED, error=error[:ERROR_LENGTH])


def unclaimed(now: datetime) -> ColumnElement[bool]:
    """Say which deliveries nobody is sending."""
    return or_(deliveries.c.claimed_until.is_(None), deliveries.c.claimed_until <= now)


def _settle(engine: Engine, delivery: Delivery, **values: Any) -> None:
    values |= {"attempts": delivery.attempts + 1, "claimed_until": None}
    waiting = and_(deliveries.c.id == delivery.id, deliveries.c.state == State.WAITING)
    with at_once(engine) as connection:  # unless the recipient fetched it meanwhile
        connection.execute(update(deliveries).where(waiting).values(values))


def has_arrived(engine: Engine, destination: Destination, *, since: datetime) -> bool:
    """Say whether anything arrived at a destination since then."""
    lately = and_(of(State.DELIVERED, destination), deliveries.c.delivered_at >= since)
    with at_once(engine) as connection:
        return connection.scalar(select(exists().where(lately))) or False


def is_first() -> ColumnElement[bool]:
    """Say which deliveries no earlier one of their subject holds back."""
    earlier = deliveries.alias()
    return not_(
        exists().where(
            earlier.c.kind == deliveries.c.kind,
            earlier.c.recipient == deliveries.c.recipient,
            earlier.c.subject == deliveries.c.subject,
            earlier.c.number < deliveries.c.number,
            earlier.c.state.in_(UNDELIVERED),
        )
    )


def of(state: State, destination: Destination) -> ColumnElement[bool]:
    """Say which deliveries are of a state and go to a destination."""
    kind, recipient = destination
    return and_(
        deliveries.c.state == state,
        deliveries.c.kind == kind,
        deliveries.c.recipient == recipient,
    )


def read(engine: Engine, query: Any) -> list[Delivery]:
    """Run a query of `COLUMNS`."""
    with at_once(engine) as connection:
        rows = connection.execute(query).mappings().all()
    return [
        Delivery(**{**row, "kind": Kind(row["kind"]), "state": State(row["state"])}) for row in rows
    ]
