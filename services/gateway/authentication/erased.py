"""Holders who were erased: their sessions are over, though the tokens are good for hours yet."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, select

from services.gateway.adapters.recent import Recent
from services.gateway.adapters.tables import erased_holders
from services.plumbing.clock import Clock


class ErasedHolders:
    """Invariant: knows of an erasure a second after the read side does, if the database answers.

    There are few, so all are kept in memory; a question costs no read of its own.
    """

    def __init__(self, engine: Engine, clock: Clock, longest_session: timedelta) -> None:
        self._engine, self._longest = engine, longest_session
        self._recent = Recent(self._read, clock)

    def __contains__(self, holder: object) -> bool:
        return holder in self._recent.rows()

    def _read(self, now: datetime) -> frozenset[str]:
        since = now - self._longest
        found = select(erased_holders.c.holder).where(erased_holders.c.erased_at >= since)
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(found))
