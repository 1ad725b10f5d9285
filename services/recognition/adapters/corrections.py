"""What notices of other cities touched here, in a table, until it is done."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, delete, select

from services.plumbing.rows import delete_some, insert_once
from services.recognition.adapters.tables import corrections
from services.recognition.domain.correction import Correction


class SqlCorrections:
    """Keeps one row for each recognition that a notice touched."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, correction: Correction) -> None:
        insert_once(self._connection, corrections, **vars(correction))

    def take(self, notice_id: UUID, recognition_id: UUID) -> Correction | None:
        same = and_(
            corrections.c.notice_id == notice_id, corrections.c.recognition_id == recognition_id
        )
        row = self._connection.execute(select(corrections).where(same)).mappings().one_or_none()
        if row is None:
            return None
        # All rows of the notice are locked, so that of two corrections one is seen to be the last.
        found = (
            select(corrections.c.recognition_id)
            .where(_of(row["sender"], notice_id))
            .order_by(corrections.c.recognition_id)
            .with_for_update()
        )
        if recognition_id not in self._connection.scalars(found).all():
            return None
        self._connection.execute(delete(corrections).where(same))
        return Correction(**row)

    def waits_for(self, sender: str, notice_id: UUID) -> bool:
        found = select(corrections.c.recognition_id).where(_of(sender, notice_id)).limit(1)
        return self._connection.execute(found).first() is not None

    def forget_before(self, moment: datetime, limit: int) -> int:
        return delete_some(self._connection, corrections, corrections.c.heard_at < moment, limit)


def _of(sender: str, notice_id: UUID) -> ColumnElement[bool]:
    return and_(corrections.c.sender == sender, corrections.c.notice_id == notice_id)
