"""What recognition's handlers ask of the outside: storage in one transaction, and the node.

The protocols of the core (Signer, Signatures, Statuses, Policy) stand beside the rules that use
them.  A repository's `get` locks what it returns until the transaction ends, so that a rule
checked on a row still holds when the row is written.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar
from uuid import UUID

from contracts.words import DisputeState
from services.recognition.domain.batch import Batches
from services.recognition.domain.challenge import Challenge
from services.recognition.domain.consent import Consent
from services.recognition.domain.consent_text import ConsentTexts, Snapshot
from services.recognition.domain.correction import Correction
from services.recognition.domain.crosswalk import Crosswalk
from services.recognition.domain.crosswalk_keeping import (
    CrosswalkOffers,
    Crosswalks,
    CrosswalkSource,
)
from services.recognition.domain.dispute import Dispute
from services.recognition.domain.distrust import Distrust, Distrusts
from services.recognition.domain.docket import CorrectedFact, RepairedFact
from services.recognition.domain.document import AdoptedDocument, Document, Versioned
from services.recognition.domain.effect import Effect
from services.recognition.domain.erasure import Erasure
from services.recognition.domain.fact import Fact, FactPeriods
from services.recognition.domain.footing import Supersession
from services.recognition.domain.issuance import Issuance, Revoked, Suspension
from services.recognition.domain.jws import Signatures, Signer
from services.recognition.domain.membership import StateChange
from services.recognition.domain.notice import UnsignedNotice
from services.recognition.domain.override import Override
from services.recognition.domain.policy import Freshness, Policy
from services.recognition.domain.pseudonym_keys import PseudonymKeys
from services.recognition.domain.recognition import Recognition
from services.recognition.domain.repair import Repair
from services.recognition.domain.roster import Roster
from services.recognition.domain.routed_dispute import RoutedDispute
from services.recognition.domain.standing import Standing
from services.recognition.domain.status_list import Status, Statuses
from services.recognition.domain.working_days import WorkingDays


class Subjects(Protocol):
    """What ties a resident to what is stored of them, and opens it."""

    def hold(self, resident: str) -> bool:
        """Say whether anything is stored of a resident.

        If so, nothing new is written of them, and nobody else erases them, until the transaction
        ends.
        """

    def resident_of(self, subject: UUID) -> str | None:
        """Say whom a subject is; None when the resident was erased."""

    def erase(self, resident: str) -> UUID | None:
        """Destroy it: what is stored stays, and no repository finds it for anybody any more.

        Return the random name that it is stored under, or None when nothing is.  The same resident
        begins anew.
        """


class Holders(Protocol):
    """Whom a host knows, under random names of its own."""

    def name(self, subs: Sequence[str], new: str, now: datetime) -> str:
        """Return the holder behind these names that a home city gave one person.

        Nobody known yet is called `new`.  Two holders that turn out to be one go by the older name
        from now on.  Until the transaction ends nobody else names or forgets them.
        """

    def known(self, subs: Sequence[str]) -> Sequence[str]:
        """Return and lock the holders behind these names."""

    def is_known(self, holder: str) -> bool:
        """Say whether any name given outside leads to a holder."""

    def forget(self, holder: str, now: datetime) -> None:
        """Destroy what ties a holder to any name given outside; note that this was done."""

    def forget_later(self, holder: str, now: datetime) -> None:
        """Note that a city erased a holder by whom another one stands."""

    def to_forget(self, now: datetime, limit: int) -> Sequence[str]:
        """Return and lock holders noted so, by whom no city stands any more."""


class Consents(Protocol):
    def get(self, id: UUID) -> Consent | None: ...
    def add(self, consent: Consent) -> None: ...
    def save(self, consent: Consent) -> None: ...
    def for_recipient(self, resident: str, recipient: str) -> Sequence[Consent]:
        """Return and lock the consents of a resident for one city, newest first."""

    def beside(self, id: UUID) -> Sequence[Consent]:
        """Return and lock a consent and the others of its resident for its city, newest first."""

    def of(
        self, resident: str, after: Consent | None = None, limit: int | None = None
    ) -> Sequence[Consent]:
        """Return the consents of a resident, newest first, or those that follow one of them."""


class Snapshots(Protocol):
    """Texts that somebody consented to, to the letter."""

    def add(self, snapshot: Snapshot, until: datetime) -> None:
        """Keep the text of a consent until then; the same is kept once."""

    def get(self, digest: str) -> Snapshot | None: ...


class Issuances(Protocol):
    def get(self, attestation_id: UUID) -> Issuance | None: ...
    def add(self, issuance: Issuance) -> None: ...
    def save(self, issuance: Issuance) -> None: ...
    def standing_under(self, consent_id: UUID) -> Sequence[Issuance]:
        """Return and lock the attestations under a consent that are not revoked."""

    def under(self, consent_id: UUID, after: Issuance | None, limit: int) -> Sequence[Issuance]:
        """Return the attestations under a consent, newest first, or those that follow one."""

    def standing_by_text(
        self, versions: Sequence[str], now: datetime, limit: int
    ) -> Sequence[Issuance]:
        """Return and lock attestations under consents to these texts, not revoked and not over."""

    def standing_for(self, resident: str, recipient: str, now: datetime) -> Sequence[Issuance]:
        """Return and lock a resident's attestations for one city, not revoked and not over."""

    def recipient_of(self, attestation_id: UUID) -> str | None:
        """Say which city an attestation is for, also of a resident who was erased since."""

    def ever_of(self, resident: str) -> Sequence[Issuance]:
        """Return and lock all attestations of a resident, whatever became of them."""

    def of(self, resident: str, now: datetime, limit: int) -> Sequence[Issuance]:
        """Return a resident's attestations that are not over, newest first."""

    def recipients_of(self, resident: str, now: datetime) -> Sequence[str]:
        """Return the cities that a resident's standing attestations are for, each once."""

    def standing_to(
        self, recipient: str, now: datetime, after: UUID, limit: int
    ) -> Sequence[Issuance]:
        """Return the attestations to a city that stand now and come next by their name.

        Each rests on a live consent, as withdrawing it revokes them.
        """

    def standing_after(
        self, until: datetime, attestation_id: UUID, limit: int
    ) -> Sequence[Issuance]:
        """Return the attestations not revoked that come next, by their end and then their name."""


