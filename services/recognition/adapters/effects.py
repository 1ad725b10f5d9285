"""What this city asked of others by notices, in a table of its own."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select, update

from services.plumbing.rows import delete_some, insert_once
from services.recognition.adapters.tables import effects
from services.recognition.domain.effect import Effect


class SqlEffects:
    """Keeps each notice once; that it was applied is first said by its recipient, and stands."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def expect(self, notice_id: UUID, recipient: str, cause: UUID, at: datetime) -> None:
        row = {"recipient": recipient, "cause": cause, "asked_at": at}
        if insert_once(self._connection, effects, notice_id=notice_id, **row):
            return
        its_own = (effects.c.notice_id == notice_id, effects.c.cause == notice_id)
        self._connection.execute(update(effects).where(*its_own).values(cause=cause))

    def cause_of(self, notice_id: UUID, recipient: str) -> UUID | None:
        found = select(effects.c.cause).where(
            effects.c.notice_id == notice_id, effects.c.recipient == recipient
        )
        return self._connection.execute(found).scalar_one_or_none()

    def applied(self, notice_id: UUID, recipient: str, at: datetime) -> bool:
        cause = self.cause_of(notice_id, recipient)
        if cause is None:
            return False
        # All rows of the cause are locked, so that of two effects one is seen to be the last.
        waiting = {effect.notice_id for effect in self.of(cause) if effect.applied_at is None}
        if notice_id not in waiting:
            return False
        self._connection.execute(
            update(effects).where(effects.c.notice_id == notice_id).values(applied_at=at)
        )
        return True

    def of(self, cause: UUID) -> Sequence[Effect]:
        found = (
            select(effects)
            .where(effects.c.cause == cause)
            .order_by(effects.c.asked_at, effects.c.notice_id)
            .with_for_update()
        )
        return [Effect(**row) for row in self._connection.execute(found).mappings()]

    def forget_before(self, moment: datetime, limit: int) -> int:
        return delete_some(self._connection, effects, effects.c.asked_at < moment, limit)
