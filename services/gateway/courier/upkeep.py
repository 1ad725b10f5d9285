"""What people and time do to deliveries: list, count, replay, skip, forget."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, and_, func, or_, select, true, update

from services.gateway.adapters.tables import deliveries
from services.gateway.courier.deliveries import (
    COLUMNS,
    FORGOTTEN,
    UNDELIVERED,
    Delivery,
    Destination,
    Kind,
    State,
    of,
    read,
)
from services.plumbing.rows import delete_some

KEPT: Final = timedelta(days=30)  # of what was settled, to look into a complaint
AT_A_TIME: Final = 500  # so that nobody waits long for a lock
UNREAD_AGAIN: Final = timedelta(hours=6)  # after which a city may have been upgraded
TAKEN_FOR: Final = timedelta(days=62)  # after which every city refuses a notice as too old


def listed(engine: Engine, state: State | None = None, *, limit: int = 100) -> list[Delivery]:
    """Return the newest deliveries, of one state or all."""
    query = select(*COLUMNS).order_by(deliveries.c.created_at.desc()).limit(limit)
    return read(engine, query if state is None else query.where(deliveries.c.state == state))


def counted(engine: Engine) -> dict[State, int]:
    """Count deliveries by state."""
    query = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
    with engine.connect() as connection:
        found = {State(state): number for state, number in connection.execute(query)}
    return {state: found.get(state, 0) for state in State}


def replay(engine: Engine, id: UUID, *, now: datetime) -> bool:
    """Let a parked or gone delivery start over; say whether there was one of that id."""
    return _start_over(engine, deliveries.c.id == id, also_gone=True, now=now) == 1


def replay_all(engine: Engine, recipient: str | None = None, *, now: datetime) -> int:
    """Let all parked deliveries start over, or one recipient's, gone ones too; return how many."""
    if recipient is None:
        return _start_over(engine, true(), now=now)
    return _start_over(engine, deliveries.c.recipient == recipient, also_gone=True, now=now)


def skip(engine: Engine, id: UUID, *, now: datetime) -> bool:
    """Give a delivery up for good, so that it holds back nothing; say whether there was one."""
    return _skip(engine, deliveries.c.id == id, now=now) == 1


def held_back(engine: Engine) -> dict[UUID, int]:
    """Count, for each parked delivery, the later ones of its subject that wait for it."""
    later = deliveries.alias()
    query = (
        select(deliveries.c.id, func.count().label("number"))
        .join(
            later,
            and_(
                later.c.kind == deliveries.c.kind,
                later.c.recipient == deliveries.c.recipient,
                later.c.subject == deliveries.c.subject,
                later.c.number > deliveries.c.number,
                later.c.state.in_(UNDELIVERED),
            ),
        )
        .where(deliveries.c.state == State.PARKED)
        .group_by(deliveries.c.id)
    )
    with engine.connect() as connection:
        return {row.id: row.number for row in connection.execute(query)}


def replay_given_up(
    engine: Engine, destination: Destination, *, after: int, now: datetime, limit: int
) -> int:
    """Let some that were given up after so many attempts start over; return how many.

    What was parked earlier, because it could not be read, stays where it is.
    """
    some = (
        select(deliveries.c.id)
        .where(of(State.PARKED, destination), deliveries.c.attempts >= after)
        .order_by(deliveries.c.created_at, deliveries.c.number)
        .limit(limit)
    )
    return _start_over(engine, deliveries.c.id.in_(some), now=now)


def replay_unread(engine: Engine, *, given_up_after: int, now: datetime) -> int:
    """Let notices that their city could not read start over after a while; return how many.

    It may have learned to: cities are upgraded one by one, and each new kind of notice is first
    sent by the city that was upgraded first.
    """
    unread = and_(
        deliveries.c.kind == Kind.NOTICE,
        deliveries.c.attempts < given_up_after,
        deliveries.c.due_at <= now - UNREAD_AGAIN,
    )
    return _start_over(engine, unread, now=now)


def skip_too_old(engine: Engine, *, now: datetime) -> int:
    """Give up what no city takes any more, so that it holds back nothing; return how many.

    What such a notice says of persons is forgotten as well, also where its city has left.
    """
    return _skip(
        engine,
        and_(deliveries.c.kind == Kind.NOTICE, deliveries.c.created_at <= now - TAKEN_FOR),
        now=now,
    )


def forget_settled(engine: Engine, *, now: datetime) -> bool:
    """Forget some that were settled long ago; say whether there may be more."""
    moments = (deliveries.c.delivered_at, deliveries.c.skipped_at, deliveries.c.gone_at)
    old = or_(*(moment < now - KEPT for moment in moments))
    with engine.begin() as connection:
        return delete_some(connection, deliveries, old, AT_A_TIME) == AT_A_TIME


def _skip(engine: Engine, which: ColumnElement[bool], *, now: datetime) -> int:
    undelivered = and_(deliveries.c.state.in_(UNDELIVERED), which)
    skipped = {"state": State.SKIPPED, "skipped_at": now, "claimed_until": None, "body": FORGOTTEN}
    with engine.begin() as connection:
        return connection.execute(update(deliveries).where(undelivered).values(skipped)).rowcount


def _start_over(
    engine: Engine, which: ColumnElement[bool], *, also_gone: bool = False, now: datetime
) -> int:
    states = (State.PARKED, State.GONE) if also_gone else (State.PARKED,)
    given_up = and_(deliveries.c.state.in_(states), which)
    again = {
        "state": State.WAITING,
        "attempts": 0,
        "due_at": now,
        "claimed_until": None,
        "gone_at": None,
    }
    with engine.begin() as connection:
        return connection.execute(update(deliveries).where(given_up).values(again)).rowcount
