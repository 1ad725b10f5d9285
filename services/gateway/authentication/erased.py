"""Holders who were erased: their sessions are over, though the tokens are good for hours yet."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine, select

from services.gateway.adapters.tables import erased_holders
from services.plumbing.clock import Clock

READ_AGAIN: Final = timedelta(seconds=1)


class ErasedHolders:
    """Invariant: knows of an erasure a second after the read side does.

    There are few, so all are kept in memory; a question costs no read of its own.
    """

    def __init__(self, engine: Engine, clock: Clock, longest_session: timedelta) -> None:
        self._engine, self._clock, self._longest = engine, clock, longest_session
        self._known: frozenset[str] = frozenset()
        self._read_at: datetime | None = None

    def __contains__(self, holder: object) -> bool:
        now = self._clock()
        if self._read_at is None or now >= self._read_at + READ_AGAIN:
            self._read_at = now  # before reading: others need not read at the same time
            self._known = self._read(now - self._longest)
        return holder in self._known

    def _read(self, since: datetime) -> frozenset[str]:
        found = select(erased_holders.c.holder).where(erased_holders.c.erased_at >= since)
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(found))
