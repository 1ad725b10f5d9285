"""What everyone of one tier and the same purposes is offered, written out once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from contracts.words import Category, Period
from services.gateway.eligibility.catalogue import Entry
from services.gateway.eligibility.conditions import Held
from services.gateway.eligibility.evaluate import Standing, reasons_against

Usage = Mapping[str, list[str | int]]
COMMA: Final = b","


@dataclass(frozen=True, kw_only=True)
class Page:
    """Invariant: `text` are the offers of a holder with this standing who has taken nothing yet.

    `places` says where in it each offer begins and ends.
    """

    standing: Standing
    at: datetime
    periods: Mapping[Period, str]
    entries: Mapping[str, Entry]
    places: Mapping[str, tuple[int, int]]
    text: bytes
    by_grants: frozenset[str] = frozenset()  # those that ask for open grants

    def parts_for(self, usage: Usage, held: Held) -> Sequence[bytes | memoryview]:
        """Return the offers, with what this holder has taken and has open held against them.

        They come in parts, to be copied once: a text of many offers is large (docs/performance.md).
        """
        barred = frozenset().union(self.by_grants, *held.values()) if held else frozenset()
        taken = (usage.keys() | barred) & self.entries.keys()
        if not taken:
            return (self.text,)
        seen = replace(self.standing.seen, held=held)
        standing = replace(self.standing, usage=usage, seen=seen)
        shared, done = memoryview(self.text), 0
        parts: list[bytes | memoryview] = []
        for begin, end, name in sorted((*self.places[name], name) for name in taken):
            parts += [shared[done:begin], self._offer(self.entries[name], standing)]
            done = end
        return (*parts, shared[done:])

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
    offers = [
        entry.offer(reasons_against(entry.terms, standing, at, periods))
        for entry in chosen.values()
    ]
    return Page(
        standing=standing,
        at=at,
        periods=periods,
        entries=chosen,
        places=dict(zip(chosen, _places(offers), strict=True)),
        text=COMMA.join(offers),
        by_grants=by_grants,
    )


def _places(offers: Iterable[bytes]) -> Iterator[tuple[int, int]]:
    """Yield where each offer begins and ends in the text of all."""
    begin = 0
    for offer in offers:
        yield begin, begin + len(offer)
        begin += len(offer) + len(COMMA)
