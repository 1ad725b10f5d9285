"""Bodies about evidence and its catalogue."""

from dataclasses import dataclass

from contracts.days import Day
from contracts.evidence import NOTHING_MORE, EffectiveDocument, EvidenceContent, EvidenceItemTerms
from contracts.fields import Identifier, Moment, Slug
from contracts.subjects import HolderSubject, OrganisationSubject
from contracts.words import AnnulmentReason, DisputeGround, DisputeOutcome


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


@dataclass(frozen=True, kw_only=True)
class EvidenceDisputeBody:
    """What is wrong with evidence."""

    evidence_id: Identifier
    ground: DisputeGround


@dataclass(frozen=True, kw_only=True)
class EvidenceDisputeDecisionBody:
    """What a dispute about evidence comes to."""

    outcome: DisputeOutcome


@dataclass(frozen=True, kw_only=True)
class CoverageBody:
    """Everything of an item that became effective since a moment and before another is there."""

    since: Moment
    until: Moment


@dataclass(frozen=True, kw_only=True)
class SourceCoverageBody(CoverageBody):
    """The same, said by the city: of itself, or of an operator."""

    source: Slug | None = None
