"""What limits, quotas and budgets come to at one moment, and what was counted against them.

Units: a limit and a quota in number count every grant that was issued in their period, whatever
became of it, and every reservation that is held.  Money: a quota in fen and a budget count what
open grants and held reservations may still cost, and what used grants may have cost (ADR 0035).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from contracts.periods import period_name
from contracts.words import Period
from services.scenarios.domain.limits import Window, window_of
from services.scenarios.domain.quotas import Terms


@dataclass(frozen=True, kw_only=True)
class Count:
    """Grants issued and reservations held; money that is reserved and money that is spent, in fen.

    Either what was counted so far, or a step: what is added to it.
    """

    issued: int = 0
    held: int = 0
    reserved_fen: int = 0
    spent_fen: int = 0

    @property
    def units(self) -> int:
        """What counts against a number."""
        return self.issued + self.held

    @property
    def fen(self) -> int:
        """What counts against a sum of money."""
        return self.reserved_fen + self.spent_fen

    def __add__(self, step: "Count") -> "Count":
        return Count(**{name: value + getattr(step, name) for name, value in vars(self).items()})

    def __sub__(self, step: "Count") -> "Count":
        return Count(**{name: value - getattr(step, name) for name, value in vars(self).items()})

    def __bool__(self) -> bool:
        return any(vars(self).values())


class CounterKey(NamedTuple):
    """Names the counter of an incentive in which something counts; everybody and everywhere: ""."""

    holder: str
    district: str
    period: str


@dataclass(frozen=True, kw_only=True)
class Taking:
    """What one holder gets in a district at a moment, as limits and quotas see it."""

    holder: str
    district: str | None
    at: datetime

    @property
    def keys(self) -> tuple[CounterKey, ...]:
        """Every counter in which it counts."""
        return tuple(
            CounterKey(whose, where, period_name(period, self.at))
            for whose in ("", self.holder)
            for where in sorted({"", self.district or ""})
            for period in Period
        )


@dataclass(frozen=True, kw_only=True)
class Bound:
    """How much may be counted in one window: to a holder or to all, in a district or everywhere.

    Invariant: at least one of `units` and `fen` bounds something.
    """

    window: Window
    holder: str | None = None
    district: str | None = None
    units: int | None = None
    fen: int | None = None

    @property
    def key(self) -> CounterKey:
        return CounterKey(self.holder or "", self.district or "", self.window.name)

    @property
    def refusal(self) -> str:
        return "quota_exhausted" if self.holder is None else "holder_limit_reached"

    def allows(self, counted: Count, step: Count) -> bool:
        """Whether a step may be added; one that takes nothing of a kind is not held against it."""
        after = counted + step
        enough_units = self.units is None or step.units <= 0 or after.units <= self.units
        enough_fen = self.fen is None or step.fen <= 0 or after.fen <= self.fen
        return enough_units and enough_fen


def bounds_of(terms: Terms, taking: Taking) -> tuple[Bound, ...]:
    """Return every bound on a taking: those on its holder come first, of each counter there is one.

    A quota of another district does not bound it.
    """
    merged: dict[CounterKey, Bound] = {}
    for bound in (*_holder_bounds(terms, taking), *quota_bounds(terms, taking.at)):
        if bound.district in {None, taking.district}:
            known = merged.get(bound.key)
            merged[bound.key] = _tighter(known, bound) if known else bound
    return tuple(merged.values())


def quota_bounds(terms: Terms, at: datetime) -> list[Bound]:
    """Return the bound of each quota at a moment: first of that for all, if there is one."""
    whole = [Bound(window=terms.quota.window(at), units=terms.quota.count)] if terms.quota else []
    return whole + [
        Bound(
            window=window_of(quota.period, at),
            district=quota.district,
            units=quota.count,
            fen=quota.fen,
        )
        for quota in terms.quotas
    ]


def _holder_bounds(terms: Terms, taking: Taking) -> Iterator[Bound]:
    more = terms.conditions.holder_limits if terms.conditions else ()
    for limit in (terms.per_holder, *more):
        window = window_of(limit.period, taking.at)
        yield Bound(window=window, holder=taking.holder, units=limit.count)


def serves(terms: Terms, district: str | None) -> bool:
    """Whether quotas allow a district at all: if they name some, only those.

    Otherwise who names another district, or none, would be bounded by no quota.
    """
    named = {quota.district for quota in terms.quotas if quota.district}
    return not named or district in named


def _tighter(one: Bound, other: Bound) -> Bound:
    return replace(one, units=_least(one.units, other.units), fen=_least(one.fen, other.fen))


def _least(one: int | None, other: int | None) -> int | None:
    return min((number for number in (one, other) if number is not None), default=None)
