"""What the rules of evidence ask of storage."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from services.scenarios.domain.catalogue_item import CatalogueItem
from services.scenarios.domain.evidence import EffectiveDocument, Evidence, Subject


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
