"""Recognitions in a table: each event fills its own columns of a row, in whichever order."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, select, update

from contracts.words import Category
from services.plumbing.rows import insert_once
from services.scenarios.adapters.tables import recognitions
from services.scenarios.domain.recognition import Ending, Recognition


class SqlRecognitions:
    """Stores recognitions.

    The row, complete or not, is what a grant and the end of its recognition meet at: neither can
    miss the other.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: UUID) -> Recognition | None:
        return self._one(select(recognitions).where(recognitions.c.id == id))

    def current(self, holder: str) -> Recognition | None:
        newest = (
            select(recognitions)
            .where(recognitions.c.holder == holder)
            .order_by(recognitions.c.recognised_at.desc(), recognitions.c.id.desc())
            .limit(1)
        )
        return self._one(newest)

    def add(self, recognition: Recognition) -> None:
        content = {
            "attestation_id": recognition.attestation_id,
            "holder": recognition.holder,
            "home": recognition.home,
            "tier": recognition.tier,
            "purposes": sorted(recognition.purposes),
            "crosswalk": recognition.crosswalk,
            "recognised_at": recognition.recognised_at,
            "until": recognition.until,
        }
        if insert_once(self._connection, recognitions, id=recognition.id, **content):
            return
        self._connection.execute(
            update(recognitions)
            .where(recognitions.c.id == recognition.id, recognitions.c.holder.is_(None))
            .values(content)
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

    def _one(self, found: Select[Any]) -> Recognition | None:
        row = self._connection.execute(found.with_for_update()).one_or_none()
        return None if row is None or row.holder is None else _recognition(row)


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
    )
