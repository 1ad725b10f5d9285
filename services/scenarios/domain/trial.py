"""Dry runs: what terms would decide of samples, and what about them is hardly meant.

Doubts come of a grid of facts over the coming week: each tier and district and age that the terms
speak of, member cities, hours.  What no point of it meets may still be met by one that is not on
it, so a doubt is a warning and no proof.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import product
from typing import Final

from contracts import expressions
from contracts.periods import HOST_TIME
from contracts.words import Category, Condition, DoubtKind
from services.scenarios.domain.conditions import Conditions
from services.scenarios.domain.decision import Decision, decide
from services.scenarios.domain.facts import Facts
from services.scenarios.domain.incentive import Incentive

TIERS: Final = range(1, 6)
ANYWHERE: Final = "100000"  # a home city where none is told apart
MOST_POINTS: Final = 600  # times five tiers; more are thinned out
WEEK: Final = timedelta(days=7)

_CLOCKS: Final = tuple(f"{hour:02}:{minute}" for hour in range(24) for minute in ("00", "30"))


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """What is hardly meant; `about` is what it names."""

    kind: DoubtKind
    condition: Condition | None = None
    about: str | None = None


def doubts_of(
    incentive: Incentive, category: Category, homes: Collection[str], now: datetime
) -> Iterator[Doubt]:
    """Yield what is doubtful about terms; `homes` are the member cities, none: any city is one."""
    conditions = incentive.terms.conditions
    strange = set(conditions.home_cities) - set(homes) if conditions and homes else set()
    for home in sorted(strange):
        yield Doubt(kind=DoubtKind.NO_MEMBER, condition=Condition.HOME, about=home)
    never_met, given, worse = set(Condition), False, False
    for facts in _grid(incentive, category, homes, now):
        by_tier = [decide(incentive, category, replace(facts, tier=tier)) for tier in TIERS]
        for decision in by_tier:
            never_met &= decision.unmet
            given |= not decision.unmet
        worse |= _is_worse(by_tier)
    for condition in Condition:
        if condition in never_met:
            yield Doubt(kind=DoubtKind.NEVER_HOLDS, condition=condition)
    if not given and not never_met:
        yield Doubt(kind=DoubtKind.NEVER_GIVEN)
    if worse:
        yield Doubt(kind=DoubtKind.WORSE_WITH_HIGHER_TIER, condition=Condition.EXPRESSION)


def _is_worse(by_tier: Sequence[Decision]) -> bool:
    given = [decision.refusal is None for decision in by_tier]
    return given != sorted(given)


def _grid(
    incentive: Incentive, category: Category, homes: Collection[str], now: datetime
) -> Iterator[Facts]:
    conditions = incentive.terms.conditions
    places = list(
        product(
            _moments(incentive, now),
            _homes(conditions, homes),
            _districts(conditions),
            _ages(conditions),
            _open_grants(conditions),
        )
    )
    step = -(-len(places) // MOST_POINTS) or 1
    if step > 1:
        step += 1 - step % 2  # an odd stride meets every hour, home and district in turn
    for at, home, district, age, grants in places[::step]:
        yield Facts(
            at=at,
            tier=1,
            home=home,
            purposes=frozenset({category}),
            crosswalk=1,
            attested_at=at - timedelta(days=age),
            district=district,
            open_grants=grants,
        )


def _moments(incentive: Incentive, now: datetime) -> list[datetime]:
    """Return moments of the first week on offer, or only its first one when time is not asked."""
    terms, conditions = incentive.terms, incentive.terms.conditions
    since = max(now, terms.offered_from)
    until = min(since + WEEK, terms.offered_until or since + WEEK)
    names = _names(conditions)
    by_clock = conditions is not None and (conditions.hours or {"hour", "minute"} & names)
    by_day = conditions is not None and (conditions.weekdays or "weekday" in names)
    if not (by_clock or by_day):
        return [since]
    clocks = _CLOCKS if by_clock else ("12:00",)
    declared = {each.since for each in conditions.hours} if conditions else set()
    midnight = since.astimezone(HOST_TIME).replace(hour=0, minute=0, second=0, microsecond=0)
    days = range(8) if by_day else range(2)
    moments = [
        midnight + timedelta(days=day, hours=int(clock[:2]), minutes=int(clock[3:]))
        for day in days
        for clock in sorted({*clocks, *declared})
    ]
    return [since, *(at.astimezone(since.tzinfo) for at in moments if since <= at < until)]


def _homes(conditions: Conditions | None, homes: Collection[str]) -> list[str]:
    if conditions is None or not (conditions.home_cities or "home" in _names(conditions)):
        return sorted(homes)[:1] or [ANYWHERE]
    return sorted({*homes, *conditions.home_cities, *_codes(conditions)} or {ANYWHERE})


def _districts(conditions: Conditions | None) -> list[str | None]:
    if conditions is None or not (conditions.districts or "district" in _names(conditions)):
        return [None]
    return [None, *sorted({*conditions.districts, *_codes(conditions)})]


def _codes(conditions: Conditions) -> set[str]:
    """Return what may be codes of places in an expression's texts."""
    return {text for text in _texts(conditions) if len(text) == len(ANYWHERE) and text.isdigit()}


def _ages(conditions: Conditions | None) -> list[int]:
    return [0, 7, 30, 180] if "age_days" in _names(conditions) else [0]


def _open_grants(conditions: Conditions | None) -> list[frozenset[str]]:
    if "open_grants" not in _names(conditions):
        return [frozenset()]
    return [frozenset(), *(frozenset({text}) for text in sorted(_texts(conditions)))]


def _names(conditions: Conditions | None) -> set[str]:
    expression = conditions.expression if conditions else None
    return set(expressions.names_in(expression)) if expression else set()


def _texts(conditions: Conditions | None) -> set[str]:
    expression = conditions.expression if conditions else None
    return set(expressions.texts_in(expression)) if expression else set()
