"""Erasures as they are kept: without the person."""

from uuid import UUID

from sqlalchemy import Connection, select, update

from services.plumbing.rows import insert
from services.recognition.adapters.tables import erasures
from services.recognition.domain.erasure import Erasure


class SqlErasures:
    """Stores erasures; of a stored one only its convergence can change."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: UUID) -> Erasure | None:
        found = select(erasures).where(erasures.c.id == id).with_for_update()
        row = self._connection.execute(found).mappings().one_or_none()
        return None if row is None else Erasure(**row)

    def add(self, erasure: Erasure) -> None:
        """Store an erasure; raises Conflict("id_reused")."""
        insert(self._connection, erasures, **vars(erasure))

    def save(self, erasure: Erasure) -> None:
        self._connection.execute(
            update(erasures)
            .where(erasures.c.id == erasure.id)
            .values(converged_at=erasure.converged_at)
        )
