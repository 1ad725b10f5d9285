"""Grants: an incentive given to one holder, from its issue to its end."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self
from uuid import UUID

from contracts.errors import Refused
from contracts.words import Funding, GrantState, OnCorrection, OnWithdrawal
from services.scenarios.domain.basis import Basis
from services.scenarios.domain.benefit import Benefit, hold_days_of
from services.scenarios.domain.bounds import Taking
from services.scenarios.domain.decision import Decision
from services.scenarios.domain.incentive import Incentive
from services.scenarios.domain.recall import Recall
from services.scenarios.domain.reckoning import Asked, Reckoning, reckon
from services.scenarios.domain.recognition import Recognition
from services.scenarios.domain.redemption import Redemption, ends_of
from services.scenarios.domain.scenario import Scenario
from services.scenarios.domain.transitions import check_move

CORRECTION: Final = "correction"  # why a grant ended whose recognition says less than it did
CORRECTABLE: Final = frozenset({CORRECTION, "score_changed", "fact_disputed"})
"""The reasons for an end that a corrected fact takes away."""
VOUCHER: Final = "voucher"  # the one benefit whose use may be a part


@dataclass(eq=False, kw_only=True)
class Grant:
    """Invariant: it rests on a recognition that stood, and keeps the terms it was issued under.

    It never outlives the recognition's own time.  It leaves the state `open` once, and once more
    for each time it was restored or a use of it reversed.  `spent_fen` is what its uses gave; of
    what they did not give, `held_fen` stays reserved until `held_until`.  Limits and quotas count
    it in the periods of `counted_at`: when it was issued, or reserved before.
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
    reversible_minutes: int = 0
    spent_fen: int = 0
    held_fen: int = 0
    held_until: datetime | None = None
    notice_days: int = 0
    recall: Recall | None = None
    recalls: int = 0

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
            basis=Basis.on(recognition, decision.facts.tier, incentive.version),
            issued_at=now,
            counted_at=now,
            district=scenario.district or decision.facts.district,
            until=min(now + timedelta(days=terms.grant_days), recognition.until),
            uses_left=terms.benefit.uses,
            funding=terms.funding,
            reversible_minutes=terms.reversible_minutes,
            notice_days=terms.notice_days,
        )

    @property
    def value_fen(self) -> int:
        """The most it may cost; 0 when its benefit states no bound."""
        return self.benefit.most_fen or 0

    @property
    def is_started(self) -> bool:
        return self.uses_left < self.benefit.uses or self.spent_fen > 0

    @property
    def left_fen(self) -> int:
        """What its uses may still give; of a used up one nothing."""
        return max(0, self.value_fen - self.spent_fen) if self.uses_left else 0

    @property
    def reserved_fen(self) -> int:
        """What it holds of a budget: what it may still give while it is open, and what is held."""
        return self.held_fen + (self.left_fen if self.state is GrantState.OPEN else 0)

    @property
    def taking(self) -> Taking:
        return Taking(holder=self.holder, district=self.district, at=self.counted_at)

    @property
    def last_until(self) -> datetime:
        """Until when it is used at the longest: a recall that no correction takes back stands."""
        if self.recall is None or self.recall.reason in CORRECTABLE:
            return self.until
        return min(self.until, self.recall.ends_at)

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
            and now < min(self.last_until, recognition.until)
        )

    def state_at(self, now: datetime) -> GrantState:
        """Return the state in truth: time ends a grant before the timer notes it."""
        if self.state is not GrantState.OPEN:
            return self.state
        if self.recall and now >= self.recall.ends_at and self.recall.ends_at < self.until:
            return GrantState.REVOKED
        return GrantState.EXPIRED if now >= self.until else self.state

    def objection(self, operator_id: str, now: datetime) -> str | None:
        """Say in one word why this operator cannot redeem it now, or None."""
        if operator_id != self.operator_id:
            return "foreign_pass"
        state = self.state_at(now)
        return None if state is GrantState.OPEN else state.value

    def use(
        self,
        redemption_id: UUID,
        now: datetime,
        *,
        pass_id: str | None = None,
        asked: Asked | None = None,
    ) -> Redemption:
        """Use it once; the last use redeems it.  Only for a grant without objection.

        A voucher is used up when nothing is left of it.  What the last use did not give stays
        reserved as long as it can be reversed, and a waived deposit as long as it can be called.
        """
        asked = asked or Asked()
        unused_fen = self.left_fen
        given = reckon(self.benefit, asked, unused_fen)
        reversible_until, held_until = ends_of(
            given,
            now=now,
            reversible_minutes=self.reversible_minutes,
            hold_days=hold_days_of(self.benefit),
        )
        self.spent_fen += given.given_fen
        unused_fen = max(0, unused_fen - given.given_fen)
        if not (self.benefit.TYPE == VOUCHER and unused_fen):
            self.uses_left -= 1
        if self.uses_left == 0:
            self._move(GrantState.REDEEMED)
            self.ended_at = now
            self._hold(unused_fen, given, reversible_until, held_until)
        return Redemption(
            id=redemption_id,
            operator_id=self.operator_id,
            grant_id=self.id,
            uses_left=self.uses_left,
            redeemed_at=now,
            pass_id=pass_id,
            asked_fen=asked.fen,
            asked_minutes=asked.minutes,
            left_fen=self.left_fen,
            reversible_until=reversible_until,
            held_until=held_until,
            **vars(given),
        )

    def _hold(
        self,
        unused_fen: int,
        given: Reckoning,
        reversible_until: datetime | None,
        held_until: datetime | None,
    ) -> None:
        held = unused_fen if reversible_until else min(unused_fen, given.waived_fen or 0)
        ends = [end for end in (reversible_until, held_until) if end]
        self.held_fen, self.held_until = (held, max(ends)) if held else (0, None)

    def release(self) -> None:
        """Hold nothing any more."""
        self.held_fen, self.held_until = 0, None

    def take_back(self, redemption: Redemption) -> None:
        """Undo a use; one that was used up is open again, one that ended otherwise stays ended."""
        self.spent_fen -= redemption.given_fen
        self.uses_left = min(self.benefit.uses, self.uses_left + 1)
        self.release()
        if self.state is GrantState.REDEEMED:
            self._move(GrantState.OPEN)
            self.ended_at = None

    def call(self, called_fen: int) -> None:
        """Spend what is called of a waived deposit, and release the rest."""
        self.spent_fen += called_fen
        self.release()

    def end(self, state: GrantState, reason: str, at: datetime) -> None:
        """End it while it is open: expired, or revoked."""
        self._move(state)
        self.ended_reason, self.ended_at = reason, at

    def restore(self, recognition: Recognition, tier: int) -> None:
        """Open it again, resting on a recognition that stands.  Only when it is restorable."""
        self._move(GrantState.OPEN)
        self.ended_reason, self.ended_at = None, None
        if self.recall and self.recall.reason in CORRECTABLE:
            self.recall = None
        self.basis = Basis.on(recognition, tier, self.basis.incentive_version)
        self.until = min(self.until, recognition.until)
        self.restored += 1

    def warn(self, reason: str, days: int, now: datetime) -> Recall:
        """Recall it while it is open: it ends after so many days, or when its time is up."""
        self._move(GrantState.OPEN)
        self.recall, self.recalls = Recall.after(days, reason, now), self.recalls + 1
        return self.recall

    def is_keepable(self, recognition: Recognition, now: datetime) -> bool:
        """Whether a recognition that stands may take a recall back, terms allowing."""
        return (
            self.recall is not None
            and self.state_at(now) is GrantState.OPEN
            and self.on_correction is OnCorrection.RESTORE
            and self.recall.reason in CORRECTABLE
            and self.basis.home == recognition.home
        )

    def keep(self, recognition: Recognition, tier: int) -> None:
        """Take its recall back; it rests on a recognition that stands."""
        self._move(GrantState.OPEN)
        self.recall = None
        self.basis = Basis.on(recognition, tier, self.basis.incentive_version)
        self.until = min(self.until, recognition.until)

    def _move(self, to: GrantState) -> None:
        check_move(self.state, to)
        self.state = to
