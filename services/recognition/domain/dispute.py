"""The dispute: a resident contests a fact; until it is closed the fact does not lower the score."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from contracts.errors import Refused
from contracts.words import DisputeGround, DisputeState
from services.recognition.domain.fact import Fact


@dataclass(frozen=True, kw_only=True)
class Contest:
    """What a dispute is about, as its resident says it; equal contests are the same dispute.

    `attestation_id` is the attestation that led to it; `host` the city that it was said at, None
    at home.  `statement` stays at home.
    """

    resident: str
    ground: DisputeGround
    statement: str = ""
    fact_id: str | None = None
    attestation_id: UUID | None = None
    host: str | None = None


@dataclass(frozen=True, kw_only=True)
class DisputedFact:
    """The fact that a dispute is about, since when, and the version of it that is contested."""

    fact_id: str
    digest: str
    at: datetime


@dataclass(eq=False, kw_only=True)
class Dispute:
    """Invariant: names one fact at most, and once closed stays closed.

    `named` may come later than the dispute: whoever contests at a host knows of no fact.
    """

    id: UUID
    contest: Contest
    opened_at: datetime
    due_at: datetime
    named: DisputedFact | None = None
    state: DisputeState = DisputeState.OPEN
    closed_at: datetime | None = None
    note: str = ""
    converged_at: datetime | None = None

    @classmethod
    def open(cls, id: UUID, contest: Contest, now: datetime, due_at: datetime) -> Self:
        return cls(id=id, contest=contest, opened_at=now, due_at=due_at)

    def name(self, fact: Fact, now: datetime) -> bool:
        """Name the fact, once; say whether it was named now.

        Raises Refused("already_decided"): closed, or about another fact.
        """
        if self.named is not None and self.named.fact_id == fact.id:
            return False
        if self.named is not None or self.state is not DisputeState.OPEN:
            raise Refused("already_decided", "dispute")
        self.named = DisputedFact(fact_id=fact.id, digest=fact.digest, at=now)
        return True

    def close(self, state: DisputeState, now: datetime, note: str = "") -> bool:
        """Decide or withdraw it, once; say whether that was done now.

        Raises Refused: already_decided in another way, or fact_not_named.
        """
        if self.state is state:
            return False
        if self.state is not DisputeState.OPEN:
            raise Refused("already_decided", "dispute")
        if self.named is None and state is DisputeState.CORRECTED:
            raise Refused("fact_not_named", "dispute")
        self.state, self.closed_at, self.note = state, now, note
        return True

    def suspends(self, fact: Fact, at: datetime) -> bool:
        """Say whether a fact had no effect at a moment because of this dispute."""
        if self.named is None or self.named.fact_id != fact.id:
            return False
        return self.named.at <= at and (self.closed_at is None or at < self.closed_at)
