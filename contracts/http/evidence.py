"""Bodies about evidence and its catalogue."""

from dataclasses import dataclass

from contracts.days import Day
from contracts.evidence import NOTHING_MORE, EffectiveDocument, EvidenceContent, EvidenceItemTerms
from contracts.fields import Slug
from contracts.subjects import HolderSubject, OrganisationSubject
from contracts.words import AnnulmentReason


@dataclass(frozen=True, kw_only=True)
class EvidenceItemBody(EvidenceItemTerms):
    """An item to put into the catalogue."""


@dataclass(frozen=True, kw_only=True)
class EvidenceBody:
    """What an effective document says of a subject."""

    item_id: Slug
    subject: HolderSubject | OrganisationSubject
    document: EffectiveDocument
    content: EvidenceContent = NOTHING_MORE


@dataclass(frozen=True, kw_only=True)
class EvidenceRepairBody:
    """The day on which the duty was fulfilled."""

    fulfilled_on: Day


@dataclass(frozen=True, kw_only=True)
class AnnulmentBody:
    """Why evidence is taken out for good."""

    reason: AnnulmentReason
