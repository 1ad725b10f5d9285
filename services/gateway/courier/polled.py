"""Notices that their city fetches itself (RFC 8936): the same table, the same order.

A city that asks is alive, so what was given up starts over, to be fetched or pushed, whatever
comes first; the receiver drops what it has.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, and_, exists, select, update

from services.gateway.adapters.tables import deliveries
from services.gateway.courier import upkeep
from services.gateway.courier.counting import DELIVERIES
from services.gateway.courier.deliveries import (
    COLUMNS,
    ERROR_LENGTH,
    FORGOTTEN,
    UNDELIVERED,
    Delivery,
    Kind,
    State,
    is_first,
    of,
    read,
)

START_OVER: Final = 500  # of what was given up, at one poll


def acknowledge(engine: Engine, city: str, ids: Collection[UUID], *, now: datetime) -> None:
    """Note what a city has taken in; what is not its own, or settled already, does not matter."""
    arrived = {"state": State.DELIVERED, "delivered_at": now, "error": None, "body": FORGOTTEN}
    _settle(engine, city, ids, "polled", **arrived)


def refuse(engine: Engine, city: str, errors: Mapping[UUID, str]) -> None:
    """Park what a city says it will never take in, with its reason."""
    for name, error in errors.items():
        _settle(engine, city, [name], "parked", state=State.PARKED, error=error[:ERROR_LENGTH])


def hand_out(
    engine: Engine, city: str, *, limit: int, given_up_after: int, now: datetime
) -> tuple[list[Delivery], bool]:
    """Return notices that a city may take in now, and whether more come after them.

    Of each subject it is the oldest only: the next follows when that one is acknowledged.
    """
    destination = Kind.NOTICE, city
    upkeep.replay_given_up(engine, destination, after=given_up_after, now=now, limit=START_OVER)
    first = (
        select(*COLUMNS)
        .where(of(State.WAITING, destination), is_first())
        .order_by(deliveries.c.attempts, deliveries.c.created_at, deliveries.c.id)
    )
    found = read(engine, first.limit(limit + 1))
    handed = found[:limit]
    more = len(found) > limit or _are_behind(engine, city, handed)
    return handed, more


def _are_behind(engine: Engine, city: str, handed: Collection[Delivery]) -> bool:
    """Say whether others wait for one of these to arrive."""
    ids = [delivery.id for delivery in handed]
    subjects = {delivery.subject for delivery in handed if delivery.subject is not None}
    behind = exists().where(
        of(State.WAITING, (Kind.NOTICE, city)),
        deliveries.c.subject.in_(subjects),
        deliveries.c.id.not_in(ids),
    )
    with engine.connect() as connection:
        return bool(connection.scalar(select(behind)))


def _settle(engine: Engine, city: str, ids: Collection[UUID], outcome: str, **values: Any) -> None:
    which: ColumnElement[bool] = and_(
        deliveries.c.kind == Kind.NOTICE,
        deliveries.c.recipient == city,
        deliveries.c.id.in_(ids),
        deliveries.c.state.in_(UNDELIVERED),
    )
    with engine.begin() as connection:
        done = connection.execute(
            update(deliveries).where(which).values(claimed_until=None, **values)
        )
    DELIVERIES.labels(Kind.NOTICE, outcome).inc(done.rowcount)
