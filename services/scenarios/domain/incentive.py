"""Incentives: what a scenario offers, under terms that only change by a new version."""

from dataclasses import dataclass
from datetime import datetime

from contracts.errors import Malformed
from contracts.periods import MOST_DAYS
from contracts.words import Funding, IncentiveState, OnCorrection, OnWithdrawal
from services.scenarios.domain.benefit import Benefit, problems_of
from services.scenarios.domain.conditions import Conditions, contradictions_in
from services.scenarios.domain.limits import Limit, Quota
from services.scenarios.domain.quotas import problems_of_quotas

LONGEST_REVERSIBLE_MINUTES = MOST_DAYS * 24 * 60


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What is offered to whom, within which bounds.

    `budget_fen` bounds what all grants together may cost; `on_withdrawal` says what becomes of a
    grant when the recognition behind it ends, `on_correction` of one that was revoked for what home
    corrects later.
    """

    title: str
    title_en: str
    benefit: Benefit
    minimum_tier: int
    per_holder: Limit
    quota: Limit | None
    budget_fen: int | None
    on_withdrawal: OnWithdrawal
    offered_from: datetime
    offered_until: datetime | None
    grant_days: int
    on_correction: OnCorrection = OnCorrection.RESTORE
    conditions: Conditions | None = None
    quotas: tuple[Quota, ...] = ()
    funding: Funding = Funding.HOST_OPERATOR
    reversible_minutes: int = 0
    notice_days: int = 0

    def check(self, city: str) -> None:
        """Raise Malformed that names each field which contradicts another or bounds nothing.

        Quotas and conditions are for districts of the city.
        """
        if problems := dict(self._problems(city)):
            raise Malformed(errors=problems)

    def _problems(self, city: str) -> "list[tuple[str, str]]":
        found = list(problems_of(self.benefit).items())
        if self.budget_fen is not None:
            if self.budget_fen < 1:
                found.append(("budget_fen", "At least 1 fen."))
            if self.benefit.most_fen is None:
                found.append(("benefit.cap_fen", "A budget needs a cap on what one grant costs."))
            elif self.benefit.most_fen == 0:
                found.append(("budget_fen", "The benefit costs no money that it could bound."))
        if self.offered_until is not None and self.offered_until <= self.offered_from:
            found.append(("offered_until", "Not after offered_from."))
        found += problems_of_quotas(self, city)
        if self.conditions is not None:
            found.extend(contradictions_in(self.conditions, city))
        if self.on_withdrawal is OnWithdrawal.CALL_BACK and not self.notice_days:
            found.append(("notice_days", "Calling back needs a notice of at least a day."))
        found += self._beyond_the_calendar()
        return found

    def _beyond_the_calendar(self) -> "list[tuple[str, str]]":
        bounds = {
            "grant_days": MOST_DAYS,
            "notice_days": MOST_DAYS,
            "reversible_minutes": LONGEST_REVERSIBLE_MINUTES,
        }
        return [
            (name, f"At most {most}.")
            for name, most in bounds.items()
            if getattr(self, name) > most
        ]


@dataclass(frozen=True, kw_only=True)
class Incentive:
    """One version of an incentive.  Invariant: it stays in its scenario; its terms never change.

    `state` is where the incentive stood at the moment it was asked for.
    """

    id: str
    scenario_id: str
    version: int
    terms: Terms
    state: IncentiveState = IncentiveState.PUBLISHED
    published_at: datetime | None = None

    def has_begun(self, at: datetime) -> bool:
        """Say whether it was published by then, and is offered from then or earlier."""
        published_at = self.published_at
        return published_at is not None and max(published_at, self.terms.offered_from) <= at

    def is_offered(self, now: datetime) -> bool:
        until = self.terms.offered_until
        started = self.terms.offered_from <= now and (until is None or now < until)
        return started and self.state is IncentiveState.PUBLISHED
