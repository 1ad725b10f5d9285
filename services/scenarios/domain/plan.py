"""The plan: what the city set out to reach, and how far it is on a day (ADR 0037).

Targets are those of the city's yearly plan: five new scenarios in the year, in every district five
categories or fifteen measures, fifteen cities online, special reports in forty fields.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from contracts.errors import Malformed
from contracts.periods import HOST_TIME
from contracts.words import CityState, MoveKind

NEW_SCENARIOS: Final = 5
CATEGORIES: Final = 5
MEASURES: Final = 15
CITIES: Final = 15
FIELDS: Final = 40


OFFERED: Final = {MoveKind.PAUSED: False, MoveKind.RESUMED: True, MoveKind.WITHDRAWN: False}
"""The steps by which an incentive is no longer on offer, or is again."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """An incentive as it stands since a moment, at most until another."""

    incentive_id: str
    scenario_id: str
    category: str
    district: str | None
    since: datetime
    until: datetime | None
    is_offered: bool


@dataclass(frozen=True, kw_only=True)
class District:
    """What is on offer in a district."""

    code: str
    categories: int
    measures: int

    @property
    def is_reached(self) -> bool:
        return self.categories >= CATEGORIES or self.measures >= MEASURES


def end_of(day: str) -> datetime:
    """Return the first moment after a day of the host city; raises Malformed for no day."""
    try:
        found = date.fromisoformat(day)
    except ValueError as error:
        raise Malformed(errors={"as_of": "No day of the calendar."}) from error
    following = datetime.combine(found + timedelta(days=1), time(), HOST_TIME)
    return following.astimezone(UTC)


def new_scenarios(measures: Iterable[Measure], day: str) -> int:
    """Count the scenarios that offered their first incentive in the year of a day, up to it."""
    first: dict[str, datetime] = {}
    for each in measures:
        if each.is_offered and each.since < end_of(day):
            known = first.get(each.scenario_id, each.since)
            first[each.scenario_id] = min(known, each.since)
    year = day[:4]
    return sum(f"{since.astimezone(HOST_TIME):%Y}" == year for since in first.values())


def on_offer(measures: Iterable[Measure], moment: datetime) -> Sequence[Measure]:
    """Return the incentives on offer just before a moment, each as it stood then."""
    latest: dict[str, Measure] = {}
    for each in sorted(measures, key=lambda each: each.since):
        if each.since < moment:
            latest[each.incentive_id] = each
    return [
        each
        for each in latest.values()
        if each.is_offered and (each.until is None or each.until >= moment)
    ]


def districts(offered: Iterable[Measure], known: Iterable[str]) -> Sequence[District]:
    """Count by district; one that the plan names is listed though nothing is on offer there."""
    categories: dict[str, set[str]] = {code: set() for code in known}
    measures: dict[str, int] = dict.fromkeys(categories, 0)
    for each in offered:
        if each.district is not None:
            categories.setdefault(each.district, set()).add(each.category)
            measures[each.district] = measures.get(each.district, 0) + 1
    return [
        District(code=code, categories=len(found), measures=measures[code])
        for code, found in sorted(categories.items())
    ]


def cities_online(states: Mapping[str, CityState]) -> int:
    return sum(state is CityState.ONLINE for state in states.values())


def rounded(count: int, to: int | None) -> int:
    """Round down to a multiple, so that no two numbers differ by less than it but by nothing.

    Neither taking parts from a whole nor one day from the next gives a small number back.
    """
    return count if to is None else count - count % max(to, 1)


def told(count: int, to: int | None) -> int | None:
    """Round down, and tell nothing below one step: neither a few nor none, as days are compared."""
    return None if to is not None and count < to else rounded(count, to)
