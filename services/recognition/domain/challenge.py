"""The challenge: what makes a presentation an answer to this city, now, and only once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self
from uuid import UUID

from contracts.errors import Refused

LIFE: Final = timedelta(minutes=5)
KEPT: Final = timedelta(hours=1)  # after its end; then it is unknown, which is a refusal as well


@dataclass(eq=False, kw_only=True)
class Challenge:
    """Invariant: good for one verdict, whether yes or no, within its short life."""

    id: UUID
    nonce: str
    until: datetime
    used_at: datetime | None = None

    @classmethod
    def open(cls, id: UUID, nonce: str, now: datetime) -> Self:
        return cls(id=id, nonce=nonce, until=now + LIFE)

    def check_open(self, now: datetime) -> None:
        """Raise Refused challenge_used or challenge_expired unless it may still be answered."""
        if self.used_at is not None:
            raise Refused("challenge_used")
        if now >= self.until:
            raise Refused("challenge_expired")

    def use(self, now: datetime) -> None:
        """Spend it; raises as check_open does."""
        self.check_open(now)
        self.used_at = now
