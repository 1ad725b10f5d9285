"""A fact on record as it is told: what, by which document, since when and until when."""

from dataclasses import dataclass

from contracts.days import Day
from contracts.evidence import Grade
from contracts.fields import Identifier, Moment, Slug, Title
from contracts.words import DocumentType


@dataclass(frozen=True, kw_only=True)
class FactLine:
    """One fact of a subject, by the effective document it rests on; `until` is its expiry."""

    evidence_id: Identifier
    item_id: Slug
    grade: Grade | None
    document_type: DocumentType
    document_number: Title
    issuer: Title
    issued_on: Day
    since: Moment
    until: Moment | None
