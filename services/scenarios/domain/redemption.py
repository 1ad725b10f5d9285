"""Redemptions: one use of a grant each, what it came to, and whether it still stands."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from contracts.errors import Refused
from services.scenarios.domain.reckoning import Asked, Reckoning


@dataclass(frozen=True, kw_only=True)
class Redemption:
    """One use of a grant; its id is the operator's own, so operators cannot meet in it.

    It can be reversed until `reversible_until`.  A deposit it waived can be called until
    `held_until`, once; `called_fen` is 0 when it was given back.
    """

    id: UUID
    operator_id: str
    grant_id: UUID
    uses_left: int
    redeemed_at: datetime
    pass_id: str | None = None
    asked_fen: int | None = None
    asked_minutes: int | None = None
    given_fen: int = 0
    charged_fen: int | None = None
    given_minutes: int | None = None
    charged_minutes: int | None = None
    waived_fen: int | None = None
    left_fen: int = 0
    reversible_until: datetime | None = None
    held_until: datetime | None = None
    reversal_id: UUID | None = None
    reversed_at: datetime | None = None
    called_fen: int | None = None
    called_at: datetime | None = None

    @property
    def asked(self) -> Asked:
        return Asked(fen=self.asked_fen, minutes=self.asked_minutes)

    def reverse(self, reversal_id: UUID, now: datetime) -> "Redemption":
        """Take it back; raises Refused already_reversed or not_reversible."""
        if self.reversed_at is not None:
            raise Refused("already_reversed")
        if self.called_at is not None:
            raise Refused("not_reversible", "its deposit was called or given back")
        if self.reversible_until is None or now >= self.reversible_until:
            raise Refused("not_reversible")
        return replace(self, reversal_id=reversal_id, reversed_at=now)

    def call(self, called_fen: int, now: datetime) -> "Redemption":
        """Ask for some of the deposit, or for none and give it back; raises Refused hold_over."""
        if self.waived_fen is None or self.reversed_at is not None:
            raise Refused("hold_over", "no deposit was waived")
        if self.held_until is None or now >= self.held_until:
            raise Refused("hold_over")
        if called_fen > self.waived_fen:
            raise Refused("hold_over", f"{self.waived_fen} fen were waived")
        return replace(self, called_fen=called_fen, called_at=now)


def ends_of(
    reckoning: Reckoning, *, now: datetime, reversible_minutes: int, hold_days: int
) -> tuple[datetime | None, datetime | None]:
    """Return until when a use can be reversed, and until when a deposit it waived can be called."""
    reversible = now + timedelta(minutes=reversible_minutes) if reversible_minutes else None
    held = now + timedelta(days=hold_days) if reckoning.waived_fen is not None else None
    return reversible, held
