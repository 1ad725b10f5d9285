"""Settlements: what two cities owe each other for a month (ADR 0036).

Only what is used at the home city's expense is owed between cities.  Until its month is closed a
settlement grows with the lines that come; closing fixes them.  A line that comes later, or that the
other city does not hold alike, goes into the next month as an adjustment.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from contracts.errors import Refused
from contracts.periods import period_name
from contracts.words import DifferenceKind, Funding, Period, SettlementState, UsageFact
from services.scenarios.domain.statement import UsageLine

WORTH: Final = {UsageFact.REDEEMED: 1, UsageFact.CALLED: 1, UsageFact.REVERSED: -1}
"""The facts that money is owed for; what takes one back counts the other way."""

FINAL: Final = frozenset({SettlementState.AGREED, SettlementState.RESOLVED})


SEALED: Final = (
    "home",
    "grant_id",
    "attestation_id",
    "incentive_id",
    "fact",
    "value_fen",
    "at",
    "funding",
)
LINE, SEAL = "line", "seal"  # what differs when it is no single field


class Sum(NamedTuple):
    """Lines of one host, fact and funding; `adjusting` of them are of earlier months."""

    host: str
    home: str
    fact: UsageFact
    funding: Funding | None
    lines: int
    value_fen: int
    adjusting: int
    adjusting_fen: int


class Seal(NamedTuple):
    """A line by name, with the digest of everything it says; ordered by id, then host."""

    id: UUID
    host: str
    digest: bytes


class Difference(NamedTuple):
    """A field of a line that two cities do not hold alike; of a line that one lacks, all of it."""

    id: UUID
    host: str
    kind: DifferenceKind
    field: str
    here: str
    there: str


@dataclass(frozen=True, kw_only=True)
class Balance:
    """What the other city owes this one, and the other way."""

    due_fen: int
    owed_fen: int

    @property
    def net_fen(self) -> int:
        """What is left for the other to pay; negative when it is for this city."""
        return self.due_fen - self.owed_fen


@dataclass(eq=False, kw_only=True)
class Settlement:
    """Invariant: once closed it changes by explicit steps only, each of which is kept."""

    period: str
    city: str
    state: SettlementState
    digest: str
    closed_digest: str
    closed_at: datetime
    changed_at: datetime
    their_digest: str | None = None

    @classmethod
    def close(cls, period: str, city: str, digest: str, now: datetime) -> "Settlement":
        return cls(
            period=period,
            city=city,
            state=SettlementState.CLOSED,
            digest=digest,
            closed_digest=digest,
            closed_at=now,
            changed_at=now,
        )

    @property
    def is_final(self) -> bool:
        return self.state in FINAL

    def compare(self, their_digest: str, now: datetime) -> bool:
        """Go by what the other city says its lines are; return whether that changed anything.

        One that is agreed or resolved stays so.
        """
        same = their_digest == self.digest
        if self.is_final or (self.their_digest == their_digest and not same):
            return False
        self.their_digest, self.changed_at = their_digest, now
        if not same:
            self.state = SettlementState.DISPUTED
        elif self.state is SettlementState.DISPUTED:
            self.state = SettlementState.RESOLVED
        else:
            self.state = SettlementState.AGREED
        return True

    def move(self, digest: str, now: datetime) -> None:
        """Take note of what the lines are without those that went into the next month.

        Raises Refused("not_disputed").
        """
        if self.state is not SettlementState.DISPUTED:
            raise Refused("not_disputed", self.period)
        self.digest, self.changed_at = digest, now


def check_over(period: str, now: datetime) -> None:
    """Raise Refused("period_not_over") for a month that is not over."""
    if period >= period_name(Period.MONTH, now):
        raise Refused("period_not_over", period)


def digest_of(seals: Iterable[Seal]) -> str:
    """Digest lines of both directions, in order of id, then host."""
    digest = hashlib.sha256()
    for seal in seals:
        digest.update(seal.host.encode() + seal.digest)
    return digest.hexdigest()


def balance(sums: Iterable[Sum], city: str) -> Balance:
    """Say what is owed for uses that the home city pays for, seen from one of the two cities."""
    due_fen = owed_fen = 0
    for each in sums:
        worth = WORTH.get(each.fact, 0) * each.value_fen
        if each.funding is Funding.HOME_CITY and each.host == city:
            due_fen += worth
        elif each.funding is Funding.HOME_CITY:
            owed_fen += worth
    return Balance(due_fen=due_fen, owed_fen=owed_fen)


class Unlike(NamedTuple):
    """A line that two cities do not hold alike, and this city's own, if it has it."""

    id: UUID
    host: str
    kind: DifferenceKind
    line: UsageLine | None
    seal: bytes | None  # the other city's


def unlike(ours: Iterable[UsageLine], theirs: Iterable[Seal]) -> list[Unlike]:
    """List the lines that differ, by id, then host, as seen from this city."""
    held = {(line.id, line.host): line for line in ours}
    said = {(seal.id, seal.host): seal.digest for seal in theirs}
    found = []
    for key in sorted(held.keys() | said.keys()):
        line, seal = held.get(key), said.get(key)
        if line is None:
            found.append(Unlike(*key, DifferenceKind.MISSING_HERE, None, seal))
        elif seal is None:
            found.append(Unlike(*key, DifferenceKind.MISSING_THERE, line, None))
        elif line.entry.seal != seal:
            found.append(Unlike(*key, DifferenceKind.DIFFERING, line, seal))
    return found


def by_seal(found: Unlike) -> Difference:
    """Say how a line differs of which this city knows only what the other's digest is."""
    here = found.line.entry.seal.hex() if found.line else ""
    there = found.seal.hex() if found.seal else ""
    return Difference(found.id, found.host, found.kind, SEAL, here, there)


def by_field(
    key: tuple[UUID, str], ours: UsageLine | None, theirs: UsageLine | None
) -> list[Difference]:
    """Say field by field how a line differs, both of which are known."""
    if ours is None or theirs is None:
        kind = DifferenceKind.MISSING_THERE if ours else DifferenceKind.MISSING_HERE
        return [Difference(*key, kind, LINE, _said(ours), _said(theirs))]
    return [
        Difference(*key, DifferenceKind.DIFFERING, name, str(here), str(there))
        for name in SEALED
        if (here := getattr(ours, name)) != (there := getattr(theirs, name))
    ]


def _said(line: UsageLine | None) -> str:
    return f"{line.incentive_id} {line.fact} {line.value_fen} {line.at:%FT%TZ}" if line else ""