@dataclass(frozen=True, kw_only=True)
class Punctuality:
    """Of the cases that were due by a moment: how many, and how many were closed in time."""

    due: int
    in_time: int


class Disputes(Protocol):
    def get(self, id: UUID) -> Dispute | None: ...
    def add(self, dispute: Dispute) -> None: ...
    def save(self, dispute: Dispute) -> None: ...
    def of(self, resident: str) -> Sequence[Dispute]:
        """Return the disputes of a resident, newest first."""

    def in_state(
        self, state: DisputeState, after: tuple[datetime, UUID], limit: int
    ) -> Sequence[Dispute]:
        """Return those in a state that come next, by when they are due and then their name."""

    def overdue(self, now: datetime) -> int:
        """Count the open ones that were due before now."""

    def punctuality(self, at: datetime) -> Punctuality: ...


class Repairs(Protocol):
    def get(self, id: UUID) -> Repair | None: ...
    def add(self, repair: Repair) -> None: ...
    def save(self, repair: Repair) -> None: ...
    def of(self, resident: str) -> Sequence[Repair]:
        """Return the repairs that a resident asked for, newest first."""

    def open_ones(self, after: tuple[datetime, UUID], limit: int) -> Sequence[Repair]:
        """Return the open ones that come next, by when they are due and then their name."""

    def overdue(self, now: datetime) -> int:
        """Count the open ones that were due before now."""

    def punctuality(self, at: datetime) -> Punctuality: ...


class Settlements(Protocol):
    """What was decided about a resident's facts for good."""

    def hold(self, resident: str) -> None:
        """Let nobody else decide anything about this resident until the transaction ends."""

    def add(self, resident: str, settled: CorrectedFact | RepairedFact) -> None: ...
    def of(self, resident: str) -> Sequence[CorrectedFact | RepairedFact]: ...


class RoutedDisputes(Protocol):
    """What holders contested at this host, for their home cities to decide."""

    def get(self, id: UUID) -> RoutedDispute | None: ...
    def add(self, dispute: RoutedDispute) -> None: ...
    def save(self, dispute: RoutedDispute) -> None: ...
    def of(self, holder: str) -> Sequence[RoutedDispute]:
        """Return what a holder contested here, newest first."""


class StatusLists(Protocol):
    """The status lists of this city, filled one after the other."""

    def take(self) -> tuple[int, int]:
        """Take a free entry, never given before: the number of its list, and its index."""

    def not_valid(
        self, number: int, at: datetime | None = None
    ) -> Sequence[tuple[int, Status]] | None:
        """Return the entries of a list that are not valid, or None: no such list.

        With `at`, as they stood at that moment.  Each index comes once.
        """

    def remember(self, number: int, index: int, suspension: Suspension) -> None:
        """Keep a suspension that is over, for lists of the past, before another takes its place."""

    def begun_at(self, number: int) -> datetime | None:
        """Say when the first attestation of a list was issued; None while it has none."""


