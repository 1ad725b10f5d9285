"""What makes quotas sound: each bounds one thing, and no two of them the same one."""

from collections.abc import Iterator
from typing import Protocol

from contracts.words import Period
from services.scenarios.domain.benefit import Benefit
from services.scenarios.domain.conditions import Conditions, HolderLimit
from services.scenarios.domain.limits import Limit, Quota
from services.scenarios.domain.scenario import lies_in


class Terms(Protocol):
    """The part of terms that bounds, and the benefit that bounds in fen count."""

    @property
    def benefit(self) -> Benefit: ...
    @property
    def per_holder(self) -> Limit: ...
    @property
    def quota(self) -> Limit | None: ...
    @property
    def quotas(self) -> tuple[Quota, ...]: ...
    @property
    def conditions(self) -> Conditions | None: ...


def problems_of_quotas(terms: Terms, city: str) -> Iterator[tuple[str, str]]:
    """Yield each field that contradicts another, or bounds nothing, and why."""
    if terms.quota:
        for name in _more_to_one_holder(terms, terms.quota.period, terms.quota.count):
            yield name, "More than the quota of the same period."
    seen: set[tuple[Period, bool, str | None]] = set()
    if terms.quota:
        seen.add((terms.quota.period, False, None))
    for place, quota in enumerate(terms.quotas):
        name = f"quotas.{place}"
        if (quota.count is None) == (quota.fen is None):
            yield name, "Either a count or a sum in fen."
            continue
        if quota.district is not None and not lies_in(quota.district, city):
            yield f"{name}.district", f"No district of {city} (GB/T 2260)."
        what = quota.period, quota.fen is not None, quota.district
        if what in seen:
            yield name, "Another quota of the same period, unit and district."
        seen.add(what)
        if quota.fen is not None:
            yield from _problems_of_money(name, quota.fen, terms.benefit)
        elif quota.count is not None and any(_more_to_one_holder(terms, quota.period, quota.count)):
            yield f"{name}.count", "Less than one holder may have in the same period."


def _more_to_one_holder(terms: Terms, period: Period, count: int) -> Iterator[str]:
    """Yield the field of each limit that lets one holder have more than all."""
    limits: dict[str, HolderLimit] = {"per_holder": terms.per_holder}
    for place, limit in enumerate(terms.conditions.holder_limits if terms.conditions else ()):
        limits[f"conditions.holder_limits.{place}"] = limit
    for name, limit in limits.items():
        if limit.period is period and limit.count > count:
            yield f"{name}.count"


def _problems_of_money(name: str, fen: int, benefit: Benefit) -> Iterator[tuple[str, str]]:
    if benefit.most_fen is None:
        yield "benefit.cap_fen", "A quota in fen needs a cap on what one grant costs."
    elif benefit.most_fen == 0:
        yield f"{name}.fen", "The benefit costs no money that it could bound."
    elif fen < benefit.most_fen:
        yield f"{name}.fen", "Not enough for one grant."
