"""Notices to cities that left the alliance: settled after a month, sent again if a city is back.

Until then they are tried and parked like any other, as a city that is leaving should still hear of
withdrawals and erasures.  Afterwards they are kept for as long as all that is settled: no city
takes a notice that is older than two months.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import ColumnElement, Connection, Engine, and_, select, update

from services.gateway.adapters.memberships import left_before
from services.gateway.adapters.roster import members
from services.gateway.adapters.tables import deliveries
from services.gateway.courier.counting import DELIVERIES
from services.gateway.courier.deliveries import UNDELIVERED, Kind, State, unclaimed

GONE_AFTER: Final = timedelta(days=30)  # a city that comes back sooner has missed nothing
AT_A_TIME: Final = 500  # so that nobody waits long for a lock
LEFT: Final = "the city left the alliance"

_log = structlog.get_logger("courier")


def settle_gone(engine: Engine, *, now: datetime) -> int:
    """Give up what waits for cities that left long ago; return how many notices.  Safe to repeat.

    What is being sent at this moment is left for the next time.
    """
    gone = {"state": State.GONE, "gone_at": now, "claimed_until": None, "error": LEFT}
    undelivered = and_(deliveries.c.state.in_(UNDELIVERED), unclaimed(now))
    cities = _ask(engine, lambda connection: left_before(connection, now - GONE_AFTER))
    total = 0
    for city in cities:
        if moved := _move(engine, and_(undelivered, _notices_to(city)), gone):
            DELIVERIES.labels(Kind.NOTICE, "gone").inc(moved)
            _log.warning("notices_gone", city=city, number=moved)
        total += moved
    return total


def replay_returned(engine: Engine, *, now: datetime) -> int:
    """Let what was given up for cities that are back start over; return how many notices."""
    again = {"state": State.WAITING, "attempts": 0, "due_at": now, "gone_at": None}
    gone = deliveries.c.state == State.GONE
    total = 0
    for city in _ask(engine, members):
        if moved := _move(engine, and_(gone, _notices_to(city)), again):
            _log.info("notices_start_over", city=city, number=moved)
        total += moved
    return total


def _ask(engine: Engine, question: Callable[[Connection], list[str]]) -> list[str]:
    with engine.connect() as connection:
        return question(connection)


def _notices_to(city: str) -> ColumnElement[bool]:
    return and_(deliveries.c.kind == Kind.NOTICE, deliveries.c.recipient == city)


def _move(engine: Engine, which: ColumnElement[bool], values: dict[str, Any]) -> int:
    """Change the state of all these deliveries, some in a transaction; return how many it were."""
    some = select(deliveries.c.id).where(which).limit(AT_A_TIME)
    total, moved = 0, AT_A_TIME
    while moved == AT_A_TIME:
        change = update(deliveries).where(which, deliveries.c.id.in_(some)).values(values)
        with engine.begin() as connection:
            moved = connection.execute(change).rowcount
        total += moved
    return total
