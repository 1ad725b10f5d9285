"""Screening: what the law lets somebody look up, and nothing else.

A rule sees StatutoryEvidence alone.  There is no parameter by which a score, a tier or a
recognition could come in, and no rule without a legal basis can be made (ADR 0034).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from contracts.errors import Malformed, Refused
from contracts.states import RuleEnd, RuleState, ScreeningState
from services.scenarios.domain.catalogue_item import LegalBasis
from services.scenarios.domain.coverage import Coverage
from services.scenarios.domain.evidence import Subject
from services.scenarios.domain.evidence_facts import Fact, StatutoryEvidence
from services.scenarios.domain.rule_life import REGISTERED, RuleLife

# Words by which a name would speak of somebody's score or place in an order, in either language.
_SCORE_WORDS: Final = frozenset({"score", "scores", "tier", "tiers", "band", "bands", "points"})
_JUDGED_WORDS: Final = frozenset(
    {"grade", "grades", "level", "levels", "rank", "rating", "ratings"}
)
_SCORE_SIGNS: Final = ("分", "等级", "评级", "信用级别")
_WORDS: Final = re.compile(r"[a-z]+")
LONGEST_OBJECTION_DAYS: Final = 366
LONGEST_REPORT_AGE_DAYS: Final = 92


def names_a_score(text: str) -> bool:
    """Say whether a name or an expression speaks of a score, a tier or the like."""
    words = set(_WORDS.findall(text.lower()))
    return bool(words & (_SCORE_WORDS | _JUDGED_WORDS)) or any(s in text for s in _SCORE_SIGNS)


def check_names_no_score(names: Iterable[str]) -> None:
    """Raise Refused("score_not_allowed") naming the first that speaks of one."""
    for name in names:
        if names_a_score(name):
            raise Refused("score_not_allowed", name[:100])


@dataclass(frozen=True, kw_only=True)
class ScreeningRule:
    """Invariant: it rests on a legal basis, looks up lists only, and asks for no score.

    `objection_days` is how long who is told of a finding may object (vetting.py),
    `report_age_days` how far back the reports of a list may end.
    """

    id: str
    scenario_id: str
    title: str
    title_en: str
    lists: tuple[str, ...]
    legal_basis: LegalBasis
    objection_days: int
    report_age_days: int
    life: RuleLife = REGISTERED

    def activated(self, now: datetime) -> "ScreeningRule":
        """Begin to decide; raises Conflict("id_reused") for one that has stopped."""
        return replace(self, life=self.life.activated(now))

    def stopped(self, why: RuleEnd, now: datetime) -> "ScreeningRule":
        """Decide no more."""
        return replace(self, life=self.life.stopped(why, now))

    def check(self, now: datetime) -> None:
        """Raise Refused score_not_allowed or legal_basis_missing, Malformed for no list or days."""
        check_names_no_score(self.lists)
        if not self.legal_basis.in_force(now):
            raise Refused("legal_basis_missing", "the legal basis is not in force")
        problems = {}
        if not self.lists:
            problems["lists"] = "Names no list."
        if self.objection_days > LONGEST_OBJECTION_DAYS:
            problems["objection_days"] = f"At most {LONGEST_OBJECTION_DAYS}."
        if self.report_age_days > LONGEST_REPORT_AGE_DAYS:
            problems["report_age_days"] = f"At most {LONGEST_REPORT_AGE_DAYS}."
        if problems:
            raise Malformed(errors=problems)

    def is_in_force(self, at: datetime) -> bool:
        """Say whether it decides at a moment: active, and its legal basis in force."""
        return self.life.state is RuleState.ACTIVE and self.legal_basis.in_force(at)


@dataclass(frozen=True, kw_only=True)
class Screening:
    """Invariant: an answer is a fact, its basis and its expiry; who asked and why is on record."""

    id: UUID
    operator_id: str
    scenario_id: str
    rule_id: str | None
    subject: Subject
    why: str
    state: ScreeningState
    facts: tuple[Fact, ...]
    coverage: tuple[Coverage, ...]
    screened_at: datetime


def screen(
    rule: ScreeningRule | None, evidence: StatutoryEvidence, at: datetime
) -> tuple[ScreeningState, tuple[Fact, ...]]:
    """Look a subject up on the lists of a rule.

    Without a rule in force there is no answer.  What is not found is "not listed" only when the
    sources of all lists answer for this moment; a list that no source covers may hold anything.
    """
    if rule is None or not rule.is_in_force(at):
        return ScreeningState.NO_RULE_IN_FORCE, ()
    found = tuple(e for e in evidence.entries if e.item_id in rule.lists and e.holds(at))
    if found:
        return ScreeningState.LISTED, found
    if not evidence.covered.issuperset(rule.lists):
        return ScreeningState.NOT_COVERED, ()
    return ScreeningState.NOT_LISTED, ()
