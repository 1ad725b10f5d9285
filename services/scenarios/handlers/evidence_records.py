"""How evidence and its catalogue read in replies and events."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from contracts import evidence as contract
from contracts.evidence import EvidenceChanged, EvidenceItemRecord, EvidenceRecord
from contracts.subjects import HolderSubject, OrganisationSubject
from contracts.words import EvidenceState, SubjectKind
from services.scenarios.domain.catalogue_item import (
    CatalogueItem,
    ItemTerms,
    LegalBasis,
    RepairRule,
)
from services.scenarios.domain.evidence import Content, EffectiveDocument, Evidence, Subject


def item_record(item: CatalogueItem) -> EvidenceItemRecord:
    terms, repair = item.terms, item.terms.repair
    said: dict[str, Any] = dict(vars(terms))
    said["basis"] = contract.LegalBasis(**vars(terms.basis))
    said["repair"] = contract.RepairRule(**vars(repair)) if repair else None
    for several in ("subjects", "documents", "sources"):
        said[several] = tuple(sorted(said[several]))
    return EvidenceItemRecord(
        item_id=item.id, version=item.version, published_at=item.published_at, **said
    )


def read_terms(said: contract.EvidenceItemTerms) -> ItemTerms:
    terms: dict[str, Any] = {each.name: getattr(said, each.name) for each in fields(ItemTerms)}
    terms["basis"] = LegalBasis(**vars(said.basis))
    terms["repair"] = RepairRule(**vars(said.repair)) if said.repair else None
    for several in ("subjects", "documents", "sources"):
        terms[several] = frozenset(terms[several])
    return ItemTerms(**terms)


def evidence_record(
    evidence: Evidence, item: CatalogueItem | None, *, now: datetime
) -> EvidenceRecord:
    """Show evidence; `item` is its item as it is now."""
    return EvidenceRecord(
        evidence_id=evidence.id,
        item_id=evidence.item_id,
        item_version=evidence.item_version,
        subject=subject_said(evidence.subject),
        document=contract.EffectiveDocument(**vars(evidence.document)),
        content=contract.EvidenceContent(**vars(evidence.content)),
        source=evidence.source,
        state=evidence.state_at(now) or EvidenceState.LIVE,
        counts=item is not None and evidence.is_current(item, now),
        reason=evidence.turns[-1].reason,
        entered_at=evidence.entered_at,
        changed_at=evidence.turns[-1].at,
        live_from=evidence.live_from,
        live_until=evidence.live_until,
    )


def evidence_changed(evidence: Evidence) -> EvidenceChanged:
    turn = evidence.turns[-1]
    return EvidenceChanged(
        evidence_id=evidence.id,
        item_id=evidence.item_id,
        state=turn.state,
        reason=turn.reason,
        changed_at=turn.at,
        operator_id=evidence.source,
    )


def subject_said(subject: Subject) -> HolderSubject | OrganisationSubject:
    if subject.kind is SubjectKind.HOLDER:
        return HolderSubject(holder=subject.id)
    return OrganisationSubject(organisation=subject.id)


def read_subject(said: HolderSubject | OrganisationSubject) -> Subject:
    if isinstance(said, HolderSubject):
        return Subject.holder(said.holder)
    return Subject.organisation(said.organisation)


def read_document(said: contract.EffectiveDocument) -> EffectiveDocument:
    return EffectiveDocument(**vars(said))


def read_content(said: contract.EvidenceContent) -> Content:
    return Content(**vars(said))
