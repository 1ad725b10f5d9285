"""What the node is made of apart from its database, and where scores come from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol, TypeVar
from uuid import UUID

from contracts.working_days import WorkingDays
from services.recognition.domain.consent_text import ConsentTexts
from services.recognition.domain.crosswalk import Crosswalk
from services.recognition.domain.crosswalk_keeping import (
    CrosswalkSource,
)
from services.recognition.domain.document import AdoptedDocument, Document, Versioned
from services.recognition.domain.fact import Fact, FactPeriods
from services.recognition.domain.jws import Signatures, Signer
from services.recognition.domain.override import Override
from services.recognition.domain.policy import Freshness, Policy
from services.recognition.domain.pseudonym_keys import PseudonymKeys
from services.recognition.domain.roster import Roster
from services.recognition.domain.status_list import Statuses

T = TypeVar("T", bound=Versioned)


@dataclass(frozen=True, kw_only=True)
class ScoreRecord:
    """A resident's score, known at home alone; its text form shows neither person nor number.

    `facts` are those that the score reckons with; `given_back` are the points that some of them
    took and, as they are without effect now, should not have taken.
    """

    civil_id: str = field(repr=False)
    score: Decimal = field(repr=False)
    as_of: datetime
    facts: tuple[Fact, ...] = field(default=(), repr=False)
    given_back: Decimal = field(default=Decimal(0), repr=False)


class Measures(Protocol):
    """How long corrections take and how old a word was; a measure that is lost does no harm."""

    def notice_applied(self, after: timedelta) -> None:
        """Note how long a notice that touched recognitions took to its effect in the whole node."""

    def effect_applied(self, after: timedelta) -> None:
        """Note how long another city took to say that what a notice asked for is done."""

    def recognised(self, status_age: timedelta, left_out: Sequence[str]) -> None:
        """Note how old the status behind a recognition was, and for which purposes too old."""

    def converged(self, kind: str, after: timedelta) -> None:
        """Note how long it took until every host did what follows of a decision, or an erasure."""

    def lines_refused(self, sender: str, line_ids: Sequence[UUID]) -> None:
        """Note the usage lines that a city reported and may not say."""

    def overdue(self, kind: str, count: int) -> None:
        """Show how many cases of a kind are open past their time."""


class ScoreSource(Protocol):
    def find(self, resident: str) -> ScoreRecord | None: ...


class Source(Protocol[T]):
    """How this node comes by a document of the alliance."""

    def look(self) -> Document[T] | None:
        """Return the newest there is, in use already or not.  It may take seconds."""

    def read(self, adopted: AdoptedDocument) -> Document[T]:
        """Read what another process of this node adopted."""

    def go_by(self, document: Document[T]) -> None:
        """Go by a document that was kept, unless what is known is newer."""


@dataclass(frozen=True, kw_only=True)
class FactRules:
    """How long facts count in this city, and in how many working days it decides about them."""

    periods: FactPeriods
    working_days: WorkingDays
    dispute_days: int
    repair_days: int

    def dispute_due_at(self, now: datetime) -> datetime:
        return self.working_days.after(now, self.dispute_days)

    def repair_due_at(self, now: datetime) -> datetime:
        return self.working_days.after(now, self.repair_days)


@dataclass(frozen=True, kw_only=True)
class Node:
    """What this city's node is made of, apart from its database.

    `roster`, `crosswalks` (the alliance's, by version), `overrides` and `consent_texts` are asked
    anew each time, as they may change.  `holder_keys` gives the keys under which this city names
    its residents to a host: the one in use, then a former one while both count; raises
    Refused("key_not_usable").  `make_secret` yields 256 random bits in base64url.
    """

    city: str
    gateway: str
    roster: Callable[[], Roster]
    rosters: Source[Roster]
    pseudonym_keys: Source[PseudonymKeys]
    crosswalks: Callable[[], Mapping[int, Crosswalk]]
    overrides: Callable[[], Sequence[Override]]
    crosswalk_source: CrosswalkSource
    consent_texts: Callable[[], ConsentTexts]
    signer: Signer
    signatures: Signatures
    statuses: Statuses
    policy: Policy
    freshness: Freshness
    scores: ScoreSource
    fact_rules: FactRules
    holder_keys: Callable[[str, datetime], tuple[bytes, ...]]
    attestation_life: timedelta
    make_secret: Callable[[], str]
    measures: Measures
    compromised: set[str] = field(default_factory=set)  # own keys that nothing is signed by

    def status_list_uri(self, number: int) -> str:
        """Return the address at which this city serves one of its status lists."""
        return f"{self.gateway.rstrip('/')}/v1/status-lists/{number}"
