"""Keep the read side in step with what the services announce; each function is safe to repeat.

Events may arrive twice and out of order, so rows carry the moment they speak of and older news
changes nothing.
"""

import json
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select, update

from contracts import wire
from contracts.catalogue import IncentiveMoved
from contracts.errors import Unavailable
from contracts.quotas import GrantReserved
from contracts.recognition import RecognitionEnded, ScoreRecognised
from contracts.scenarios import GrantIssued, IncentivePublished
from services.gateway.adapters.tables import (
    catalogue,
    corrections,
    endings,
    heard_reservations,
    holders,
    incentives,
)
from services.gateway.eligibility import lives, quotas
from services.gateway.eligibility.corrections import what_became_of
from services.gateway.eligibility.forgetting import current
from services.gateway.eligibility.held import hold
from services.gateway.eligibility.holder_rows import (
    attested_us,
    change_holder,
    find_holder,
    is_erased,
    lock_holder,
    tiers_text,
)
from services.gateway.eligibility.moments import to_microseconds
from services.plumbing.rows import delete_some, insert_once

KEPT: Final = timedelta(days=31)  # for a recognition that is heard of after what became of it
AT_A_TIME: Final = 500  # so that nobody waits long for a lock

_INCENTIVE: Final = (
    select(incentives).where(incentives.c.incentive_id == bindparam("which")).with_for_update()
)


def recognise(connection: Connection, event: ScoreRecognised) -> None:
    """Note the newest recognition of a holder, unless they were erased."""
    known = find_holder(connection, event.holder)
    recognised_us = to_microseconds(event.recognised_at)
    if known is None:
        if is_erased(connection, event.holder):
            return
    elif known.recognised_us is not None and known.recognised_us > recognised_us:
        return
    told = {
        "recognition_id": event.recognition_id,
        "home": event.home,
        "tier": event.tier,
        "tiers": tiers_text(event.tiers),
        "purposes": json.dumps(event.purposes),
        "recognised_us": recognised_us,
        "until_us": to_microseconds(event.until),
        "attested_us": attested_us(event.evidence),
    }
    told |= what_became_of(connection, event.recognition_id)
    if known is not None:
        change_holder(connection, event.holder, **told)
    elif not insert_once(connection, holders, holder=event.holder, usage="{}", **told):
        recognise(connection, event)  # somebody else has made the row, and may have noted more


def end_recognition(connection: Connection, event: RecognitionEnded) -> None:
    """Note that a recognition ended, also when it has not begun here yet."""
    same = endings.c.recognition_id == event.recognition_id
    if connection.execute(select(endings).where(same)).first() is None:
        row = {"recognition_id": event.recognition_id, "ended_at": event.ended_at}
        connection.execute(insert(endings).values(row))
    current = holders.c.recognition_id == event.recognition_id
    connection.execute(update(holders).where(current).values(ended=True))


def forget_old(connection: Connection, now: datetime) -> bool:
    """Forget some old endings and corrections; say whether there may be more."""
    before = now - KEPT
    forgotten = (
        delete_some(connection, endings, endings.c.ended_at < before, AT_A_TIME),
        delete_some(connection, corrections, corrections.c.noted_at < before, AT_A_TIME),
    )
    return max(forgotten) == AT_A_TIME


def publish_incentive(connection: Connection, event: IncentivePublished) -> None:
    """Put an incentive, or another version of it, into the catalogue."""
    known = _incentive(connection, event.incentive_id)
    row: dict[str, Any] = {"version": event.version, "terms": _text(event), "coming": None}
    if known is None:
        connection.execute(insert(incentives).values(incentive_id=event.incentive_id, **row))
    else:
        told = [_read(text) for text in (known.terms, known.coming) if text]
        terms, coming = lives.arrange([*told, event])
        row["version"] = max(known.version, event.version)
        row["terms"], row["coming"] = _text(terms), _text(coming) if coming else None
        _update_incentive(connection, event.incentive_id, row)
    _renew_catalogue(connection)


def move_incentive(connection: Connection, event: IncentiveMoved) -> None:
    """Take an incentive that is paused or withdrawn out of the catalogue, or put it back."""
    if lives.note_move(connection, event):
        _renew_catalogue(connection)


def count_grant(connection: Connection, event: GrantIssued) -> None:
    """Count a grant against its holder's limit, the quotas and the budget; note that it is open.

    Raises Unavailable("not_yet_visible") when the incentive itself was not heard of yet: the grant
    is heard again after it.
    """
    known = _incentive(connection, event.incentive_id)
    if known is None:
        raise Unavailable("not_yet_visible", event.incentive_id)
    holder = lock_holder(connection, event.holder)
    if holder is not None:
        usage, held = _usage_after(event, holder.usage), hold(connection, event, holder.held)
        change_holder(connection, event.holder, usage=usage, held=held)
    _count_for_all(connection, event, known)


def count_quotas(connection: Connection, event: quotas.Counting) -> None:
    """Note what counts against an incentive's quotas; the newest word holds, whatever the order."""
    _count_for_all(connection, event, _incentive(connection, event.incentive_id))


def _count_for_all(connection: Connection, event: quotas.Counting, known: Any) -> None:
    before = quotas.counts_of(connection, event.incentive_id)
    noted = quotas.note_counts(connection, event)
    if not noted or known is None:
        return
    after = {**before, **noted}
    versions = [_read(text) for text in (known.terms, known.coming) if text]
    if any(quotas.used_up(each, before) != quotas.used_up(each, after) for each in versions):
        _renew_catalogue(connection)


def count_reservation(connection: Connection, event: GrantReserved) -> None:
    """Count a reservation against the quotas and the budget, and note that it is counted."""
    count_quotas(connection, event)
    row = {"reservation_id": event.reservation_id, "reserved_at": event.reserved_at}
    insert_once(connection, heard_reservations, **row)


def _usage_after(event: GrantIssued, text: str) -> str:
    """Return what a holder took, with what an event tells of it."""
    usage = json.loads(text)
    period, taken = usage.get(event.incentive_id, ("", 0))
    # Names of periods of one kind sort by time; after a change of kind the newest word counts.
    if len(period) == len(event.holder_period) and period > event.holder_period:
        return text
    if period == event.holder_period:
        taken = max(taken, event.holder_issued)
    else:
        taken = event.holder_issued
    usage[event.incentive_id] = [event.holder_period, taken]
    return json.dumps(current(usage, event.issued_at))


@lru_cache(maxsize=1024)
def _read(text: str) -> IncentivePublished:
    version: IncentivePublished = wire.load(IncentivePublished, json.loads(text))
    return version


def _text(version: IncentivePublished) -> str:
    return json.dumps(wire.dump(version), ensure_ascii=False)


def _incentive(connection: Connection, incentive_id: str) -> Any:
    return connection.execute(_INCENTIVE, {"which": incentive_id}).one_or_none()


def _update_incentive(connection: Connection, incentive_id: str, values: dict[str, Any]) -> None:
    same = incentives.c.incentive_id == incentive_id
    connection.execute(update(incentives).where(same).values(values))


def _renew_catalogue(connection: Connection) -> None:
    """Tell every process that its catalogue in memory is old."""
    connection.execute(update(catalogue).values(version=catalogue.c.version + 1))
