"""Reservations in a table."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Result, bindparam, select, update

from contracts.words import ReservationState
from services.plumbing.rows import insert
from services.scenarios.adapters.quota_tables import reservations
from services.scenarios.domain.reservation import Reservation

_IS_HELD = reservations.c.state == ReservationState.HELD
_NAMED: Final = select(reservations).where(reservations.c.id == bindparam("id")).with_for_update()


class SqlReservations:
    """Stores reservations; of a stored one only the end can change."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: UUID) -> Reservation | None:
        found = _read(self._connection.execute(_NAMED, {"id": id}))
        return found[0] if found else None

    def add(self, reservation: Reservation) -> None:
        insert(self._connection, reservations, **vars(reservation))

    def save(self, reservation: Reservation) -> None:
        self._connection.execute(
            update(reservations)
            .where(reservations.c.id == reservation.id)
            .values(state=reservation.state, ended_at=reservation.ended_at)
        )

    def due(self, now: datetime, most: int) -> Sequence[Reservation]:
        found = (
            select(reservations)
            .where(_IS_HELD, reservations.c.until <= now)
            .order_by(reservations.c.until, reservations.c.id)
            .limit(most)
        )
        return _read(self._connection.execute(found.with_for_update(skip_locked=True)))


def _read(rows: Result[Any]) -> list[Reservation]:
    return [
        Reservation(**{**row, "state": ReservationState(row["state"])}) for row in rows.mappings()
    ]
