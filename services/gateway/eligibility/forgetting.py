"""What the read side forgets: holders who were erased, and those who have not come for long."""

import json
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, or_, select, text

from contracts.erasures import HolderErased
from contracts.periods import period_name
from contracts.words import Period
from services.gateway.adapters.tables import (
    erased_holders,
    heard_reservations,
    held_grants,
    holders,
)
from services.gateway.eligibility.moments import to_microseconds
from services.plumbing.rows import delete_some, insert_once

KEPT: Final = timedelta(days=31)  # for news of somebody that arrives late
AT_A_TIME: Final = 500  # so that nobody waits long for a lock


def erase_holder(connection: Connection, event: HolderErased) -> None:
    """Forget a holder, also what is yet to be heard of them.  Safe to repeat."""
    row = {"holder": event.holder, "erased_at": event.erased_at}
    insert_once(connection, erased_holders, **row)
    connection.execute(delete(holders).where(holders.c.holder == event.holder))
    connection.execute(delete(held_grants).where(held_grants.c.holder == event.holder))


def forget_erased(connection: Connection, now: datetime) -> bool:
    """Forget some who were erased long ago; say whether there may be more."""
    old = erased_holders.c.erased_at < now - KEPT
    return delete_some(connection, erased_holders, old, AT_A_TIME) == AT_A_TIME


def forget_reservations(connection: Connection, now: datetime) -> bool:
    """Forget which reservations were heard of long ago; say whether there may be more."""
    old = heard_reservations.c.reserved_at < now - KEPT
    return delete_some(connection, heard_reservations, old, AT_A_TIME) == AT_A_TIME


def forget_changes(connection: Connection) -> None:
    """Forget which rows changed so far; a reader that has not heard of it forgets all it knows.

    Only SQLite keeps them (migration 0016).  One that names nobody stays, as numbers go on from it.
    """
    if connection.dialect.name == "sqlite":
        connection.execute(text("INSERT INTO changed_rows (changed) VALUES ('')"))
        last = "(SELECT max(id) FROM changed_rows)"
        connection.execute(text(f"DELETE FROM changed_rows WHERE id < {last}"))  # noqa: S608  no input


def forget_over(connection: Connection, now: datetime, after: str = "") -> str | None:
    """Forget holders whose recognition is long over, unless a limit counts what they took still.

    Looks at some, those that come next after `after`; returns the last of them, or None when there
    are no more.
    """
    long_ago = to_microseconds(now - KEPT)
    found = (
        select(holders.c.holder, holders.c.usage)
        .where(holders.c.holder > after)
        .where(or_(holders.c.until_us < long_ago, holders.c.until_us.is_(None)))
        .order_by(holders.c.holder)
        .limit(AT_A_TIME)
        .with_for_update(skip_locked=True)  # what is heard together is locked in another order
    )
    some = connection.execute(found).all()
    gone = [row.holder for row in some if not current(json.loads(row.usage), now)]
    if gone:
        connection.execute(delete(holders).where(holders.c.holder.in_(gone)))
    return some[-1].holder if len(some) == AT_A_TIME else None


def current(usage: dict[str, list[Any]], at: datetime) -> dict[str, list[Any]]:
    """Leave out what was taken in periods that are over: no limit counts it any more."""
    begun = {len(name): name for name in (period_name(period, at) for period in Period)}
    return {name: taken for name, taken in usage.items() if taken[0] >= begun[len(taken[0])]}