class Erasures(Protocol):
    def get(self, id: UUID) -> Erasure | None: ...
    def add(self, erasure: Erasure) -> None: ...
    def save(self, erasure: Erasure) -> None: ...


class OldRecords(Protocol):
    """Consents, attestations, recognitions and erasures: the records of processing (PIPL 56)."""

    def forget_before(self, moment: datetime, limit: int) -> int:
        """Drop at most so many of each kind that were over before a moment; say how many."""


class Challenges(Protocol):
    def get(self, id: UUID) -> Challenge | None: ...
    def add(self, challenge: Challenge) -> None: ...
    def save(self, challenge: Challenge) -> None: ...
    def forget_before(self, moment: datetime, limit: int) -> int:
        """Drop at most so many challenges that ended before a moment; say how many."""


class Recognitions(Protocol):
    def get(self, id: UUID) -> Recognition | None: ...
    def add(self, recognition: Recognition) -> None: ...
    def save(self, recognition: Recognition) -> None: ...
    def standing_on(self, home: str, attestation_id: UUID) -> Sequence[Recognition]:
        """Return and lock the recognitions of an attestation that have not ended."""

    def forget_keys(self, holder: str) -> None:
        """Forget by which keys a holder proved themselves: a device keeps its key for long."""

    def of_holder(self, holder: str) -> Sequence[Recognition]:
        """Return and lock all recognitions of a holder, whatever became of them."""

    def signers(self) -> Sequence[tuple[str, str]]:
        """Return home city and key of all recognitions that have not ended, each pair once."""

    def standing_by(self, home: str, kid: str, now: datetime, limit: int) -> Sequence[Recognition]:
        """Return and lock recognitions by city and key, not ended and not over."""

    def standing_under(
        self, distrust: Distrust, now: datetime, limit: int
    ) -> Sequence[Recognition]:
        """Return and lock those of them that rest on what a distrusted key signed since then.

        Where it is not known when it signed, the moment of recognition counts.
        """


class Revocations(Protocol):
    """What other cities said they took back, kept under the name of the city that said it."""

    def reason(self, home: str, attestation_id: UUID, now: datetime) -> str | None:
        """Say why a city revoked an attestation, or None.

        Until the transaction ends nobody else learns or changes it: a recognition and the
        revocation of its attestation never miss each other.
        """

    def add(self, home: str, attestation_id: UUID, revoked: Revoked, now: datetime) -> None:
        """Remember a revocation; the first one stands."""

    def forget_before(self, moment: datetime, limit: int) -> int:
        """Drop at most so many of what was noted before a moment; say how many."""


class Standings(Protocol):
    """Whether other cities stand by their attestations for now, as each of them said last."""

    def get(self, home: str, attestation_id: UUID, now: datetime) -> Standing | None:
        """Return and lock a city's last word on an attestation, as Revocations.reason does."""

    def save(self, home: str, attestation_id: UUID, standing: Standing) -> None:
        """Replace the last word that `get` returned."""


class Supersessions(Protocol):
    """Which attestations took the place of which, as the city said that issued them."""

    def get(self, home: str, attestation_id: UUID) -> Supersession | None:
        """Return what took the place of an attestation; whoever needs it to stay locks that."""

    def add(self, home: str, attestation_id: UUID, told: Supersession) -> None:
        """Remember what took the place of an attestation; the first word stands."""

    def forget_keys(self, holder: str) -> None:
        """Forget what is known of a holder by what took another one's place."""

    def forget_before(self, moment: datetime, limit: int) -> int:
        """Drop at most so many of before a moment; say how many."""


class Withdrawals(Protocol):
    """Who withdrew consent at home, by the name that home gave them."""

    def at(self, home: str, subject: str, now: datetime) -> datetime | None:
        """Say when a person withdrew last, or None.

        Until the transaction ends nobody else learns or changes it: a recognition and a withdrawal
        of the same person never miss each other.
        """

    def add(self, home: str, subject: str, at: datetime, now: datetime) -> None:
        """Remember a withdrawal; the latest one stands."""

    def forget(self, home: str, subject: str) -> None:
        """Forget what is known of a person whom that city erased."""

    def forget_before(self, moment: datetime, limit: int) -> int:
        """Drop at most so many of what was noted before a moment; say how many."""


class ReceivedNotices(Protocol):
    def add(self, sender: str, notice_id: UUID, at: datetime) -> bool:
        """Remember a notice; say whether it is new."""

    def forget_before(self, moment: datetime, limit: int) -> int:
        """Drop at most so many that were received before a moment; say how many."""


