"""The docket: what home decided, and has still to decide, about the facts of one resident.

Which facts count is never stored: it follows, for any moment, from the facts as they are delivered,
the docket, and the periods.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from contracts.errors import Refused
from contracts.words import DisputeState
from services.recognition.domain.dispute import Dispute
from services.recognition.domain.fact import Fact, FactPeriods

MOST_WITHDRAWN: Final = 2
"""How often one may contest a version of a fact and withdraw: each time it counts for nothing."""


@dataclass(frozen=True, kw_only=True)
class CorrectedFact:
    """A version of a fact was found wrong: it has no effect, however often it is delivered.

    Another version of the same fact is what the scoring system made of it, and counts.
    """

    id: UUID
    digest: str
    at: datetime

    def covers(self, fact: Fact) -> bool:
        return fact.digest == self.digest


@dataclass(frozen=True, kw_only=True)
class RepairedFact:
    """A fact was repaired, and with it what the source might still deliver late.

    Covered is the same fact, whatever it says by now; and one of the same catalogue item whose
    document is no younger, unless it was known when the repair was completed: then it had a life,
    and a repair, of its own.
    """

    id: UUID
    fact_id: str
    catalogue_item: str
    decided_at: datetime
    known: frozenset[str]
    at: datetime

    def covers(self, fact: Fact) -> bool:
        if fact.id == self.fact_id:
            return True
        late = fact.decided_at <= self.decided_at and fact.id not in self.known
        return late and fact.catalogue_item == self.catalogue_item


@dataclass(frozen=True, kw_only=True)
class Docket:
    """Invariant: all of it concerns one resident; a settlement bears the id of its case."""

    periods: FactPeriods
    disputes: Sequence[Dispute] = ()
    settled: Sequence[CorrectedFact | RepairedFact] = field(default=(), repr=False)

    def counts(self, fact: Fact, at: datetime) -> bool:
        """Say whether a fact had its effect at a moment."""
        return not (
            self.is_settled(fact, at) or any(each.suspends(fact, at) for each in self.disputes)
        )

    def is_settled(self, fact: Fact, at: datetime) -> bool:
        """Say whether a fact had lost its effect for good by a moment; why, nobody is told."""
        if at >= self.periods[fact.gravity].ends_at(fact):
            return True
        return any(each.at <= at and each.covers(fact) for each in self.settled)

    def changed_since(self, then: datetime) -> bool:
        """Say whether anything was disputed, decided or withdrawn after a moment."""
        moments = [each.at for each in self.settled]
        moments += [each.closed_at for each in self.disputes if each.named and each.closed_at]
        moments += [each.named.at for each in self.disputes if each.named]
        return any(at > then for at in moments)

    def given_back(self, facts: Iterable[Fact], at: datetime) -> Decimal:
        """Return the points that facts without effect would have taken."""
        without = (each for each in facts if each.lowers and not self.counts(each, at))
        return -sum((each.points for each in without), Decimal(0))

    def open_dispute(self, fact: Fact, at: datetime) -> Dispute | None:
        return next((each for each in self.disputes if each.suspends(fact, at)), None)

    def check_contestable(self, fact: Fact, at: datetime) -> None:
        """Raise Refused: already_open, or already_decided: this very version was upheld."""
        if self.open_dispute(fact, at) is not None:
            raise Refused("already_open", "dispute")
        if DisputeState.UPHELD in self._ends_of(fact):
            raise Refused("already_decided", "dispute")

    def check_not_withdrawn(self, fact: Fact) -> None:
        """Raise Refused("withdrawn_too_often"): this very version was contested for nothing."""
        if self._ends_of(fact).count(DisputeState.WITHDRAWN) >= MOST_WITHDRAWN:
            raise Refused("withdrawn_too_often", "dispute")

    def _ends_of(self, fact: Fact) -> list[DisputeState]:
        """Return what became of the disputes about this version of a fact."""
        about = (each for each in self.disputes if each.named)
        return [each.state for each in about if each.named and each.named.digest == fact.digest]
