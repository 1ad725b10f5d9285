"""What an incentive asks beyond a tier, as the rules see it (contracts/rules.py has the fields)."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from contracts import expressions
from contracts.words import Period, Weekday
from services.scenarios.domain.scenario import lies_in


class Hours(Protocol):
    """Part of a day of the host city, `HH:MM`; past midnight when `until` is not after `since`."""

    @property
    def since(self) -> str: ...
    @property
    def until(self) -> str: ...


class HolderLimit(Protocol):
    """At most `count` grants to one holder per period."""

    @property
    def count(self) -> int: ...
    @property
    def period(self) -> Period: ...


class Conditions(Protocol):
    """Invariant: an empty condition always holds; the others all have to."""

    @property
    def home_cities(self) -> Sequence[str]: ...
    @property
    def attestation_age_days(self) -> int | None: ...
    @property
    def weekdays(self) -> Sequence[Weekday]: ...
    @property
    def hours(self) -> Sequence[Hours]: ...
    @property
    def districts(self) -> Sequence[str]: ...
    @property
    def excludes(self) -> Sequence[str]: ...
    @property
    def expression(self) -> str | None: ...
    @property
    def holder_limits(self) -> Sequence[HolderLimit]: ...


def contradictions_in(conditions: Conditions, city: str) -> Iterator[tuple[str, str]]:
    """Yield each field that cannot be meant, and what is wrong with it."""
    if conditions.expression is not None:
        try:
            expressions.check(conditions.expression)
        except expressions.ExpressionError as error:
            yield "conditions.expression", str(error)
    for place, district in enumerate(conditions.districts):
        if not lies_in(district, city):
            yield f"conditions.districts.{place}", f"No district of {city} (GB/T 2260)."
    periods = [each.period for each in conditions.holder_limits]
    if len(periods) > len(set(periods)):
        yield "conditions.holder_limits", "Two limits of one holder count in the same period."
