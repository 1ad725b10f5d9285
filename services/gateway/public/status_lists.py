"""Status lists as they were signed, each kept for a moment."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from contracts.recognition import ShowStatusList, StatusListToken
from services.gateway.calls import Bus
from services.plumbing.clock import Clock

KEPT: Final = timedelta(seconds=30)
MOST_KEPT: Final = 64


class RecentStatusLists:
    """Invariant: whoever asks, a list is signed anew at most every 30 seconds.

    That is how much later a revocation shows than it might; partner cities get a notice at once.
    """

    def __init__(self, bus: Bus, clock: Clock) -> None:
        self._bus, self._clock = bus, clock
        self._kept: dict[ShowStatusList, StatusListToken] = {}
        self._until = clock()

    def find(self, wanted: ShowStatusList, cause: UUID | None) -> StatusListToken:
        """Return a list; raise what recognition raises."""
        now = self._clock()
        if now >= self._until or len(self._kept) >= MOST_KEPT:
            self._kept, self._until = {}, now + KEPT
        known = self._kept.get(wanted)
        if known is None or now >= known.until:
            known = self._kept[wanted] = self._bus.call(wanted, cause=cause)
        return known
