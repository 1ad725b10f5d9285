"""Batches that other cities send, and what became of each of their lines."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, and_, insert, select, update

from services.plumbing.rows import delete_some
from services.plumbing.rows import insert as insert_new
from services.recognition.adapters.batch_tables import batch_lines, batches
from services.recognition.domain.batch import Batch, LineVerdict

COUNTS = ("so_far", "received", "taken", "repeated", "refused")


class SqlBatches:
    """Stores batches under the city that sends them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, sender: str, id: UUID) -> Batch | None:
        found = select(batches).where(batches.c.sender == sender, batches.c.id == id)
        row = self._connection.execute(found.with_for_update()).one_or_none()
        if row is None:
            return None
        counts = {name: getattr(row, name) for name in COUNTS}
        return Batch(sender=row.sender, id=row.id, total=row.total, digest=row.digest, **counts)

    def add(self, batch: Batch, now: datetime) -> None:
        """Store a batch; raises Conflict("id_reused")."""
        insert_new(
            self._connection,
            batches,
            sender=batch.sender,
            id=batch.id,
            total=batch.total,
            digest=batch.digest,
            opened_at=now,
            **_counts(batch),
        )

    def save(self, batch: Batch, now: datetime) -> None:
        which = and_(batches.c.sender == batch.sender, batches.c.id == batch.id)
        self._connection.execute(update(batches).where(which).values(_counts(batch)))
        lines = [
            {
                "sender": batch.sender,
                "batch_id": batch.id,
                "number": verdict.number,
                "code": verdict.code,
                "recognition_id": verdict.recognition_id,
                "taken_at": now,
            }
            for verdict in batch.verdicts
        ]
        if lines:
            self._connection.execute(insert(batch_lines), lines)

    def verdicts(self, sender: str, id: UUID, after: int, limit: int) -> Sequence[LineVerdict]:
        found = (
            select(batch_lines)
            .where(
                batch_lines.c.sender == sender,
                batch_lines.c.batch_id == id,
                batch_lines.c.number > after,
            )
            .order_by(batch_lines.c.number)
            .limit(limit)
        )
        return [
            LineVerdict(number=row.number, code=row.code, recognition_id=row.recognition_id)
            for row in self._connection.execute(found)
        ]

    def forget_before(self, moment: datetime, limit: int) -> int:
        lines = batch_lines.c.taken_at < moment
        return delete_some(self._connection, batch_lines, lines, limit) or delete_some(
            self._connection, batches, batches.c.opened_at < moment, limit
        )


def _counts(batch: Batch) -> dict[str, object]:
    return {name: getattr(batch, name) for name in COUNTS}
