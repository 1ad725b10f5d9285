"""Leave a destination in peace that fails again and again."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass
class Breaker:
    """Invariant: after `failures` in a row nothing is tried for `rest`, then one attempt is.

    What that attempt meets decides whether the destination is tried freely again.
    """

    failures: int
    rest: timedelta
    address: str = ""  # what is said of one address says nothing of the next
    _failed: int = 0
    _resting_until: datetime | None = None

    def allows(self, now: datetime) -> bool:
        """Say whether an attempt may be made now."""
        return self._resting_until is None or now >= self._resting_until

    @property
    def is_open(self) -> bool:
        """Say whether the destination is not trusted at present."""
        return self._resting_until is not None

    def succeeded(self) -> None:
        self._failed, self._resting_until = 0, None

    def failed(self, now: datetime) -> None:
        self._failed += 1
        if self._failed >= self.failures:
            self.open(now)

    def open(self, now: datetime) -> None:
        """Let it rest at once."""
        self._resting_until = now + self.rest
