"""Coverage: of which periods a source has reported all there was of an item.

Without it "no evidence" could not be told from "nobody asked" (a special credit report never says
"none" where a source is silent).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from contracts.errors import Malformed


@dataclass(frozen=True, kw_only=True, order=True)
class CoveredPeriod:
    """From a moment until before another."""

    since: datetime
    until: datetime

    def touches(self, other: "CoveredPeriod") -> bool:
        return self.since <= other.until and other.since <= self.until


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """Invariant: the periods are in order and no two of them touch."""

    item_id: str
    source: str | None
    periods: tuple[CoveredPeriod, ...]
    reported_at: datetime

    def extended(self, since: datetime, until: datetime, now: datetime) -> "Coverage":
        """Return it with a further period; raises Malformed for one that is none, or is to come."""
        if until <= since:
            raise Malformed(errors={"until": "Not after since."})
        if until > now:
            raise Malformed(errors={"until": "In the future: nobody has reported it yet."})
        added = CoveredPeriod(since=since, until=until)
        apart = [period for period in self.periods if not period.touches(added)]
        touching = [added, *(period for period in self.periods if period.touches(added))]
        joined = CoveredPeriod(
            since=min(period.since for period in touching),
            until=max(period.until for period in touching),
        )
        return replace(self, periods=tuple(sorted([*apart, joined])), reported_at=now)

    def covers(self, since: datetime, until: datetime) -> bool:
        """Whether everything of a period was reported."""
        return any(each.since <= since and until <= each.until for each in self.periods)


def gaps(
    coverage: Iterable[Coverage], since: datetime, until: datetime
) -> tuple[CoveredPeriod, ...]:
    """Return the parts of a period of which no source has reported an item."""
    covered = sorted(period for each in coverage for period in each.periods)
    found, reached = [], since
    for period in covered:
        if period.since > reached and reached < until:
            found.append(CoveredPeriod(since=reached, until=min(period.since, until)))
        reached = max(reached, period.until)
    if reached < until:
        found.append(CoveredPeriod(since=reached, until=until))
    return tuple(found)
