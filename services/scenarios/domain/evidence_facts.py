"""What a substitution and a screening may see of a subject: facts by documents, and nothing else.

Neither class has a place for a score, a tier or a recognition, and no rule takes anything but them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Self
from uuid import UUID

from contracts.words import DocumentType
from services.scenarios.domain.evidence import Evidence

FORGOTTEN: Final = "erased"  # instead of words that may tell of a person


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Invariant: it is what an effective document says of a subject, until it stops to hold."""

    evidence_id: UUID
    item_id: str
    grade: str | None
    document_type: DocumentType
    document_number: str
    issuer: str
    issued_on: date
    since: datetime
    until: datetime | None

    @classmethod
    def of(cls, evidence: Evidence) -> Self:
        return cls(
            evidence_id=evidence.id,
            item_id=evidence.item_id,
            grade=evidence.content.grade,
            document_type=evidence.document.type,
            document_number=evidence.document.number,
            issuer=evidence.document.issuer,
            issued_on=evidence.document.issued_on,
            since=evidence.live_from,
            until=evidence.live_until,
        )

    def holds(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True)
class EvidenceFacts:
    """The facts on record about one subject, by the items that a rule asks for."""

    facts: Sequence[Fact] = ()

    def of(self, item: str, at: datetime) -> Sequence[Fact]:
        """Return what holds of an item at a moment."""
        return [fact for fact in self.facts if fact.item_id == item and fact.holds(at)]


@dataclass(frozen=True)
class StatutoryEvidence:
    """Invariant: every fact is an entry of a list that the law lets a rule look up.

    `covered` are those of the lists of which sources have reported everything.
    """

    entries: Sequence[Fact] = ()
    covered: frozenset[str] = frozenset()

    @classmethod
    def of_lists(
        cls, facts: Iterable[Fact], *, lists: Iterable[str], covered: Iterable[str]
    ) -> Self:
        """Keep of some facts what stands on one of these lists."""
        named = frozenset(lists)
        return cls([fact for fact in facts if fact.item_id in named], named & frozenset(covered))
