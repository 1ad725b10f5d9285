"""What each cut of the tiers means in people, now and as proposed.

A cut is `tier or better`: what an incentive asks.  Amounts are sums of published figures; where one
that is needed was not published the sum is not known.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from services.cli.crosswalk.shares import BandShare
from services.recognition.domain.crosswalk import HIGHEST_TIER, LOWEST_TIER

Tiers = Mapping[str, int]  # by band, lowest first


@dataclass(frozen=True)
class Amount:
    """How many: in percent of those with a score, and in people; None where not published."""

    share: Decimal | None
    people: int | None

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(
            None if self.share is None or other.share is None else self.share + other.share,
            None if self.people is None or other.people is None else self.people + other.people,
        )


NOBODY = Amount(Decimal(0), 0)
NOT_PUBLISHED = Amount(None, None)


@dataclass(frozen=True, kw_only=True)
class BandRow:
    """A band of the home, its tier now and as proposed."""

    band: str
    amount: Amount
    now: int
    proposed: int


@dataclass(frozen=True, kw_only=True)
class CutRow:
    """Who of the home is at a tier or better; `host` is who of the host's own people is."""

    tier: int
    now: Amount
    proposed: Amount
    moved_up: Amount
    moved_down: Amount
    host: Amount


def band_rows(now: Tiers, proposed: Tiers, shares: Mapping[str, BandShare]) -> Iterator[BandRow]:
    """Yield the bands of the home."""
    for band, tier in now.items():
        yield BandRow(band=band, amount=_of(band, shares), now=tier, proposed=proposed[band])


def cut_rows(
    bands: Iterable[BandRow], host: Tiers, host_shares: Mapping[str, BandShare]
) -> Iterator[CutRow]:
    """Yield every cut that can tell people apart, from the lowest."""
    rows = list(bands)

    def those(wanted: Callable[[BandRow], bool]) -> Amount:
        return sum((row.amount for row in rows if wanted(row)), NOBODY)

    for tier in range(LOWEST_TIER + 1, HIGHEST_TIER + 1):
        at_host = (_of(band, host_shares) for band, own in host.items() if own >= tier)
        yield CutRow(
            tier=tier,
            now=those(lambda row, t=tier: row.now >= t),  # type: ignore[misc]  # bound now, not later
            proposed=those(lambda row, t=tier: row.proposed >= t),  # type: ignore[misc]  # likewise
            moved_up=those(lambda row, t=tier: row.now < t <= row.proposed),  # type: ignore[misc]  # likewise
            moved_down=those(lambda row, t=tier: row.proposed < t <= row.now),  # type: ignore[misc]  # likewise
            host=sum(at_host, NOBODY),
        )


def _of(band: str, shares: Mapping[str, BandShare]) -> Amount:
    known = shares.get(band)
    return NOT_PUBLISHED if known is None else Amount(known.share, known.people)
