"""Catalogue items: what evidence there may be, by which law, since when and for how long."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from contracts.errors import Malformed, Refused
from contracts.periods import beginning, months_after
from contracts.words import DocumentType, EvidenceClass, RepairStart, SubjectKind
from services.scenarios.domain.private_class import check_not_private


@dataclass(frozen=True, kw_only=True)
class LegalBasis:
    """The law that lets an item be kept: title and article, in force from a day, until another."""

    title: str
    article: str
    in_force_from: date
    in_force_until: date | None = None

    def in_force(self, at: datetime) -> bool:
        until = self.in_force_until
        return beginning(self.in_force_from) <= at and (until is None or at < beginning(until))


@dataclass(frozen=True, kw_only=True)
class RepairRule:
    """Evidence may stop early so many months after its document, or after the duty's fulfilment."""

    months: int
    start: RepairStart

    def repairable_at(self, issued_on: date, fulfilled_on: date) -> datetime:
        start = issued_on if self.start is RepairStart.DOCUMENT else fulfilled_on
        return months_after(beginning(start), self.months) if self.months else beginning(start)


@dataclass(frozen=True, kw_only=True)
class ItemTerms:
    """What an item says of all its evidence.

    `grades`, best first, are what its evidence is graded by; `states_amount` says that its evidence
    names a sum.  Evidence counts `keeps_months` from the day of its document (None: by its own
    dates alone).  `sources` are the operators who may enter it, beside the city.
    """

    name: str
    name_en: str
    evidence_class: EvidenceClass
    basis: LegalBasis
    subjects: frozenset[SubjectKind]
    documents: frozenset[DocumentType]
    live_from: datetime
    live_until: datetime | None = None
    keeps_months: int | None = None
    repair: RepairRule | None = None
    grades: tuple[str, ...] = ()
    states_amount: bool = False
    sources: frozenset[str] = frozenset()

    def check(self, now: datetime) -> None:
        """Raise Malformed for terms that contradict themselves, and Refused for unlawful ones.

        Refused private_class, with the law; and legal_basis_missing: not in force by now.
        """
        check_not_private(self.name, self.name_en)
        if not self.basis.in_force(max(now, self.live_from)):
            raise Refused("legal_basis_missing", f"{self.basis.title} is not in force then")
        if problems := dict(self._problems()):
            raise Malformed(errors=problems)

    def _problems(self) -> "list[tuple[str, str]]":
        found = []
        if self.live_until is not None and self.live_until <= self.live_from:
            found.append(("live_until", "Not after live_from."))
        if not self.subjects:
            found.append(("subjects", "At least one."))
        if not self.documents:
            found.append(("documents", "At least one: nothing enters without a document."))
        if len(set(self.grades)) != len(self.grades):
            found.append(("grades", "One of them is said twice."))
        if self.repair and self.keeps_months is None:
            found.append(("repair", "Only what is kept for a number of months stops early."))
        return found


@dataclass(frozen=True, kw_only=True)
class CatalogueItem:
    """Invariant: an item stays in its class; a version's terms never change."""

    id: str
    version: int
    published_at: datetime
    terms: ItemTerms

    def revised(self, terms: ItemTerms, now: datetime) -> "CatalogueItem":
        """Return the next version, or this one when the terms are the same."""
        if terms == self.terms:
            return self
        return replace(self, version=self.version + 1, published_at=now, terms=terms)

    def is_live(self, at: datetime) -> bool:
        """Whether its evidence may count at a moment: within its dates, its law in force."""
        until = self.terms.live_until
        within = self.terms.live_from <= at and (until is None or at < until)
        return within and self.terms.basis.in_force(at)

    def keeps_until(self, issued_on: date) -> datetime | None:
        """Return when evidence of a document of that day stops to count, None: never by itself."""
        months = self.terms.keeps_months
        return None if months is None else months_after(beginning(issued_on), months)
