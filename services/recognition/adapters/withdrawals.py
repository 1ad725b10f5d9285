"""Withdrawals that other cities told of, under a digest of each person's name there.

The digest says nothing to who does not have the name, so that a row may outlive an erasure.
"""

import hashlib
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update

from services.plumbing.rows import delete_some, insert_once
from services.recognition.adapters.consent_tables import withdrawals


class SqlWithdrawals:
    """Invariant: one row for each person and home; its lock is held from the first look on."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def at(self, home: str, subject: str, now: datetime) -> datetime | None:
        person = {"home": home, "subject_digest": _digest(subject)}
        if insert_once(self._connection, withdrawals, **person, noted_at=now):
            return None
        found = select(withdrawals.c.withdrawn_at).where(_row(home, subject)).with_for_update()
        withdrawn_at: datetime | None = self._connection.scalars(found).one()
        return withdrawn_at

    def add(self, home: str, subject: str, at: datetime, now: datetime) -> None:
        known = self.at(home, subject, now)
        self._connection.execute(
            update(withdrawals)
            .where(_row(home, subject))
            .values(withdrawn_at=max(at, known or at), noted_at=now)
        )

    def forget(self, home: str, subject: str) -> None:
        self._connection.execute(delete(withdrawals).where(_row(home, subject)))

    def forget_before(self, moment: datetime, limit: int) -> int:
        return delete_some(self._connection, withdrawals, withdrawals.c.noted_at < moment, limit)


def _row(home: str, subject: str) -> ColumnElement[bool]:
    return and_(withdrawals.c.home == home, withdrawals.c.subject_digest == _digest(subject))


def _digest(subject: str) -> str:
    return hashlib.sha256(subject.encode()).hexdigest()
