"""The crosswalk: how each city's bands of its own score stand to the alliance's five tiers.

The alliance's table is for everybody; override.py has what two cities agreed on beyond it.  Cities
publish bands as ranges, and not all mean the same by an edge: in Hangzhou 750 is already
极好, in Zhengzhou 150 is still 优秀.  So every edge says to which side it belongs, and a scale that
leaves a gap or gives one score two bands is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Final

from contracts.errors import Malformed, Refused

LOWEST_TIER: Final = 1
HIGHEST_TIER: Final = 5
ALLIANCE: Final = "alliance"  # the name of the table that all cities share


def what_is_wrong_with(tiers: Mapping[str, int]) -> str | None:
    """Say what is wrong with the tiers of bands, lowest band first: a better one has no lower."""
    for label, tier in tiers.items():
        if not LOWEST_TIER <= tier <= HIGHEST_TIER:
            return f"{label}: tiers go from 1 to 5"
    for (_, below), (label, above) in pairwise(tiers.items()):
        if below > above:
            return f"{label}: a better band has a lower tier"
    return None


@dataclass(frozen=True, kw_only=True)
class Band:
    """A home label for a range of scores, or for holding a card (then without edges).

    Invariant: half-open [lower, upper) unless an edge says otherwise; `upper` None has no end.
    """

    label: str
    tier: int
    lower: Decimal | None = None
    upper: Decimal | None = None
    with_lower: bool = True
    with_upper: bool = False

    def __contains__(self, score: Decimal) -> bool:
        if self.lower is None:
            return False
        above = score > self.lower or (self.with_lower and score == self.lower)
        if self.upper is None:
            return above
        return above and (score < self.upper or (self.with_upper and score == self.upper))


@dataclass(frozen=True, kw_only=True)
class Scale:
    """One city's bands, lowest first.

    Invariant: labels differ, tiers never fall as scores rise, every score of the scale has exactly
    one band.  A scale without `score_name` is a card: its bands have no edges.
    """

    city: str
    score_name: str | None
    bands: tuple[Band, ...]
    lowest: Decimal | None = None
    highest: Decimal | None = None
    published: bool = False

    def __post_init__(self) -> None:
        if not self.bands:
            raise self._wrong("no bands")
        if len({band.label for band in self.bands}) != len(self.bands):
            raise self._wrong("a label stands twice")
        if wrong := what_is_wrong_with({band.label: band.tier for band in self.bands}):
            raise self._wrong(wrong)
        if self.score_name is None:
            self._check_card()
        else:
            self._check_edges()

    def band_of(self, score: Decimal, given_back: Decimal = Decimal(0)) -> Band:
        """Find the band of a score; only home may, as only home knows a score.

        `given_back` are points to be added; they lead no higher than the scale goes.

        Raises Refused("no_score") for a card and Malformed for a score outside the scale; the
        score itself is never repeated in an error.
        """
        if self.score_name is None:
            raise Refused("no_score", f"city {self.city} has a card, not a score")
        if self.highest is None or score <= self.highest:
            raised = score + given_back
            score = raised if self.highest is None else min(raised, self.highest)
            for band in self.bands:
                if score in band:
                    return band
        raise Malformed("malformed", f"a score outside the scale of city {self.city}")

    def band(self, label: str) -> Band | None:
        return next((band for band in self.bands if band.label == label), None)

    def _check_card(self) -> None:
        for band in self.bands:
            if band.lower is not None or band.upper is not None:
                raise self._wrong(f"{band.label}: a card has no edges")

    def _check_edges(self) -> None:
        lowest, highest = self.bands[0], self.bands[-1]
        if lowest.lower is None or lowest.lower != self.lowest or not lowest.with_lower:
            raise self._wrong(f"{lowest.label}: the lowest band starts where the scale does")
        if highest.upper is not None:
            raise self._wrong(f"{highest.label}: the highest band has no upper edge")
        for band in self.bands[:-1]:
            if band.lower is None or band.upper is None or band.lower >= band.upper:
                raise self._wrong(f"{band.label}: the edges do not rise")
        for below, above in pairwise(self.bands):
            if below.upper != above.lower:
                raise self._wrong(f"{below.label}, {above.label}: a gap or an overlap")
            if below.with_upper == above.with_lower:
                raise self._wrong(f"{below.label}, {above.label}: the edge has no one band")
        if self.highest is not None and self.highest < (highest.lower or self.highest):
            raise self._wrong(f"{highest.label}: starts above the end of the scale")

    def _wrong(self, what: str) -> Malformed:
        return Malformed("malformed", f"crosswalk, city {self.city}: {what}")


@dataclass(frozen=True, kw_only=True)
class Crosswalk:
    """The alliance's table.

    Invariant: a version never changes; a change of any band is a new version.
    """

    version: int
    effective_from: datetime
    effective_until: datetime | None
    scales: Mapping[str, Scale]

    def __post_init__(self) -> None:
        if self.effective_until is not None and self.effective_until <= self.effective_from:
            raise Malformed("malformed", f"crosswalk {self.version}: ends before it starts")

    @property
    def name(self) -> str:
        return ALLIANCE

    def tier(self, city: str, label: str) -> int | None:
        """Say which tier a city's band stands for, or None where the table does not know it."""
        scale = self.scales.get(city)
        band = scale.band(label) if scale else None
        return band.tier if band else None
