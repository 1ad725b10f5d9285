"""Grants: an incentive given to one holder, and each use of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self
from uuid import UUID

from contracts.errors import Refused
from contracts.words import Funding, GrantState, OnCorrection, OnWithdrawal
from services.scenarios.domain.benefit import Benefit
from services.scenarios.domain.bounds import Taking
from services.scenarios.domain.decision import Decision
from services.scenarios.domain.incentive import Incentive
from services.scenarios.domain.recognition import Recognition
from services.scenarios.domain.scenario import Scenario

CORRECTION: Final = "correction"  # why a grant ended whose recognition says less than it did
CORRECTABLE: Final = frozenset({CORRECTION, "score_changed", "fact_disputed"})
"""The reasons for an end that a corrected fact takes away."""


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What the decision to give a grant rested on: enough to explain it, and to take it again."""

    recognition_id: UUID
    attestation_id: UUID
    home: str
    tier: int
    crosswalk: int
    incentive_version: int


@dataclass(frozen=True, kw_only=True)
class Redemption:
    """One use of a grant; its id is the operator's own, so operators cannot meet in it."""

    id: UUID
    operator_id: str
    grant_id: UUID
    uses_left: int
    redeemed_at: datetime
    pass_id: str | None = None


@dataclass(eq=False, kw_only=True)
class Grant:
    """Invariant: it rests on a recognition that stood, and keeps the terms it was issued under.

    It never outlives the recognition's own time.  It leaves the state `open` once, and once more
    for each time it was restored.  Limits and quotas count it in the periods of `counted_at`: when
    it was issued, or reserved before.
    """

    id: UUID
    holder: str
    incentive_id: str
    scenario_id: str
    operator_id: str
    benefit: Benefit
    on_withdrawal: OnWithdrawal
    basis: Basis
    issued_at: datetime
    until: datetime
    uses_left: int
    state: GrantState = GrantState.OPEN
    ended_at: datetime | None = None
    ended_reason: str | None = None
    on_correction: OnCorrection = OnCorrection.RESTORE
    restored: int = 0
    funding: Funding = Funding.HOST_OPERATOR
    district: str | None = None
    counted_at: datetime

    @classmethod
    def issue(
        cls,
        id: UUID,
        incentive: Incentive,
        scenario: Scenario,
        recognition: Recognition,
        decision: Decision,
    ) -> Self:
        """Give what was decided to be given; raises Refused with the decision's refusal.

        Limits are counted by the caller.
        """
        if decision.refusal:
            raise Refused(decision.refusal, incentive.id)
        terms, now = incentive.terms, decision.facts.at
        return cls(
            id=id,
            holder=recognition.holder,
            incentive_id=incentive.id,
            scenario_id=scenario.id,
            operator_id=scenario.operator_id,
            benefit=terms.benefit,
            on_withdrawal=terms.on_withdrawal,
            on_correction=terms.on_correction,
            basis=_basis(recognition, decision.facts.tier, incentive.version),
            issued_at=now,
            counted_at=now,
            district=scenario.district or decision.facts.district,
            until=min(now + timedelta(days=terms.grant_days), recognition.until),
            uses_left=terms.benefit.uses,
            funding=terms.funding,
        )

    @property
    def value_fen(self) -> int:
        """The most it may cost; 0 when its benefit states no bound."""
        return self.benefit.most_fen or 0

    @property
    def is_started(self) -> bool:
        return self.uses_left < self.benefit.uses

    @property
    def reserved_fen(self) -> int:
        """What it holds of a budget: its value, until its first use spends it or it ends."""
        return 0 if self.is_started or self.state is not GrantState.OPEN else self.value_fen

    @property
    def spent_fen(self) -> int:
        """What it may have cost: its value, since its first use."""
        return self.value_fen if self.is_started else 0

    @property
    def taking(self) -> Taking:
        return Taking(holder=self.holder, district=self.district, at=self.counted_at)

    @property
    def outlives_recognition(self) -> bool:
        """Whether it runs on when the recognition behind it ends."""
        return self.on_withdrawal is OnWithdrawal.KEEP_STARTED and self.is_started

    def is_restorable(self, recognition: Recognition, now: datetime) -> bool:
        """Whether a recognition that stands may bring it back, terms and budget allowing.

        Only the same home can have corrected what it was revoked for.
        """
        return (
            self.state is GrantState.REVOKED
            and self.on_correction is OnCorrection.RESTORE
            and self.ended_reason in CORRECTABLE
            and self.basis.home == recognition.home
            and now < min(self.until, recognition.until)
        )

    def state_at(self, now: datetime) -> GrantState:
        """Return the state in truth: time ends a grant before the timer notes it."""
        is_over = self.state is GrantState.OPEN and now >= self.until
        return GrantState.EXPIRED if is_over else self.state

    def objection(self, operator_id: str, now: datetime) -> str | None:
        """Say in one word why this operator cannot redeem it now, or None."""
        if operator_id != self.operator_id:
            return "foreign_pass"
        state = self.state_at(now)
        return None if state is GrantState.OPEN else state.value

    def use(self, redemption_id: UUID, now: datetime, *, pass_id: str | None = None) -> Redemption:
        """Use it once; the last use redeems it.  Only for a grant without objection."""
        self.uses_left -= 1
        if self.uses_left == 0:
            self.state, self.ended_at = GrantState.REDEEMED, now
        return Redemption(
            id=redemption_id,
            operator_id=self.operator_id,
            grant_id=self.id,
            uses_left=self.uses_left,
            redeemed_at=now,
            pass_id=pass_id,
        )

    def end(self, state: GrantState, reason: str, at: datetime) -> None:
        """End it while it is open: expired, or revoked."""
        self.state, self.ended_reason, self.ended_at = state, reason, at

    def restore(self, recognition: Recognition, tier: int) -> None:
        """Open it again, resting on a recognition that stands.  Only when it is restorable."""
        self.state, self.ended_reason, self.ended_at = GrantState.OPEN, None, None
        self.basis = _basis(recognition, tier, self.basis.incentive_version)
        self.until = min(self.until, recognition.until)
        self.restored += 1


def _basis(recognition: Recognition, tier: int, incentive_version: int) -> Basis:
    return Basis(
        recognition_id=recognition.id,
        attestation_id=recognition.attestation_id,
        home=recognition.home,
        tier=tier,
        crosswalk=recognition.crosswalk,
        incentive_version=incentive_version,
    )
