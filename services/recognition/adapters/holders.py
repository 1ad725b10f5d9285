"""Whom a host knows: the names that home cities give, and the one name used here for each person.

Everything beyond this table knows the random name alone, so that destroying a person's rows here
leaves nobody able to say whom the rest is about.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, exists, not_, select, update

from services.plumbing.rows import insert_once
from services.recognition.adapters.tables import erased_holders, holders, recognitions


class SqlHolders:
    """Invariant: a name from outside stands for one holder at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def name(self, subs: Sequence[str], new: str, now: datetime) -> str:
        # All rows are there before any is read: two first presentations at once meet at them.
        unknown = [
            insert_once(self._connection, holders, sub=sub, holder=new, known_at=now)
            for sub in sorted(subs)
        ]
        if all(unknown):
            return new
        rows = self._locked(subs)
        oldest = min(rows, key=lambda row: (row.known_at, row.holder))
        others = {row.holder for row in rows} - {oldest.holder}
        if others:
            self._connection.execute(
                update(holders)
                .where(holders.c.holder.in_(others))
                .values(holder=oldest.holder, known_at=oldest.known_at)
            )
        return str(oldest.holder)

    def known(self, subs: Sequence[str]) -> Sequence[str]:
        return sorted({row.holder for row in self._locked(subs)})

    def is_known(self, holder: str) -> bool:
        found = select(holders.c.sub).where(holders.c.holder == holder).limit(1)
        return self._connection.execute(found).first() is not None

    def forget(self, holder: str, now: datetime) -> None:
        self._connection.execute(delete(holders).where(holders.c.holder == holder))
        insert_once(self._connection, erased_holders, holder=holder, erased_at=now)

    def forget_later(self, holder: str, now: datetime) -> None:
        mine = and_(holders.c.holder == holder, holders.c.erased_at.is_(None))
        self._connection.execute(update(holders).where(mine).values(erased_at=now))

    def to_forget(self, now: datetime, limit: int) -> Sequence[str]:
        stood_by = exists().where(
            recognitions.c.holder == holders.c.holder,
            recognitions.c.ended_at.is_(None),
            recognitions.c.until > now,
        )
        found = (
            select(holders.c.holder)
            .where(holders.c.erased_at.is_not(None), not_(stood_by))
            .limit(limit)
            .with_for_update()
        )
        return sorted(set(self._connection.scalars(found)))

    def _locked(self, subs: Sequence[str]) -> Sequence[Row[Any]]:
        found = select(holders).where(holders.c.sub.in_(subs)).order_by(holders.c.sub)
        return self._connection.execute(found.with_for_update()).all()
