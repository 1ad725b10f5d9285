"""What everyone of one tier and the same purposes is offered, written out once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from contracts.words import Category, Period
from services.gateway.eligibility.catalogue import Entry
from services.gateway.eligibility.conditions import Held
from services.gateway.eligibility.evaluate import Standing, reasons_against

Usage = Mapping[str, list[str | int]]


@dataclass(frozen=True, kw_only=True)
class Page:
    """Invariant: `offers` are those of a holder with this standing who has taken nothing yet."""

    standing: Standing
    at: datetime
    periods: Mapping[Period, str]
    entries: Mapping[str, Entry]
    offers: Mapping[str, bytes]
    text: bytes
    by_grants: frozenset[str] = frozenset()  # those that ask for open grants

    def text_for(self, usage: Usage, held: Held) -> bytes:
        """Return the offers, with what this holder has taken and has open held against them."""
        barred = frozenset().union(self.by_grants, *held.values()) if held else frozenset()
        taken = (usage.keys() | barred) & self.entries.keys()
        if not taken:
            return self.text
        seen = replace(self.standing.seen, held=held)
        standing = replace(self.standing, usage=usage, seen=seen)
        own = {name: self._offer(self.entries[name], standing) for name in taken}
        return b",".join({**self.offers, **own}.values())

    def _offer(self, entry: Entry, standing: Standing) -> bytes:
        return entry.offer(reasons_against(entry.terms, standing, self.at, self.periods))


def write_page(
    entries: Iterable[Entry],
    standing: Standing,
    category: Category | None,
    *,
    by_grants: frozenset[str] = frozenset(),
    at: datetime,
    periods: Mapping[Period, str],
) -> Page:
    """Write the offers of a category, or of all."""
    chosen = {
        entry.terms.incentive_id: entry
        for entry in (each.at(at) for each in entries)
        if category is None or entry.terms.category == category
    }
    offers = {
        name: entry.offer(reasons_against(entry.terms, standing, at, periods))
        for name, entry in chosen.items()
    }
    return Page(
        standing=standing,
        at=at,
        periods=periods,
        entries=chosen,
        offers=offers,
        text=b",".join(offers.values()),
        by_grants=by_grants,
    )