class UnsignedNotices(Protocol):
    """What could not be signed when it happened, kept until it can."""

    def add(self, notice: UnsignedNotice, at: datetime) -> None: ...
    def count(self) -> int: ...
    def has(self, recipient: str, subject: str) -> bool:
        """Say whether a notice of this subject to this city waits."""

    def to(self, recipient: str, limit: int) -> Sequence[UnsignedNotice]:
        """Return and lock the notices to one city, in the order in which they were kept."""

    def remove(self, id: UUID) -> None: ...


class Effects(Protocol):
    """What this city asked of others by notices, until they say that it is done."""

    def expect(self, notice_id: UUID, recipient: str, cause: UUID, at: datetime) -> None:
        """Remember that a notice was sent for a cause.  Safe to repeat.

        The first cause stands, but for a notice that was its own so far.
        """

    def cause_of(self, notice_id: UUID, recipient: str) -> UUID | None:
        """Return what a notice to a city was sent for, or None when nobody waits for it."""

    def applied(self, notice_id: UUID, recipient: str, at: datetime) -> bool:
        """Note that a notice took effect; False when not that city was asked, or it said so before.

        Until the transaction ends nobody else changes an effect of the same cause.
        """

    def of(self, cause: UUID) -> Sequence[Effect]:
        """Return and lock every effect of a cause, in the order they were asked for."""

    def forget_before(self, moment: datetime, limit: int) -> int:
        """Drop at most so many that were asked for before a moment; say how many."""


class Corrections(Protocol):
    """What notices of other cities touched here, until scenarios has acted on it."""

    def add(self, correction: Correction) -> None:
        """Wait for a correction.  Safe to repeat."""

    def take(self, notice_id: UUID, recognition_id: UUID) -> Correction | None:
        """Wait for a correction no more and return it, or None: nobody waited.

        Until the transaction ends nobody else takes one of the same notice.
        """

    def waits_for(self, sender: str, notice_id: UUID) -> bool:
        """Say whether a notice still waits for a correction."""

    def forget_before(self, moment: datetime, limit: int) -> int:
        """Drop at most so many that were heard of before a moment; say how many."""


class AdoptedDocuments(Protocol):
    """The versions of one document of the alliance that this node went by, with their texts."""

    def newest(self) -> AdoptedDocument | None:
        """Return the version adopted last."""

    def adopt(self, document: Document[Versioned], at: datetime) -> bool:
        """Keep a version if it is newer than every one adopted; say whether it was.

        The text of a version that was kept without one is kept as well.
        """


class Memberships(Protocol):
    """Every change of where a city stands, as the rosters told it."""

    def states(self) -> Mapping[str, StateChange]:
        """Return the last change of each city, by its code."""

    def add(self, change: StateChange) -> bool:
        """Remember a change; say whether it is new."""

    def at(self, moment: datetime) -> Sequence[StateChange]:
        """Return the last change of each city by a moment, by its code."""


class Outbox(Protocol):
    @property
    def added(self) -> Sequence[Any]:
        """What was announced in this transaction, in order."""

    def add(self, event: Any) -> None: ...


class UnitOfWork(Protocol):
    """One transaction; leaving it without `commit` undoes everything."""

    subjects: Subjects
    consents: Consents
    snapshots: Snapshots
    issuances: Issuances
    disputes: Disputes
    repairs: Repairs
    settlements: Settlements
    routed_disputes: RoutedDisputes
    status_lists: StatusLists
    erasures: Erasures
    old_records: OldRecords
    challenges: Challenges
    holders: Holders
    recognitions: Recognitions
    revocations: Revocations
    standings: Standings
    supersessions: Supersessions
    withdrawals: Withdrawals
    received_notices: ReceivedNotices
    unsigned_notices: UnsignedNotices
    distrusted_keys: Distrusts
    batches: Batches
    effects: Effects
    corrections: Corrections
    adopted_rosters: AdoptedDocuments
    adopted_pseudonym_keys: AdoptedDocuments
    memberships: Memberships
    crosswalks: Crosswalks
    crosswalk_offers: CrosswalkOffers

    @property
    def outbox(self) -> Outbox: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
    def commit(self) -> None: ...


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

    def overdue(self, kind: str, count: int) -> None:
        """Show how many cases of a kind are open past their time."""


class ScoreSource(Protocol):
    def find(self, resident: str) -> ScoreRecord | None: ...


T = TypeVar("T", bound=Versioned)


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
