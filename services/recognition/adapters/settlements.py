"""What was decided about facts for good; it is needed for ever, and shown to nobody."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from services.plumbing.rows import insert
from services.recognition.adapters.dispute_tables import settlements
from services.recognition.adapters.sealing import seal, unseal
from services.recognition.adapters.subjects import SqlSubjects
from services.recognition.adapters.tables import residents
from services.recognition.domain.docket import CorrectedFact, RepairedFact


class SqlSettlements:
    """Stores each settlement once, sealed, under the name of the case that led to it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._subjects = SqlSubjects(connection)

    def hold(self, resident: str) -> None:
        self._subjects.id_of(resident)

    def add(self, resident: str, settled: CorrectedFact | RepairedFact) -> None:
        """Store a settlement; raises Conflict("id_reused")."""
        subject, key = self._subjects.with_key(resident)
        insert(
            self._connection,
            settlements,
            id=settled.id,
            subject=subject,
            sealed=seal(_said(settled), key, f"settlements:{settled.id}"),
            settled_at=settled.at,
        )

    def of(self, resident: str) -> Sequence[CorrectedFact | RepairedFact]:
        found = (
            select(settlements, residents.c.key)
            .join(residents, residents.c.subject == settlements.c.subject)
            .where(residents.c.resident == resident)
            .order_by(settlements.c.settled_at, settlements.c.id)
        )
        return [
            _settled(row.id, row.settled_at, unseal(row.sealed, row.key, f"settlements:{row.id}"))
            for row in self._connection.execute(found)
        ]


def _said(settled: CorrectedFact | RepairedFact) -> Mapping[str, Any]:
    if isinstance(settled, CorrectedFact):
        return {"digest": settled.digest}
    return {
        "fact_id": settled.fact_id,
        "catalogue_item": settled.catalogue_item,
        "decided_at": settled.decided_at.isoformat(),
        "known": sorted(settled.known),
    }


def _settled(id: UUID, at: datetime, said: Mapping[str, Any]) -> CorrectedFact | RepairedFact:
    if "digest" in said:
        return CorrectedFact(id=id, digest=said["digest"], at=at)
    return RepairedFact(
        id=id,
        fact_id=said["fact_id"],
        catalogue_item=said["catalogue_item"],
        decided_at=datetime.fromisoformat(said["decided_at"]),
        known=frozenset(said["known"]),
        at=at,
    )
