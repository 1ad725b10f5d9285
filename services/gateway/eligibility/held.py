"""Which grants of a holder are open, for incentives that exclude each other.

Events of one grant may come in any order, and each more than once: the word of the latest moment
stands, of two at once the one that is listed later here.  Safe to repeat.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, select, update

from contracts.corrections import GrantRestored
from contracts.passes import GrantKept, GrantRecalled, RedemptionReversed
from contracts.scenarios import GrantEnded, GrantIssued, GrantRedeemed
from services.gateway.adapters.tables import held_grants
from services.gateway.eligibility.forgetting import KEPT
from services.gateway.eligibility.holder_rows import change_holder, lock_holder
from services.gateway.eligibility.moments import to_microseconds
from services.plumbing.rows import delete_some, insert_once

AT_A_TIME: Final = 500  # so that nobody waits long for a lock

_OPEN: Final = (
    select(held_grants)
    .where(held_grants.c.holder == bindparam("which"), held_grants.c.is_open)
    .order_by(held_grants.c.grant_id)
)

Change = GrantRedeemed | GrantEnded | GrantRestored | RedemptionReversed | GrantRecalled | GrantKept


def hold(connection: Connection, event: GrantIssued, held: str) -> str:
    """Note a grant, which may have ended already; return what the holder's column says then.

    The holder's row is locked, and `held` is what its column said.
    """
    row = {
        "holder": event.holder,
        "incentive_id": event.incentive_id,
        "excludes": json.dumps(event.excludes),
    }
    until_us = to_microseconds(event.until)
    said = {"is_open": True, "said_us": to_microseconds(event.issued_at), "until_us": until_us}
    if insert_once(connection, held_grants, grant_id=event.grant_id, **row, **said):
        column = json.loads(held)
        _add(column, event.incentive_id, until_us, event.excludes)
        return json.dumps(column)
    _change(connection, event.grant_id, row)
    unsaid = held_grants.c.until_us.is_(None)
    same = held_grants.c.grant_id == event.grant_id
    connection.execute(update(held_grants).where(same, unsaid).values(until_us=until_us))
    return _column(connection, event.holder)


def change(connection: Connection, event: Change) -> None:
    """Note what became of a grant, also of one not heard of yet."""
    match event:
        case GrantRedeemed():
            _note(connection, event.grant_id, event.redeemed_at, is_open=event.uses_left > 0)
        case GrantEnded():
            _note(connection, event.grant_id, event.ended_at, is_open=False)
        case RedemptionReversed():
            _note(connection, event.grant_id, event.reversed_at, is_open=True)
        case GrantRestored():
            _note(connection, event.grant_id, event.restored_at, is_open=True, until=event.until)
        case GrantRecalled():
            _note(connection, event.grant_id, event.recalled_at, is_open=True, until=event.ends_at)
        case GrantKept():
            _note(connection, event.grant_id, event.kept_at, is_open=True, until=event.until)


def _note(
    connection: Connection,
    grant_id: UUID,
    at: datetime,
    *,
    is_open: bool,
    until: datetime | None = None,
) -> None:
    said: dict[str, Any] = {"is_open": is_open, "said_us": to_microseconds(at)}
    if until is not None:
        said["until_us"] = to_microseconds(until)
    same = held_grants.c.grant_id == grant_id
    holder = connection.execute(select(held_grants.c.holder).where(same)).scalar_one_or_none()
    if holder is not None:
        lock_holder(connection, holder)
    if not insert_once(connection, held_grants, grant_id=grant_id, **said):
        older = held_grants.c.said_us <= said["said_us"]
        connection.execute(update(held_grants).where(same, older).values(said))
    if holder is not None:
        change_holder(connection, holder, held=_column(connection, holder))


def forget_over(connection: Connection, now: datetime) -> bool:
    """Forget some grants whose time is long up; say whether there may be more."""
    last = func.coalesce(held_grants.c.until_us, held_grants.c.said_us)
    over = last < to_microseconds(now - KEPT)
    return delete_some(connection, held_grants, over, AT_A_TIME) == AT_A_TIME


def _column(connection: Connection, holder: str) -> str:
    """Write a holder's column anew: incentive → [until, incentives it excludes]."""
    column: dict[str, list[Any]] = {}
    for grant in connection.execute(_OPEN, {"which": holder}):
        _add(column, grant.incentive_id, grant.until_us, json.loads(grant.excludes))
    return json.dumps(column)


def _add(
    column: dict[str, list[Any]], incentive_id: str, until_us: int, excludes: Iterable[str]
) -> None:
    latest_us, excluded = column.get(incentive_id, [0, []])
    column[incentive_id] = [max(latest_us, until_us), sorted({*excluded, *excludes})]


def _change(connection: Connection, grant_id: UUID, values: dict[str, Any]) -> None:
    connection.execute(update(held_grants).where(held_grants.c.grant_id == grant_id).values(values))
