"""Items of the catalogue, and evidence, as the handlers of scenarios make them."""

from datetime import UTC, date, datetime
from uuid import uuid4

from contracts.evidence import (
    EffectiveDocument,
    EnterEvidence,
    EvidenceContent,
    LegalBasis,
    PublishEvidenceItem,
    RepairRule,
)
from contracts.subjects import HolderSubject, OrganisationSubject
from contracts.words import DocumentType, EvidenceClass, RepairStart, SubjectKind
from services.scenarios.handlers.evidence import enter_evidence
from services.scenarios.handlers.evidence_items import publish_evidence_item
from tests.builders.scenarios import HOLDER, NOW

FIRM = "91350100M000100Y43"  # check-valid, of no real organisation
LISTED, RATED, INSURED = "wage-arrears-list", "credit-rating", "insurance"
START = datetime(2024, 1, 1, tzinfo=UTC)
FIRM_SUBJECT = OrganisationSubject(organisation=FIRM)
HOLDER_SUBJECT = HolderSubject(holder=HOLDER)


def a_legal_basis(**overrides):
    values = {
        "title": "拖欠农民工工资失信联合惩戒对象名单管理暂行办法",
        "article": "第五条",
        "in_force_from": date(2022, 1, 1),
    }
    return LegalBasis(**{**values, **overrides})


def a_publish_item(**overrides):
    values = {
        "item_id": LISTED,
        "name": "拖欠农民工工资失信联合惩戒对象名单",
        "name_en": "List of employers who withhold wages",
        "evidence_class": EvidenceClass.SERIOUS_LIST,
        "basis": a_legal_basis(),
        "subjects": (SubjectKind.HOLDER, SubjectKind.ORGANISATION),
        "documents": (DocumentType.LIST_DECISION,),
        "live_from": START,
        "keeps_months": 36,
        "repair": RepairRule(months=6, start=RepairStart.FULFILMENT),
    }
    return PublishEvidenceItem(**{**values, **overrides})


def a_document(**overrides):
    values = {
        "type": DocumentType.LIST_DECISION,
        "number": "杭人社列〔2026〕17号",
        "issuer": "杭州市人力资源和社会保障局",
        "issued_on": date(2026, 3, 2),
    }
    return EffectiveDocument(**{**values, **overrides})


def an_enter_evidence(**overrides):
    values = {
        "evidence_id": uuid4(),
        "item_id": LISTED,
        "subject": FIRM_SUBJECT,
        "document": a_document(),
    }
    return EnterEvidence(**{**values, **overrides})


def an_item(uow, *, now=NOW, **overrides):
    """Put an item into the catalogue."""
    return publish_evidence_item(a_publish_item(**overrides), uow=uow, now=now)


def evidence_about(uow, subject=FIRM_SUBJECT, *, now=NOW, **overrides):
    """Enter evidence of an item that is in the catalogue already."""
    command = an_enter_evidence(subject=subject, **overrides)
    return enter_evidence(command, uow=uow, now=now)


def graded(grade):
    return EvidenceContent(grade=grade)


def of_a_sum(fen):
    return EvidenceContent(amount_fen=fen)
