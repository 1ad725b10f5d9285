"""Substitution: evidence, and where the rule asks for it a commitment, instead of a deposit.

What a rule sees is EvidenceFacts and a Commitment: neither knows a score or a tier (ADR 0034).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from contracts.errors import Malformed
from contracts.states import Replacement, RuleEnd, Shortfall, SubstitutionState
from services.scenarios.domain.evidence import Subject
from services.scenarios.domain.evidence_facts import FORGOTTEN, EvidenceFacts
from services.scenarios.domain.rule_life import REGISTERED, RuleLife

LONGEST_NOTICE_DAYS: Final = 366
NO_TEXT: Final = "0" * 64  # the digest of what was forgotten


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """Evidence of one item; with `accepts`, only of one of these values."""

    item: str
    accepts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SubstitutionRule:
    """Invariant: it asks for evidence or a commitment, and states its notice of a call back.

    `barred_by` are items of which nothing may be on record.
    """

    id: str
    scenario_id: str
    title: str
    title_en: str
    requires: tuple[Requirement, ...]
    barred_by: tuple[str, ...]
    wants_commitment: bool
    replaces_fen: int
    by: Replacement | None
    notice_days: int
    life: RuleLife = REGISTERED

    def activated(self, now: datetime) -> "SubstitutionRule":
        """Begin to decide; raises Conflict("id_reused") for one that has stopped."""
        return replace(self, life=self.life.activated(now))

    def stopped(self, why: RuleEnd, now: datetime) -> "SubstitutionRule":
        """Decide no more."""
        return replace(self, life=self.life.stopped(why, now))

    def check(self) -> None:
        """Raise Malformed that names each field which contradicts another or asks for nothing."""
        problems = {}
        if not self.requires and not self.wants_commitment:
            problems["requires"] = "Asks for nothing."
        if bool(self.replaces_fen) != (self.by is not None):
            problems["by"] = "A deposit and what takes its place are stated together."
        if self.notice_days > LONGEST_NOTICE_DAYS:
            problems["notice_days"] = f"At most {LONGEST_NOTICE_DAYS}."
        if len(set(self.items)) != len(self.items):
            problems["requires"] = "Names an item twice."
        if problems:
            raise Malformed(errors=problems)

    @property
    def items(self) -> tuple[str, ...]:
        """The items that a decision looks at."""
        return (*(each.item for each in self.requires), *self.barred_by)


@dataclass(frozen=True, kw_only=True)
class Commitment:
    """What a subject signed, by the digest of its text; a breach ends what rests on it."""

    document_number: str
    digest: str
    signed_at: datetime
    until: datetime | None
    breached_at: datetime | None = None
    breach_number: str | None = None

    @property
    def is_forgotten(self) -> bool:
        """Whether what it said was erased with its holder."""
        return self.digest == NO_TEXT

    @property
    def as_signed(self) -> "Commitment":
        """What it said before any breach of it was noted."""
        return replace(self, breached_at=None, breach_number=None)

    def shortfall(self, at: datetime) -> Shortfall | None:
        if self.breached_at is not None and self.breached_at <= at:
            return Shortfall.COMMITMENT_BREACHED
        if self.until is not None and self.until <= at:
            return Shortfall.COMMITMENT_OVER
        return Shortfall.NO_COMMITMENT if at < self.signed_at else None


@dataclass(frozen=True, kw_only=True)
class Check:
    """What became of one thing that a rule asks for, and the evidence it was judged by."""

    item: str
    shortfall: Shortfall | None = None
    evidence_ids: tuple[UUID, ...] = ()


COMMITMENT: Final = "commitment"
"""The item of the check that no evidence, but the commitment itself answers."""


def judge(
    rule: SubstitutionRule, facts: EvidenceFacts, commitment: Commitment | None, at: datetime
) -> tuple[Check, ...]:
    """Judge everything the rule asks for; it is met when no check has a shortfall."""
    return tuple(_checks(rule, facts, commitment, at))


def _checks(
    rule: SubstitutionRule, facts: EvidenceFacts, commitment: Commitment | None, at: datetime
) -> Iterator[Check]:
    for required in rule.requires:
        found = facts.of(required.item, at)
        good = [f for f in found if not required.accepts or f.grade in required.accepts]
        shortfall = None if good else Shortfall.TOO_LOW if found else Shortfall.MISSING
        ids = tuple(fact.evidence_id for fact in good or found)
        yield Check(item=required.item, shortfall=shortfall, evidence_ids=ids)
    for item in rule.barred_by:
        found = facts.of(item, at)
        ids = tuple(fact.evidence_id for fact in found)
        yield Check(item=item, shortfall=Shortfall.BARRED if found else None, evidence_ids=ids)
    if rule.wants_commitment:
        missing = Shortfall.NO_COMMITMENT
        yield Check(item=COMMITMENT, shortfall=commitment.shortfall(at) if commitment else missing)


def is_met(checks: tuple[Check, ...]) -> bool:
    """Say whether a rule is met; without a single check it is not."""
    return bool(checks) and not any(check.shortfall for check in checks)


@dataclass(frozen=True, kw_only=True)
class Substitution:
    """Invariant: it ends only after a call back whose notice was over, never silently.

    It stands under the rule that it was decided by.  A declined one stays declined.
    """

    id: UUID
    operator_id: str
    scenario_id: str
    rule_id: str
    subject: Subject
    commitment: Commitment | None
    state: SubstitutionState
    checks: tuple[Check, ...]
    replaces_fen: int
    decided_at: datetime
    checked_at: datetime
    notice_until: datetime | None = None
    ended_at: datetime | None = None

    @property
    def is_standing(self) -> bool:
        return self.state in {SubstitutionState.OPEN, SubstitutionState.CALLED_BACK}

    def checked(
        self, rule: SubstitutionRule, facts: EvidenceFacts, now: datetime
    ) -> "Substitution":
        """Return it as it stands now that the same rule was judged again.

        What no longer holds calls it back with notice; what holds again within the notice opens
        it; when the notice is over it ends.
        """
        checks = judge(rule, facts, self.commitment, now)
        looked = replace(self, checks=checks, checked_at=now)
        if not self.is_standing:
            return self
        if is_met(checks):
            return replace(looked, state=SubstitutionState.OPEN, notice_until=None)
        if self.notice_until is None:
            until = now + timedelta(days=rule.notice_days)
            return replace(looked, state=SubstitutionState.CALLED_BACK, notice_until=until)
        if now >= self.notice_until:
            return replace(looked, state=SubstitutionState.ENDED, ended_at=self.notice_until)
        return looked

    def breached(self, document_number: str, at: datetime) -> "Substitution":
        """Note by which document its commitment was found broken; once.

        Of a commitment that is forgotten the document is not kept either.
        """
        if self.commitment is None or self.commitment.breached_at is not None:
            return self
        number = FORGOTTEN if self.commitment.is_forgotten else document_number
        broken = replace(self.commitment, breached_at=at, breach_number=number)
        return replace(self, commitment=broken)
