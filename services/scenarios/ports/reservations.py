"""What scenarios asks of the storage of reservations."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.scenarios.domain.reservation import Reservation


class Reservations(Protocol):
    """Reservations; in the order of locks they stand where grants do."""

    def get(self, id: UUID) -> Reservation | None:
        """Return and lock a reservation."""

    def add(self, reservation: Reservation) -> None:
        """Store a new one; raises Conflict("id_reused")."""

    def save(self, reservation: Reservation) -> None: ...
    def due(self, now: datetime, most: int) -> Sequence[Reservation]:
        """Return and lock held ones whose time is up, but those somebody else has locked."""
