"""Few rows that every request asks for: kept in memory, and read again each second."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

import structlog

from services.gateway.turns import may_wait
from services.plumbing.clock import Clock
from services.plumbing.database import AWAY

READ_AGAIN: Final = timedelta(seconds=1)
log = structlog.get_logger()
Rows = TypeVar("Rows")


class Recent(Generic[Rows]):
    """Invariant: never answers before a first reading, nor with an older one than before.

    One reads at a time, and the others go on with what is known.  A database that does not answer
    changes nothing: what was read is kept, and read again a second later.
    """

    def __init__(self, read: Callable[[datetime], Rows], clock: Clock) -> None:
        self._read, self._clock = read, clock
        self._known: tuple[datetime, Rows] | None = None
        self._reading = threading.Lock()

    def rows(self) -> Rows:
        """Return them as of a second ago; raise what the first reading raises."""
        known = self._known
        if known is not None and (self._reading.locked() or not self._is_old(known)):
            return known[1]
        may_wait()
        with self._reading:
            known = self._known  # perhaps read by somebody else while this one waited
            if known is None or self._is_old(known):
                known = self._known = self._read_again(known)
        return known[1]

    def _is_old(self, known: tuple[datetime, Rows]) -> bool:
        return self._clock() >= known[0] + READ_AGAIN

    def _read_again(self, known: tuple[datetime, Rows] | None) -> tuple[datetime, Rows]:
        now = self._clock()
        try:
            return now, self._read(now)
        except AWAY as error:
            if known is None:
                raise
            log.warning("not_read_again", error=type(error).__name__)
            return now, known[1]
