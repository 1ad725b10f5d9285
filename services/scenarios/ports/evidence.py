"""What the rules of evidence ask of storage."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from services.scenarios.domain.catalogue_item import CatalogueItem
from services.scenarios.domain.coverage import Coverage
from services.scenarios.domain.evidence import EffectiveDocument, Evidence, Subject
from services.scenarios.domain.evidence_dispute import EvidenceDispute


class CatalogueItems(Protocol):
    """Items of the catalogue, every version of each."""

    def get(self, id: str) -> CatalogueItem | None:
        """Return the newest version, for a change of terms."""

    def at(self, id: str, at: datetime) -> CatalogueItem | None:
        """Return, without a lock, the version that was the newest at a moment."""

    def page(self, after: str, most: int) -> Sequence[CatalogueItem]:
        """Return, without a lock, the newest versions by id, those after one."""

    def add(self, item: CatalogueItem) -> None:
        """Store a first version; raises Conflict("id_reused")."""

    def save(self, item: CatalogueItem) -> None:
        """Store a further version; raises Conflict("id_reused") when it is there already."""


class EvidenceRecords(Protocol):
    """Evidence, with all its turns."""

    def get(self, id: UUID) -> Evidence | None: ...
    def add(self, evidence: Evidence) -> None:
        """Store a new one; raises Conflict("id_reused")."""

    def save(self, evidence: Evidence) -> None:
        """Store the turns that were added."""

    def current(self, subject: Subject, items: Collection[str], at: datetime) -> Sequence[Evidence]:
        """Return, without a lock, what counts of some items at a moment, youngest document first.

        Nothing else may be decided on (`Evidence.is_current`); for a moment of the past it is what
        counted then.
        """

    def of_document(
        self, subject: Subject, item_id: str, document: EffectiveDocument
    ) -> Evidence | None:
        """Return and lock what a document was entered as before, in whatever state it is."""

    def repaired_to(self, subject: Subject, item_id: str) -> date | None:
        """Return the youngest day of a document of which the evidence was repaired."""

    def of(self, subject: Subject, after: UUID | None, most: int) -> Sequence[Evidence]:
        """Return, without a lock, a subject's evidence by its id, but what was repaired."""

    def due(self, now: datetime, most: int) -> Sequence[Evidence]:
        """Return and lock evidence whose time is up, but what somebody else has locked."""

    def forget(self, subject: Subject) -> int:
        """Delete all evidence about a subject with its turns; return how many there was."""


class EvidenceDisputes(Protocol):
    """Disputes about evidence."""

    def get(self, id: UUID) -> EvidenceDispute | None: ...
    def add(self, dispute: EvidenceDispute) -> None:
        """Store a new one; raises Conflict("id_reused")."""

    def save(self, dispute: EvidenceDispute) -> None: ...
    def evidence_of(self, id: UUID) -> UUID | None:
        """Return, without a lock, the evidence that a dispute is about."""

    def about(self, evidence_id: UUID) -> Sequence[EvidenceDispute]:
        """Return and lock all disputes about one piece of evidence."""

    def newest_of(
        self, subject: Subject, most: int, after: UUID | None = None
    ) -> Sequence[EvidenceDispute]:
        """Return, without a lock, the disputes of a subject, newest first, that follow one.

        Raise NotFound when `after` is none of theirs.
        """

    def open_about(self, evidence_ids: Sequence[UUID]) -> dict[UUID, UUID]:
        """Return the open dispute of each piece of evidence that has one."""

    def due(self, after: EvidenceDispute | None, most: int) -> Sequence[EvidenceDispute]:
        """Return, without a lock, the open ones by when they are due, those after one."""

    def forget(self, subject: Subject) -> None:
        """Delete all disputes of a subject."""


class CoverageRegister(Protocol):
    """Of which periods sources have reported items."""

    def get(self, item_id: str, source: str | None, now: datetime) -> Coverage:
        """Return and lock the coverage of an item by a source, which may be none yet."""

    def save(self, coverage: Coverage) -> None: ...
    def of(self, item_id: str) -> Sequence[Coverage]:
        """Return, without a lock, the coverage of an item by each source."""


class Deadlines(Protocol):
    """When a case is due, in working days of the city's offices."""

    def dispute_due(self, now: datetime) -> datetime: ...
