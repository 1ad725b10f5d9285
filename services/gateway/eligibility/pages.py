"""What everyone of one tier and the same purposes is offered, written out once."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from contracts.words import Category, Period
from services.gateway.eligibility.catalogue import Entry
from services.gateway.eligibility.conditions import Held
from services.gateway.eligibility.evaluate import Standing, reasons_against
from services.gateway.eligibility.moments import to_microseconds

Parts = Sequence[bytes | memoryview]
Taken = tuple[str, frozenset[tuple[str, frozenset[str]]]]  # usage, and what is held open
COMMA: Final = b","
REMEMBERED: Final = 1024  # kinds of holders who have taken the same
_NOTHING: Final = "{}"


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
    remembered: dict[Taken, Parts] = field(default_factory=dict, compare=False)

    def parts_for(self, usage: str, held: str) -> Parts:
        """Return the offers, with what this holder has taken and has open held against them.

        `usage` and `held` are JSON, as the holder's row has them.  The offers come in parts, to be
        copied once: a text of many offers is large (docs/performance.md).
        """
        if usage == held == _NOTHING:
            return (self.text,)
        still_held = {} if held == _NOTHING else _read_held(held, to_microseconds(self.at))
        taken = usage, frozenset(still_held.items())
        parts = self.remembered.get(taken)
        if parts is None:
            if len(self.remembered) >= REMEMBERED:
                self.remembered.clear()
            parts = self.remembered[taken] = self._write(json.loads(usage), still_held)
        return parts

    def _write(self, usage: Mapping[str, list[str | int]], held: Held) -> Parts:
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


def _read_held(text: str, at_us: int) -> Held:
    """Read which open grants a holder has whose time is not up; held.py writes them."""
    written: dict[str, tuple[int, list[str]]] = json.loads(text)
    return {
        incentive_id: frozenset(excludes)
        for incentive_id, (until_us, excludes) in written.items()
        if until_us > at_us
    }


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
