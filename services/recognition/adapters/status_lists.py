"""Home's status lists: which entries are taken, and what they say now or said before."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, and_, case, func, or_, select, update

from services.plumbing.rows import insert_once
from services.recognition.adapters.tables import issuances, past_suspensions, status_lists
from services.recognition.domain.issuance import Suspension
from services.recognition.domain.status_list import SIZE, Status, index_of

SECRET_BYTES = 32


class SqlStatusLists:
    """Fills one list after the other, each in an order of its own secret.

    What an entry says is not stored twice: it is read from the attestations.  Only of suspensions
    that are over and had another after them is there a record of its own.
    """

    def __init__(self, connection: Connection, size: int = SIZE) -> None:
        self._connection = connection
        self._size = size

    def take(self) -> tuple[int, int]:
        while True:
            newest = self._newest()
            if newest is not None and newest.taken < self._size:
                break
            insert_once(
                self._connection,
                status_lists,
                number=0 if newest is None else newest.number + 1,
                secret=secrets.token_bytes(SECRET_BYTES),
                taken=0,
            )
        self._connection.execute(
            update(status_lists)
            .where(status_lists.c.number == newest.number)
            .values(taken=newest.taken + 1)
        )
        return newest.number, index_of(newest.taken, newest.secret, self._size)

    def not_valid(
        self, number: int, at: datetime | None = None
    ) -> Sequence[tuple[int, Status]] | None:
        known = select(status_lists.c.number).where(status_lists.c.number == number)
        if self._connection.execute(known).one_or_none() is None:
            return None
        revoked = _by(issuances.c.revoked_at, at)
        suspended = and_(_by(issuances.c.suspended_at, at), ~_by(issuances.c.resumed_at, at))
        entries = select(
            issuances.c.status_index,
            case((revoked, Status.INVALID.value), else_=Status.SUSPENDED.value),
        ).where(
            issuances.c.status_list == number,
            # As the index issuances_not_valid says it, so that the index is used.
            or_(issuances.c.revoked_at.is_not(None), issuances.c.suspended_at.is_not(None)),
            or_(revoked, suspended),
        )
        found = [(index, Status(status)) for index, status in self._connection.execute(entries)]
        return found if at is None else [*found, *self._suspended_before(number, at)]

    def remember(self, number: int, index: int, suspension: Suspension) -> None:
        insert_once(
            self._connection,
            past_suspensions,
            status_list=number,
            status_index=index,
            suspended_at=suspension.at,
            suspended_reason=suspension.reason,
            resumed_at=suspension.resumed_at,
        )

    def begun_at(self, number: int) -> datetime | None:
        found = select(func.min(issuances.c.issued_at)).where(issuances.c.status_list == number)
        begun_at: datetime | None = self._connection.scalars(found).one()
        return begun_at

    def _suspended_before(self, number: int, at: datetime) -> Sequence[tuple[int, Status]]:
        found = select(past_suspensions.c.status_index).where(
            past_suspensions.c.status_list == number,
            past_suspensions.c.suspended_at <= at,
            past_suspensions.c.resumed_at > at,
        )
        return [(index, Status.SUSPENDED) for index in self._connection.scalars(found)]

    def _newest(self) -> Row[Any] | None:
        newest = select(status_lists).order_by(status_lists.c.number.desc()).limit(1)
        return self._connection.execute(newest.with_for_update()).one_or_none()


def _by(column: Column[Any], at: datetime | None) -> ColumnElement[bool]:
    """Say, true or false and never unknown, whether something has happened, by a moment if any."""
    happened = column.is_not(None)
    return happened if at is None else and_(happened, column <= at)
