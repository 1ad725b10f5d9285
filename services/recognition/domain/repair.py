"""The repair: a fact whose time and duty are fulfilled loses its effect for good.

It is a right (NDRC order 36 of 2025); who fulfilled their duty is an official's word.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from contracts.errors import Refused
from contracts.words import RepairRefusal, RepairState
from services.recognition.domain.fact import Fact, FactPeriod


@dataclass(eq=False, kw_only=True)
class Repair:
    """Invariant: of one fact, asked for when its minimum period was over; decided once.

    `decided_at` is the day of the fact's document, as it was when the repair was asked for.
    """

    id: UUID
    resident: str
    fact_id: str
    catalogue_item: str
    decided_at: datetime
    opened_at: datetime
    due_at: datetime
    state: RepairState = RepairState.OPEN
    closed_at: datetime | None = None
    refusal: RepairRefusal | None = None
    converged_at: datetime | None = None

    @classmethod
    def ask(
        cls,
        id: UUID,
        resident: str,
        fact: Fact,
        period: FactPeriod,
        *,
        now: datetime,
        due_at: datetime,
    ) -> Self:
        """Ask for the repair of a fact; raises Refused("repair_too_early") with the first day."""
        earliest = period.repairable_at(fact)
        if now < earliest:
            raise Refused("repair_too_early", f"from {earliest.isoformat()}")
        return cls(
            id=id,
            resident=resident,
            fact_id=fact.id,
            catalogue_item=fact.catalogue_item,
            decided_at=fact.decided_at,
            opened_at=now,
            due_at=due_at,
        )

    def decide(self, refusal: RepairRefusal | None, now: datetime) -> bool:
        """Complete it, or refuse it for a reason; say whether that was done now.

        Raises Refused("already_decided") in another way.
        """
        state = RepairState.REFUSED if refusal else RepairState.COMPLETED
        if (self.state, self.refusal) == (state, refusal):
            return False
        if self.state is not RepairState.OPEN:
            raise Refused("already_decided", "repair")
        self.state, self.refusal, self.closed_at = state, refusal, now
        return True
