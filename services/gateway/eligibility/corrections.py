"""What becomes of a recognition that goes on: revised, suspended, resumed.

It is noted by recognition, so that the events may come in any order, also before the recognition
itself; of revisions the latest stands, of suspension and resumption the latest holds, of two at
once the no.  The holder's
row is locked first, so that a recognition and what becomes of it never miss each other.
"""

import json
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, exists, literal_column, select, update

from contracts.corrections import RecognitionResumed, RecognitionRevised, RecognitionSuspended
from services.gateway.adapters.tables import corrections, endings, holders
from services.gateway.eligibility.holder_rows import attested_us, lock_holder, tiers_text
from services.gateway.eligibility.moments import to_microseconds
from services.plumbing.rows import insert_once

_ENDED: Final = exists().where(endings.c.recognition_id == bindparam("which"))
_ONE: Final = select(literal_column("1")).subquery()  # so that there is a row, noted or not
_BECAME: Final = select(_ENDED.label("is_ended"), *corrections.c).select_from(
    _ONE.outerjoin(corrections, corrections.c.recognition_id == bindparam("which"))
)


def revise(connection: Connection, event: RecognitionRevised) -> None:
    """Note what a recognition says now; a suspension before it is over."""
    if lock_holder(connection, event.holder) is None:
        return
    known = _noted(connection, event.recognition_id, event.revised_at)
    if known.revised_at is None or known.revised_at < event.revised_at:
        told = {
            "revised_at": event.revised_at,
            "tier": event.tier,
            "tiers": tiers_text(event.tiers),
            "purposes": json.dumps(event.purposes),
            "until_us": to_microseconds(event.until),
            "attested_us": attested_us(event.evidence),
        }
        _change(connection, event.recognition_id, told)
    _suspend(connection, event.recognition_id, event.revised_at, suspended=False)
    _apply(connection, event.recognition_id)


def suspend(connection: Connection, event: RecognitionSuspended) -> None:
    """Note that nothing is given on a recognition for the time being."""
    if lock_holder(connection, event.holder) is None:
        return
    _suspend(connection, event.recognition_id, event.suspended_at, suspended=True)
    _apply(connection, event.recognition_id)


def resume(connection: Connection, event: RecognitionResumed) -> None:
    """Note that a recognition stands again."""
    if lock_holder(connection, event.holder) is None:
        return
    _suspend(connection, event.recognition_id, event.resumed_at, suspended=False)
    _apply(connection, event.recognition_id)


def what_became_of(connection: Connection, recognition_id: UUID) -> dict[str, Any]:
    """Return what of a holder's row is to be otherwise than the recognition said at first."""
    noted = connection.execute(_BECAME, {"which": recognition_id}).one()
    changes = {"ended": noted.is_ended, "suspended": bool(noted.suspended)}
    if noted.revised_at is not None:
        changes |= {"tier": noted.tier, "tiers": noted.tiers or "{}"}
        changes |= {"purposes": noted.purposes, "until_us": noted.until_us}
        changes |= {"attested_us": noted.attested_us}
    return changes


def _suspend(
    connection: Connection, recognition_id: UUID, at: datetime, *, suspended: bool
) -> None:
    known = _noted(connection, recognition_id, at)
    later = known.suspension_at is None or known.suspension_at < at
    if later or (suspended and known.suspension_at == at):
        _change(connection, recognition_id, {"suspended": suspended, "suspension_at": at})


def _noted(connection: Connection, recognition_id: UUID, at: datetime) -> Any:
    """Return the note of a recognition, locked; it is made when there is none."""
    insert_once(
        connection, corrections, recognition_id=recognition_id, suspended=False, noted_at=at
    )
    found = select(corrections).where(corrections.c.recognition_id == recognition_id)
    return connection.execute(found.with_for_update()).one()


def _change(connection: Connection, recognition_id: UUID, values: dict[str, Any]) -> None:
    same = corrections.c.recognition_id == recognition_id
    connection.execute(update(corrections).where(same).values(values))


def _apply(connection: Connection, recognition_id: UUID) -> None:
    current = holders.c.recognition_id == recognition_id
    values = what_became_of(connection, recognition_id)
    del values["ended"]  # an end that is long past may have been forgotten
    connection.execute(update(holders).where(current).values(values))
