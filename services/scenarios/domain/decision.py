"""The decision: whether a version of an incentive gives to whom these facts are true of.

One pure function of terms and facts, so a decision of any day can be taken again.  It sees a tier
and never a score.  Limits, quotas and budget are counted by the caller as they are taken; what they
say is a finding like any other.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from contracts import expressions
from contracts.words import Category, Condition
from services.scenarios.domain.conditions import Conditions
from services.scenarios.domain.facts import Facts
from services.scenarios.domain.incentive import Incentive

_REFUSALS: Final = {
    Condition.PURPOSE: "purpose_not_covered",
    Condition.OFFERED: "not_offered",
    Condition.TIER: "tier_below_minimum",
    Condition.HOME: "home_not_covered",
    Condition.ATTESTATION_AGE: "attestation_too_old",
    Condition.WEEKDAY: "outside_weekdays",
    Condition.HOURS: "outside_hours",
    Condition.DISTRICT: "outside_district",
    Condition.EXCLUSION: "excluded_by_other",
    Condition.EXPRESSION: "condition_not_met",
    Condition.HOLDER_LIMIT: "holder_limit_reached",
    Condition.QUOTA: "quota_exhausted",
    Condition.BUDGET: "budget_exhausted",
}

_ASKED_AGAIN: Final = {Condition.PURPOSE, Condition.TIER, Condition.EXCLUSION}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one condition asked, what was found, and whether it held; texts name no person."""

    condition: Condition
    held: bool
    asked: str
    found: str

    @property
    def refusal(self) -> str | None:
        """The word of contracts/errors.py for one that did not hold."""
        if self.held:
            return None
        return _REFUSALS.get(self.condition, self.found)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Invariant: `findings` are in the order in which conditions are asked."""

    incentive_id: str
    incentive_version: int
    facts: Facts
    findings: tuple[Finding, ...]

    @property
    def unmet(self) -> frozenset[Condition]:
        return frozenset(each.condition for each in self.findings if not each.held)

    @property
    def refusal(self) -> str | None:
        """Why it is refused: the first finding that did not hold; None means it is granted."""
        return next((each.refusal for each in self.findings if not each.held), None)


def decide(incentive: Incentive, category: Category, facts: Facts) -> Decision:
    """Judge every condition of a version of an incentive in a scenario of the category."""
    return Decision(
        incentive_id=incentive.id,
        incentive_version=incentive.version,
        facts=facts,
        findings=(*_of_terms(incentive, category, facts), *_of_conditions(incentive, facts)),
    )


def is_met_again(incentive: Incentive, category: Category, facts: Facts, tier_then: int) -> bool:
    """Say whether the terms a grant was given under are met by what its recognition says now.

    Days, hours, places and ages were met when it was given.  Purpose, tier and exclusions are asked
    again, and an expression as far as it turns on the tier.
    """
    then = decide(incentive, category, replace(facts, tier=tier_then)).unmet
    now = decide(incentive, category, facts).unmet
    return not (now & _ASKED_AGAIN or Condition.EXPRESSION in now - then)


def _of_terms(incentive: Incentive, category: Category, facts: Facts) -> Iterator[Finding]:
    terms = incentive.terms
    yield Finding(
        condition=Condition.RECOGNITION,
        held=facts.objection is None,
        asked="stands",
        found=facts.objection or "stands",
    )
    yield Finding(
        condition=Condition.PURPOSE,
        held=category in facts.purposes,
        asked=category,
        found=_listed(facts.purposes),
    )
    since, until = terms.offered_from.isoformat(), terms.offered_until
    yield Finding(
        condition=Condition.OFFERED,
        held=incentive.is_offered(facts.at),
        asked=f"{since}/{until.isoformat() if until else '..'}",  # ISO 8601-2 open interval
        found=facts.at.isoformat(),
    )
    yield Finding(
        condition=Condition.TIER,
        held=facts.tier >= terms.minimum_tier,
        asked=str(terms.minimum_tier),
        found=str(facts.tier),
    )


def _of_conditions(incentive: Incentive, facts: Facts) -> Iterator[Finding]:
    conditions = incentive.terms.conditions
    if conditions is not None:
        yield from _declared(conditions, facts)
    excluded = set(conditions.excludes) if conditions else set()
    if excluded or facts.barring:
        met = (facts.open_grants & excluded) | facts.barring
        yield Finding(
            condition=Condition.EXCLUSION,
            held=not met,
            asked=_listed(excluded | facts.barring),
            found=_listed(met),
        )
    if conditions and conditions.expression:
        held, found = expressions.holds(conditions.expression, facts.values())
        yield Finding(
            condition=Condition.EXPRESSION, held=held, asked=conditions.expression, found=found
        )


def _declared(conditions: Conditions, facts: Facts) -> Iterator[Finding]:
    if conditions.home_cities:
        yield _among(Condition.HOME, facts.home, conditions.home_cities)
    if conditions.attestation_age_days is not None:
        yield Finding(
            condition=Condition.ATTESTATION_AGE,
            held=facts.age_days <= conditions.attestation_age_days,
            asked=str(conditions.attestation_age_days),
            found=str(facts.age_days),
        )
    if conditions.weekdays:
        yield _among(Condition.WEEKDAY, facts.weekday, conditions.weekdays)
    if conditions.hours:
        yield Finding(
            condition=Condition.HOURS,
            held=any(_covers(each.since, each.until, facts.clock) for each in conditions.hours),
            asked=_listed(f"{each.since}/{each.until}" for each in conditions.hours),
            found=facts.clock,
        )
    if conditions.districts:
        yield _among(Condition.DISTRICT, facts.district or "", conditions.districts)


def _among(condition: Condition, found: str, asked: Collection[str]) -> Finding:
    return Finding(condition=condition, held=found in asked, asked=_listed(asked), found=found)


def _covers(since: str, until: str, clock: str) -> bool:
    if since < until:
        return since <= clock < until
    return clock >= since or clock < until  # past midnight


def _listed(words: Iterable[str]) -> str:
    return " ".join(sorted(words))
