"""Evidence: the catalogue of what there may be, what was entered, disputes, repair, annulment."""

from dataclasses import dataclass
from typing import Annotated, Final

from marshmallow import fields, validate

from contracts.days import Day
from contracts.fields import (
    Fen,
    Identifier,
    Moment,
    Positive,
    Reason,
    Slug,
    Title,
)
from contracts.subjects import HolderSubject, OrganisationSubject
from contracts.wire import command, event, reply
from contracts.words import (
    AnnulmentReason,
    DocumentType,
    EvidenceClass,
    EvidenceState,
    RepairStart,
    SubjectKind,
)

Months = Annotated[
    int,
    fields.Integer(
        strict=True,
        validate=validate.Range(0, 1200),
        metadata={"description": "A number of months.", "examples": [36]},
    ),
]

Grade = Annotated[
    str,
    fields.String(
        validate=validate.Regexp(r"\A[A-Za-z0-9+-]{1,16}\Z", error="1 to 16 letters, digits, + -."),
        metadata={"description": "A grade, one of its item's.", "examples": ["A"]},
    ),
]


# --- the catalogue -------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class LegalBasis:
    """The law that lets an item be kept; in force from a day, until another."""

    title: Title
    article: Title
    in_force_from: Day
    in_force_until: Day | None = None


@dataclass(frozen=True, kw_only=True)
class RepairRule:
    """After so many months evidence may stop early: since its document, or since fulfilment."""

    months: Months
    start: RepairStart = RepairStart.DOCUMENT


@dataclass(frozen=True, kw_only=True)
class EvidenceItemTerms:
    """What an item says of all its evidence.

    Evidence counts `keeps_months` from the day of its document; null: by its document's own dates.
    `grades` are best first.  `sources` are the operators who may enter it, beside the city.
    """

    name: Title
    name_en: Title
    evidence_class: EvidenceClass
    basis: LegalBasis
    subjects: tuple[SubjectKind, ...]
    documents: tuple[DocumentType, ...]
    live_from: Moment
    live_until: Moment | None = None
    keeps_months: Months | None = None
    repair: RepairRule | None = None
    grades: tuple[Grade, ...] = ()
    states_amount: bool = False
    sources: tuple[Slug, ...] = ()


@reply("scenarios.evidence_item.record.v1")
@dataclass(frozen=True, kw_only=True)
class EvidenceItemRecord(EvidenceItemTerms):
    """An item of the catalogue; `version` grows with every change of its terms."""

    item_id: Slug
    version: Positive
    published_at: Moment


@command("scenarios.evidence_item.publish.v1", reply=EvidenceItemRecord)
@dataclass(frozen=True, kw_only=True)
class PublishEvidenceItem(EvidenceItemTerms):
    """Put an item into the catalogue, or a new version of it."""

    item_id: Slug


@reply("scenarios.evidence_item.records.v1")
@dataclass(frozen=True, kw_only=True)
class EvidenceItemRecords:
    """Items by id; `next` is what to go on after."""

    items: tuple[EvidenceItemRecord, ...]
    next: Slug | None = None


@command("scenarios.evidence_item.list.v1", reply=EvidenceItemRecords)
@dataclass(frozen=True, kw_only=True)
class ListEvidenceItems:
    """Ask for the catalogue: those items that come after one of them."""

    after: Slug | None = None


# --- evidence ------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class EffectiveDocument:
    """A document with legal effect since its day, of an issuer that is an organisation.

    `first_day` and `last_day` are those on which it has effect, where it says so itself.
    """

    type: DocumentType
    number: Title
    issuer: Title
    issued_on: Day
    first_day: Day | None = None
    last_day: Day | None = None


@dataclass(frozen=True, kw_only=True)
class EvidenceContent:
    """What evidence says beside that it is there: a grade of its item, a sum in fen."""

    grade: Grade | None = None
    amount_fen: Fen | None = None


NOTHING_MORE: Final = EvidenceContent()


@reply("scenarios.evidence.record.v1")
@dataclass(frozen=True, kw_only=True)
class EvidenceRecord:
    """Evidence as it is now.

    `counts` says whether a decision may rest on it; `source` is the operator who entered it, null
    for the city.  `dispute_id` is the dispute that is open about it.
    """

    evidence_id: Identifier
    item_id: Slug
    item_version: Positive
    subject: HolderSubject | OrganisationSubject
    document: EffectiveDocument
    content: EvidenceContent
    source: Slug | None
    state: EvidenceState
    counts: bool
    reason: Reason
    entered_at: Moment
    changed_at: Moment
    live_from: Moment
    live_until: Moment | None
    dispute_id: Identifier | None = None


@command("scenarios.evidence.enter.v1", reply=EvidenceRecord)
@dataclass(frozen=True, kw_only=True)
class EnterEvidence:
    """Enter what an effective document says of a subject; `source` is null for the city."""

    evidence_id: Identifier
    item_id: Slug
    subject: HolderSubject | OrganisationSubject
    document: EffectiveDocument
    content: EvidenceContent = NOTHING_MORE
    source: Slug | None = None


@reply("scenarios.evidence.records.v1")
@dataclass(frozen=True, kw_only=True)
class EvidenceRecords:
    """Evidence about one subject by its id; `next` is what to go on after."""

    evidence: tuple[EvidenceRecord, ...]
    next: Identifier | None = None


@command("scenarios.evidence.list.v1", reply=EvidenceRecords)
@dataclass(frozen=True, kw_only=True)
class ListEvidence:
    """Ask for the evidence about a subject: what comes after one of it."""

    subject: HolderSubject | OrganisationSubject
    after: Identifier | None = None


@command("scenarios.evidence.repair.v1", reply=EvidenceRecord)
@dataclass(frozen=True, kw_only=True)
class RepairEvidence:
    """Let evidence stop early, as its item allows; the duty was fulfilled on a day."""

    evidence_id: Identifier
    fulfilled_on: Day


@command("scenarios.evidence.annul.v1", reply=EvidenceRecord)
@dataclass(frozen=True, kw_only=True)
class AnnulEvidence:
    """Take evidence out for good; its document is never entered again."""

    evidence_id: Identifier
    reason: AnnulmentReason


@event("scenarios.evidence.changed.v1")
@dataclass(frozen=True, kw_only=True)
class EvidenceChanged:
    """Evidence came into a state; `operator_id` is who entered it, null for the city."""

    evidence_id: Identifier
    item_id: Slug
    state: EvidenceState
    reason: Reason
    changed_at: Moment
    operator_id: Slug | None = None
