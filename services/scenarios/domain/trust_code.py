"""A housekeeper's trust code: a colour computed at the moment it is shown (DB33/T 2396)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from contracts.states import Colour, EmploymentState, Shortfall
from services.scenarios.domain.evidence_facts import EvidenceFacts
from services.scenarios.domain.substitution import Check, SubstitutionRule, judge

CODE_LIFE: Final = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Employment:
    """Invariant: a housekeeper has at most one active employer, whom they named themselves."""

    id: UUID
    holder: str
    operator_id: str
    scenario_id: str
    since: datetime
    ended_at: datetime | None = None

    @property
    def state(self) -> EmploymentState:
        return EmploymentState.ACTIVE if self.ended_at is None else EmploymentState.ENDED

    def ended(self, now: datetime) -> "Employment":
        return self if self.ended_at else replace(self, ended_at=now)


def colour_of(
    rule: SubstitutionRule, facts: EvidenceFacts, at: datetime
) -> tuple[Colour, Sequence[Check]]:
    """Return the colour, and the checks that are not met.

    Red when something that the rule bars is on record (an identity in doubt), yellow when something
    is missing or over, else green.
    """
    failed = [check for check in judge(rule, facts, None, at) if check.shortfall]
    if any(check.shortfall is Shortfall.BARRED for check in failed):
        return Colour.RED, failed
    return (Colour.YELLOW if failed else Colour.GREEN), failed
