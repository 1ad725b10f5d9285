"""What home stores: whose, by which consent, what was attested, contested and decided."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from contracts.words import DisputeState
from services.recognition.domain.consent import Consent
from services.recognition.domain.consent_text import Snapshot
from services.recognition.domain.dispute import Dispute
from services.recognition.domain.docket import CorrectedFact, RepairedFact
from services.recognition.domain.erasure import Erasure
from services.recognition.domain.issuance import Issuance, Suspension
from services.recognition.domain.repair import Repair
from services.recognition.domain.status_list import Status


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

    def issued_to(self, recipient: str, attestation_ids: Collection[UUID]) -> Collection[UUID]:
        """Return those of these attestations that are for a city, whatever became of them."""

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
