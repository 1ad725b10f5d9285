"""Statements: what was granted in a host city on a home city's attestations in one month.

Host and home each draw theirs from the usage lines they booked.  A line is sealed when it is
booked: SHA-256 of its one canonical form.  The digest of a statement is SHA-256 over the seals of
all lines, by moment, then id; so equal digests mean equal lines, and a month of very many is drawn
without reading each of them anew.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import Final, NamedTuple
from uuid import UUID

from contracts.periods import period_name
from contracts.words import Funding, Period, UsageFact

MOST_LINES: Final = 1000


class Entry(NamedTuple):
    """What a statement counts of a line that it does not list."""

    fact: UsageFact
    value_fen: int
    seal: bytes


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
    funding: Funding | None = None
    operator_id: str | None = None

    @property
    def month(self) -> str:
        """The statement it belongs to, by the host city's calendar."""
        return period_name(Period.MONTH, self.at)

    def canonical(self) -> bytes:
        """Write the line the one way both cities write it.

        A line from before funding was told is written as it was then; the operator, which home
        is not told, is not written.
        """
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        parts = (self.id, self.grant_id, self.attestation_id, self.incentive_id, self.fact.value)
        written = [*map(str, parts), self.value_fen, at]
        if self.funding:
            written.append(self.funding)
        return json.dumps(written, separators=(",", ":")).encode() + b"\n"

    @property
    def entry(self) -> Entry:
        seal = hashlib.sha256(self.canonical()).digest()
        return Entry(self.fact, self.value_fen, seal)


@dataclass(frozen=True, kw_only=True)
class Statement:
    """Totals and digest of all lines; of the lines themselves the first ones."""

    counts: Counter[UsageFact]
    fen: Counter[UsageFact]
    digest: str
    lines: tuple[UsageLine, ...]
    is_truncated: bool


def draw(listed: Sequence[UsageLine], others: Iterable[Entry]) -> Statement:
    """Draw a statement from its first lines and its other ones, in order of moment, then id."""
    counts: Counter[UsageFact] = Counter()
    fen: Counter[UsageFact] = Counter()
    digest = hashlib.sha256()
    for entry in chain((line.entry for line in listed), others):
        counts[entry.fact] += 1
        fen[entry.fact] += entry.value_fen
        digest.update(entry.seal)
    return Statement(
        counts=counts,
        fen=fen,
        digest=digest.hexdigest(),
        lines=tuple(listed),
        is_truncated=counts.total() > len(listed),
    )
