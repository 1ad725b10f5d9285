"""Erasures as they are kept: without the person."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, update

from services.plumbing.rows import insert
from services.recognition.adapters.tables import erased_holders, erasures
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


def read_erased(connection: Connection) -> Iterator[dict[str, Any]]:
    """Say who was erased, at home by subject and at this host by holder, oldest first."""
    at_home = select(erasures).where(erasures.c.subject.is_not(None)).order_by(erasures.c.erased_at)
    for row in connection.execute(at_home):
        names = {"erasure_id": str(row.id), "subject": str(row.subject)}
        yield {**names, "erased_at": row.erased_at.isoformat()}
    for row in connection.execute(select(erased_holders).order_by(erased_holders.c.erased_at)):
        yield {"holder": row.holder, "erased_at": row.erased_at.isoformat()}
