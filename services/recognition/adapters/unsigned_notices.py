"""Notices that wait for a key, in their own table: an outbox before the outbox."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, func, select

from services.plumbing.rows import insert_once
from services.recognition.adapters.notice_tables import unsigned_notices
from services.recognition.domain.notice import UnsignedNotice


class SqlUnsignedNotices:
    """Keeps each notice once, under the name it will be sent by."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, notice: UnsignedNotice, at: datetime) -> None:
        """Keep a notice behind those kept before.  Safe to repeat."""
        last = self._connection.scalar(select(func.max(unsigned_notices.c.number)))
        insert_once(
            self._connection,
            unsigned_notices,
            id=notice.id,
            recipient=notice.recipient,
            event=notice.event,
            body=dict(notice.body),
            subject=notice.subject,
            number=(last or 0) + 1,
            kept_at=at,
        )

    def count(self) -> int:
        found = select(func.count()).select_from(unsigned_notices)
        return self._connection.execute(found).scalar_one()

    def has(self, recipient: str, subject: str) -> bool:
        kept = (
            select(unsigned_notices.c.id)
            .where(unsigned_notices.c.recipient == recipient, unsigned_notices.c.subject == subject)
            .limit(1)
        )
        return self._connection.execute(kept).first() is not None

    def to(self, recipient: str, limit: int) -> Sequence[UnsignedNotice]:
        found = (
            select(unsigned_notices)
            .where(unsigned_notices.c.recipient == recipient)
            .order_by(unsigned_notices.c.number, unsigned_notices.c.kept_at)
            .limit(limit)
            .with_for_update()
        )
        return [
            UnsignedNotice(
                id=row.id,
                recipient=row.recipient,
                event=row.event,
                body=row.body,
                subject=row.subject,
            )
            for row in self._connection.execute(found)
        ]

    def remove(self, id: UUID) -> None:
        self._connection.execute(delete(unsigned_notices).where(unsigned_notices.c.id == id))
