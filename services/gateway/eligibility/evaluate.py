"""Whether a holder may take an incentive now, and every reason why not.

A preview: scenarios decides again, with authority, when the holder takes it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from contracts.rules import Conditions
from contracts.words import Category, Period
from services.gateway.eligibility.conditions import Circumstances, conditions_against
from services.gateway.eligibility.quotas import BUDGET, UsedUp


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What of an incentive decides; `quotas` are their periods and districts ("": everywhere)."""

    incentive_id: str
    category: Category
    minimum_tier: int
    holder_period: Period
    holder_limit: int
    offered_from: datetime
    offered_until: datetime | None
    quotas: tuple[tuple[Period, str], ...] = ()
    used_up: UsedUp = frozenset()
    conditions: Conditions | None = None
    district: str | None = None  # of the scenario, where it has one


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What of a holder decides; `usage` is incentive → [period, grants taken in it].

    `tiers` are those that count for single categories instead of `tier`.
    """

    tier: int
    purposes: frozenset[str]
    suspended: bool = False
    tiers: Mapping[str, int] = field(default_factory=dict)
    usage: Mapping[str, list[str | int]] = field(default_factory=dict)
    seen: Circumstances = field(default_factory=Circumstances)


def reasons_against(
    terms: Terms, standing: Standing, now: datetime, periods: Mapping[Period, str]
) -> tuple[str, ...]:
    """Name every rule that says no; none means yes.  `periods` names the current periods."""
    reasons = ["recognition_suspended"] if standing.suspended else []
    if now < terms.offered_from or (terms.offered_until and now >= terms.offered_until):
        reasons.append("not_offered")
    if terms.category not in standing.purposes:
        reasons.append("purpose_not_covered")
    tier = standing.tiers.get(terms.category, standing.tier)
    if tier < terms.minimum_tier:
        reasons.append("tier_below_minimum")
    if terms.conditions is not None or standing.seen.held:
        seen = replace(standing.seen, district=terms.district or standing.seen.district)
        reasons += conditions_against(terms.incentive_id, terms.conditions, tier, seen, now)
    period, taken = standing.usage.get(terms.incentive_id, ("", 0))
    if period == periods[terms.holder_period] and int(taken) >= terms.holder_limit:
        reasons.append("holder_limit_reached")
    reasons += _quotas_against(terms, standing.seen.district, periods)
    return tuple(dict.fromkeys(reasons))


def _quotas_against(
    terms: Terms, asked: str | None, periods: Mapping[Period, str]
) -> Iterator[str]:
    district = terms.district or asked
    named = {where for _, where in terms.quotas if where}
    if named and district not in named:
        yield "outside_district"
    if any(
        (periods[period], where) in terms.used_up
        for period, where in terms.quotas
        if where in {"", district}
    ):
        yield "quota_exhausted"
    if BUDGET in terms.used_up:
        yield "budget_exhausted"
