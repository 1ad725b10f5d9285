"""Recognitions in a table: each event fills its own columns of a row, in whichever order."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, or_, select, update

from contracts.words import Category
from services.plumbing.rows import insert_once
from services.scenarios.adapters.tables import recognitions
from services.scenarios.domain.recognition import Ending, Recognition, Revision

_NAMED: Final = select(recognitions).where(recognitions.c.id == bindparam("id")).with_for_update()


def _with_current() -> Select[Any]:
    place = recognitions.c.recognised_at, recognitions.c.id
    named = select(recognitions.c.id).where(
        recognitions.c.holder == bindparam("holder"), recognitions.c.recognised_at.is_not(None)
    )
    newest = named.order_by(*(column.desc() for column in place)).limit(1)
    first = named.order_by(*place).limit(1)  # whatever comes newly in, all meet here
    wanted: Sequence[ColumnElement[Any]] = (
        bindparam("id"),
        newest.scalar_subquery(),
        first.scalar_subquery(),
    )
    found = select(recognitions).where(or_(*(recognitions.c.id == each for each in wanted)))
    return found.order_by(recognitions.c.id).with_for_update()  # so nobody waits in a circle


_WITH_CURRENT: Final = _with_current()


class SqlRecognitions:
    """Stores recognitions.

    The row, complete or not, is what a grant and the end of its recognition meet at: neither can
    miss the other.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: UUID) -> Recognition | None:
        row = self._connection.execute(_NAMED, {"id": id}).one_or_none()
        return None if row is None or row.recognised_at is None else _recognition(row)

    def is_suspended(self, id: UUID) -> bool:
        found = select(recognitions.c.suspended).where(recognitions.c.id == id)
        return bool(self._connection.execute(found).scalar_one_or_none())

    def with_current(self, id: UUID, holder: str) -> tuple[Recognition | None, Recognition | None]:
        rows = self._connection.execute(_WITH_CURRENT, {"id": id, "holder": holder})
        known = [_recognition(row) for row in rows if row.recognised_at is not None]
        session = next((each for each in known if each.id == id), None)
        theirs = [each for each in known if each.holder == holder]
        return session, max(theirs, key=lambda each: (each.recognised_at, each.id), default=None)

    def add(self, recognition: Recognition) -> Recognition:
        content = {
            "attestation_id": recognition.attestation_id,
            "holder": recognition.holder,
            "home": recognition.home,
            "tier": recognition.tier,
            "purposes": sorted(recognition.purposes),
            "crosswalk": recognition.crosswalk,
            "until": recognition.until,
            "tiers": dict(recognition.tiers),
            "evidence": recognition.evidence,
        }
        begun = {"recognised_at": recognition.recognised_at}
        if insert_once(self._connection, recognitions, id=recognition.id, **content, **begun):
            return recognition
        same = recognitions.c.id == recognition.id
        unknown = (same, recognitions.c.holder.is_(None))  # no revision came before it either
        self._connection.execute(update(recognitions).where(*unknown).values(content))
        unbegun = (same, recognitions.c.recognised_at.is_(None))
        self._connection.execute(update(recognitions).where(*unbegun).values(begun))
        return self.get(recognition.id) or recognition

    def revise(self, revision: Revision) -> None:
        content = {
            "attestation_id": revision.attestation_id,
            "holder": revision.holder,
            "home": revision.home,
            "tier": revision.tier,
            "purposes": sorted(revision.purposes),
            "crosswalk": revision.crosswalk,
            "until": revision.until,
            "tiers": dict(revision.tiers),
            "evidence": revision.evidence,
            "revised_at": revision.revised_at,
        }
        known, at = revision.recognition_id, revision.revised_at
        if not insert_once(self._connection, recognitions, id=known, **content):
            revised_at = recognitions.c.revised_at
            older = or_(revised_at.is_(None), revised_at < at)
            self._connection.execute(
                update(recognitions).where(recognitions.c.id == known, older).values(content)
            )
        self.suspend(known, at, suspended=False)

    def suspend(self, id: UUID, at: datetime, *, suspended: bool) -> None:
        content = {"suspended": suspended, "suspension_at": at}
        if insert_once(self._connection, recognitions, id=id, **content):
            return
        suspension_at = recognitions.c.suspension_at
        earlier = suspension_at <= at if suspended else suspension_at < at
        older = or_(suspension_at.is_(None), earlier)
        self._connection.execute(
            update(recognitions).where(recognitions.c.id == id, older).values(content)
        )

    def end(self, ending: Ending) -> None:
        content = {"ended_at": ending.ended_at, "ended_reason": ending.reason}
        if insert_once(self._connection, recognitions, id=ending.recognition_id, **content):
            return
        self._connection.execute(
            update(recognitions)
            .where(recognitions.c.id == ending.recognition_id, recognitions.c.ended_at.is_(None))
            .values(content)
        )


def _recognition(row: Row[Any]) -> Recognition:
    return Recognition(
        id=row.id,
        attestation_id=row.attestation_id,
        holder=row.holder,
        home=row.home,
        tier=row.tier,
        purposes=frozenset(map(Category, row.purposes)),
        crosswalk=row.crosswalk,
        recognised_at=row.recognised_at,
        until=row.until,
        ended_at=row.ended_at,
        ended_reason=row.ended_reason,
        suspended=bool(row.suspended),
        tiers={Category(name): tier for name, tier in (row.tiers or {}).items()},
        evidence=row.evidence,
    )
