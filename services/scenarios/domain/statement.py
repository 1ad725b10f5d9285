"""Statements: what was granted in a host city on a home city's attestations in one month.

Host and home each draw theirs from the usage lines they booked.  The digest runs over every line in
one canonical form and order, so equal digests mean equal lines.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from contracts.periods import period_name
from contracts.words import Period, UsageFact

MOST_LINES: Final = 1000


@dataclass(frozen=True, kw_only=True)
class UsageLine:
    """One fact about one grant; host and id name it, so a line is booked once."""

    id: UUID
    host: str
    home: str
    grant_id: UUID
    attestation_id: UUID
    incentive_id: str
    fact: UsageFact
    value_fen: int
    at: datetime

    @property
    def month(self) -> str:
        """The statement it belongs to, by the host city's calendar."""
        return period_name(Period.MONTH, self.at)

    def canonical(self) -> bytes:
        """Write the line the one way both cities write it."""
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        parts = (self.id, self.grant_id, self.attestation_id, self.incentive_id, self.fact.value)
        written = [*map(str, parts), self.value_fen, at]
        return json.dumps(written, separators=(",", ":")).encode() + b"\n"


@dataclass(frozen=True, kw_only=True)
class Statement:
    """Totals and digest of all lines; of the lines themselves the first ones."""

    counts: Counter[UsageFact]
    redeemed_fen: int
    digest: str
    lines: tuple[UsageLine, ...]
    is_truncated: bool


def draw(lines: Iterable[UsageLine]) -> Statement:
    """Draw a statement from its lines, which come ordered by moment, then id."""
    counts: Counter[UsageFact] = Counter()
    first: list[UsageLine] = []
    redeemed_fen, digest = 0, hashlib.sha256()
    for line in lines:
        counts[line.fact] += 1
        redeemed_fen += line.value_fen if line.fact is UsageFact.REDEEMED else 0
        digest.update(line.canonical())
        if len(first) < MOST_LINES:
            first.append(line)
    return Statement(
        counts=counts,
        redeemed_fen=redeemed_fen,
        digest=digest.hexdigest(),
        lines=tuple(first),
        is_truncated=counts.total() > len(first),
    )
