"""Evidence enters by a document, and ends by time, by repair or by annulment."""

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from contracts.errors import Conflict, NotFound, Refused
from contracts.evidence import (
    AnnulEvidence,
    EnterEvidence,
    EvidenceRecord,
    EvidenceRecords,
    ListEvidence,
    RepairEvidence,
)
from contracts.pages import next_of
from services.scenarios.domain.catalogue_item import CatalogueItem
from services.scenarios.domain.evidence import Evidence
from services.scenarios.handlers.evidence_disputes import close_disputes
from services.scenarios.handlers.evidence_records import (
    evidence_changed,
    evidence_record,
    read_content,
    read_document,
    read_subject,
)
from services.scenarios.ports import UnitOfWork

PAGE: Final = 100
BATCH: Final = 200  # per transaction, so that nobody waits long for a lock


def enter_evidence(command: EnterEvidence, *, uow: UnitOfWork, now: datetime) -> EvidenceRecord:
    """Enter what an effective document says of a subject.  Safe to repeat.

    Raises what `Evidence.enter` does; Refused document_used when the document was entered before
    under another id, whatever became of it, and already_decided when evidence of a document no
    older was repaired; and Conflict("id_reused") when the id stands for other evidence.
    """
    with uow:
        known = uow.evidence.get(command.evidence_id)
        if known is not None:
            _check_same(known, command)
            return _shown(known, uow=uow, now=now)
        item = uow.evidence_items.at(command.item_id, now)
        if item is None:
            raise Refused("item_not_live", command.item_id)
        evidence = _entered(command, item, now=now)
        if uow.evidence.of_document(evidence.subject, item.id, evidence.document) is not None:
            raise Refused("document_used", evidence.document.type)
        repaired_to = uow.evidence.repaired_to(evidence.subject, item.id)
        if repaired_to is not None and evidence.document.issued_on <= repaired_to:
            raise Refused("already_decided", "repaired")
        uow.evidence.add(evidence)
        uow.outbox.add(evidence_changed(evidence))
        uow.commit()
    return evidence_record(evidence, item, now=now)


def list_evidence(command: ListEvidence, *, uow: UnitOfWork, now: datetime) -> EvidenceRecords:
    """Return a page of what is known of a subject, but nothing of what was repaired."""
    with uow:
        page = uow.evidence.of(read_subject(command.subject), command.after, PAGE)
        disputes = uow.evidence_disputes.open_about([each.id for each in page])
        shown = [_shown(each, uow=uow, now=now) for each in page]
    return EvidenceRecords(
        evidence=tuple(replace(each, dispute_id=disputes.get(each.evidence_id)) for each in shown),
        next=next_of(page, PAGE, "id"),
    )


def repair_evidence(command: RepairEvidence, *, uow: UnitOfWork, now: datetime) -> EvidenceRecord:
    """Let evidence stop early.  Safe to repeat; raises NotFound and as `Evidence.repair`."""
    with uow:
        evidence, item = _found(uow, command.evidence_id, now)
        if evidence.repair(item, command.fulfilled_on, now):
            _save(evidence, uow=uow)
        uow.commit()
    return evidence_record(evidence, item, now=now)


def annul_evidence(command: AnnulEvidence, *, uow: UnitOfWork, now: datetime) -> EvidenceRecord:
    """Take evidence out for good, whatever its state.  Safe to repeat; raises NotFound."""
    with uow:
        evidence, item = _found(uow, command.evidence_id, now)
        if evidence.annul(command.reason, now):
            _save(evidence, uow=uow)
            close_disputes(evidence, uow=uow, now=now)
        uow.commit()
    return evidence_record(evidence, item, now=now)


def expire_evidence(*, uow: UnitOfWork, now: datetime, batch: int = BATCH) -> int:
    """Note of all evidence whose time is up that it is; return of how much.

    Safe to repeat, and in several processes at a time.  It counts no more since that moment.
    """
    expired, found = 0, batch
    while found == batch:
        with uow:
            due = uow.evidence.due(now, batch)
            for evidence in due:
                evidence.expire(now)
                _save(evidence, uow=uow)
            uow.commit()
        found = len(due)
        expired += found
    return expired


def _entered(command: EnterEvidence, item: CatalogueItem, *, now: datetime) -> Evidence:
    return Evidence.enter(
        command.evidence_id,
        item,
        read_subject(command.subject),
        read_document(command.document),
        read_content(command.content),
        source=command.source,
        now=now,
    )


def _check_same(known: Evidence, command: EnterEvidence) -> None:
    about = (read_subject(command.subject), command.item_id, command.source)
    said = (read_document(command.document), read_content(command.content))
    if (about, said) != (
        (known.subject, known.item_id, known.source),
        (known.document, known.content),
    ):
        raise Conflict("id_reused", "evidence")


def _found(uow: UnitOfWork, id: UUID, now: datetime) -> tuple[Evidence, CatalogueItem]:
    evidence = uow.evidence.get(id)
    item = uow.evidence_items.at(evidence.item_id, now) if evidence else None
    if evidence is None or item is None:
        raise NotFound("not_found", "evidence")
    return evidence, item


def _shown(evidence: Evidence, *, uow: UnitOfWork, now: datetime) -> EvidenceRecord:
    return evidence_record(evidence, uow.evidence_items.at(evidence.item_id, now), now=now)


def _save(evidence: Evidence, *, uow: UnitOfWork) -> None:
    uow.evidence.save(evidence)
    uow.outbox.add(evidence_changed(evidence))
