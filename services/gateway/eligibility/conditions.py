"""Which conditions speak against taking an incentive, judged as scenarios judges them.

scenarios decides (services/scenarios/domain/decision.py); that both say the same is tested in
tests/components/gateway/test_conditions.py.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Self

from contracts import expressions
from contracts.periods import HOST_TIME
from contracts.rules import Conditions
from contracts.words import Weekday

_WEEKDAYS: Final = tuple(Weekday)

Held = Mapping[str, frozenset[str]]
"""Incentives of which a holder has an open grant, each with what excludes it excludes."""


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What conditions are judged on beside tier and time; `district` is where it is to be used."""

    home: str = ""
    age_days: int = 0
    district: str | None = None
    held: Held = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the conditions of a catalogue ask about, so that no more is told apart than they ask.

    `by_grants` are the incentives that ask for open grants.
    """

    home: bool = False
    age: bool = False
    district: bool = False
    by_grants: frozenset[str] = frozenset()

    @classmethod
    def of(cls, catalogue: Iterable[tuple[str, Conditions | None]]) -> Self:
        """Read what incentives ask, each by its id and conditions."""
        home = age = district = False
        by_grants = set()
        for incentive_id, conditions in catalogue:
            if conditions is None:
                continue
            names = expressions.names_in(conditions.expression) if conditions.expression else ()
            home |= bool(conditions.home_cities) or "home" in names
            age |= conditions.attestation_age_days is not None or "age_days" in names
            district |= bool(conditions.districts) or "district" in names
            if conditions.excludes or "open_grants" in names:
                by_grants.add(incentive_id)
        return cls(home=home, age=age, district=district, by_grants=frozenset(by_grants))


def conditions_against(
    incentive_id: str,
    conditions: Conditions | None,
    tier: int,
    seen: Circumstances,
    at: datetime,
) -> Iterator[str]:
    """Yield the refusals in the order of a decision; `tier` is the one for the category."""
    if conditions is not None:
        yield from _declared(conditions, seen, at)
    excluded = set(conditions.excludes) if conditions else set()
    if excluded & seen.held.keys() or any(incentive_id in each for each in seen.held.values()):
        yield "excluded_by_other"
    if conditions is not None and conditions.expression:
        held, _ = expressions.holds(conditions.expression, _values(tier, seen, at))
        if not held:
            yield "condition_not_met"


def _declared(conditions: Conditions, seen: Circumstances, at: datetime) -> Iterator[str]:
    local = at.astimezone(HOST_TIME)
    if conditions.home_cities and seen.home not in conditions.home_cities:
        yield "home_not_covered"
    oldest = conditions.attestation_age_days
    if oldest is not None and seen.age_days > oldest:
        yield "attestation_too_old"
    if conditions.weekdays and _WEEKDAYS[local.weekday()] not in conditions.weekdays:
        yield "outside_weekdays"
    clock = f"{local:%H:%M}"
    if conditions.hours and not any(_covers(h.since, h.until, clock) for h in conditions.hours):
        yield "outside_hours"
    if conditions.districts and seen.district not in conditions.districts:
        yield "outside_district"


def _covers(since: str, until: str, clock: str) -> bool:
    if since < until:
        return since <= clock < until
    return clock >= since or clock < until  # past midnight


def _values(tier: int, seen: Circumstances, at: datetime) -> dict[str, expressions.Value]:
    local = at.astimezone(HOST_TIME)
    return {
        "tier": tier,
        "home": seen.home,
        "age_days": seen.age_days,
        "hour": local.hour,
        "minute": local.minute,
        "weekday": _WEEKDAYS[local.weekday()].value,
        "district": seen.district or "",
        "open_grants": sorted(seen.held),
    }
