"""Evidence is disputed: it counts for nothing until the city has decided."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from contracts.errors import Conflict, NotFound
from contracts.evidence_disputes import (
    DecideEvidenceDispute,
    EvidenceDisputeRecord,
    EvidenceDisputeRecords,
    ListEvidenceDisputeCases,
    ListEvidenceDisputes,
    OpenEvidenceDispute,
    WithdrawEvidenceDispute,
)
from contracts.pages import next_of
from contracts.words import DisputeOutcome, DisputeState, SubjectKind
from services.scenarios.domain.evidence import Evidence, Subject
from services.scenarios.domain.evidence_dispute import EvidenceDispute, check_contestable
from services.scenarios.handlers.evidence_records import evidence_changed
from services.scenarios.ports import UnitOfWork
from services.scenarios.ports.evidence import Deadlines

PAGE: Final = 100


def open_evidence_dispute(
    command: OpenEvidenceDispute, *, uow: UnitOfWork, deadlines: Deadlines, now: datetime
) -> EvidenceDisputeRecord:
    """Contest evidence.  Safe to repeat.

    Raises NotFound unless the evidence is about the holder, or about an organisation when there is
    none; Refused already_open; already_decided: it was upheld before, or is over for good;
    withdrawn_too_often; and Conflict("id_reused") when the id is of another dispute.
    """
    with uow:
        evidence = uow.evidence.get(command.evidence_id)
        if evidence is None or not _is_theirs(evidence.subject, command.holder):
            raise NotFound("not_found", "evidence")
        known = uow.evidence_disputes.get(command.dispute_id)
        if known is not None:
            if (known.evidence_id, known.ground) != (evidence.id, command.ground):
                raise Conflict("id_reused", "dispute")
            return _record(known)
        check_contestable(uow.evidence_disputes.about(evidence.id))
        evidence.dispute(now)
        dispute = EvidenceDispute(
            id=command.dispute_id,
            evidence_id=evidence.id,
            item_id=evidence.item_id,
            subject=evidence.subject,
            ground=command.ground,
            opened_at=now,
            due_at=deadlines.dispute_due(now),
        )
        uow.evidence_disputes.add(dispute)
        _save(evidence, uow=uow)
        uow.commit()
    return _record(dispute)


def withdraw_evidence_dispute(
    command: WithdrawEvidenceDispute, *, uow: UnitOfWork, now: datetime
) -> EvidenceDisputeRecord:
    """Contest it no more.  Safe to repeat; raises NotFound, and Refused already_decided."""
    with uow:
        dispute, evidence = _found(uow, command.dispute_id)
        if not _is_theirs(dispute.subject, command.holder):
            raise NotFound("not_found", "dispute")
        if dispute.close(DisputeState.WITHDRAWN, now):
            uow.evidence_disputes.save(dispute)
            if evidence.resume("dispute_withdrawn", now):
                _save(evidence, uow=uow)
        uow.commit()
    return _record(dispute)


def decide_evidence_dispute(
    command: DecideEvidenceDispute, *, uow: UnitOfWork, now: datetime
) -> EvidenceDisputeRecord:
    """Annul what was wrong, or let it count again.  Safe to repeat.

    Raises NotFound, and Refused already_decided in another way.
    """
    with uow:
        dispute, evidence = _found(uow, command.dispute_id)
        if dispute.close(DisputeState(command.outcome), now):
            uow.evidence_disputes.save(dispute)
            if command.outcome is DisputeOutcome.CORRECTED:
                changed = evidence.annul("corrected", now)
            else:
                changed = evidence.resume("dispute_upheld", now)
            if changed:
                _save(evidence, uow=uow)
        uow.commit()
    return _record(dispute)


def list_evidence_disputes(
    command: ListEvidenceDisputes, *, uow: UnitOfWork
) -> EvidenceDisputeRecords:
    """Return what a holder contested; raises NotFound when `after` names none of it."""
    with uow:
        found = uow.evidence_disputes.newest_of(Subject.holder(command.holder), PAGE, command.after)
    return _page(found)


def list_evidence_dispute_cases(
    command: ListEvidenceDisputeCases, *, uow: UnitOfWork
) -> EvidenceDisputeRecords:
    """Return a page of what is to be decided; raises NotFound for a dispute to begin after."""
    with uow:
        after = uow.evidence_disputes.get(command.after) if command.after else None
        if command.after and after is None:
            raise NotFound("not_found", "dispute")
        found = uow.evidence_disputes.due(after, PAGE)
    return _page(found)


def close_disputes(evidence: Evidence, *, uow: UnitOfWork, now: datetime) -> None:
    """Close what is open about evidence that was annulled, within an open transaction."""
    for dispute in uow.evidence_disputes.about(evidence.id):
        if dispute.state is DisputeState.OPEN:
            dispute.close(DisputeState.CORRECTED, now)
            uow.evidence_disputes.save(dispute)


def _page(found: Sequence[EvidenceDispute]) -> EvidenceDisputeRecords:
    return EvidenceDisputeRecords(
        disputes=tuple(map(_record, found)), next=next_of(found, PAGE, "id")
    )


def _is_theirs(subject: Subject, holder: str | None) -> bool:
    if holder is None:
        return subject.kind is SubjectKind.ORGANISATION
    return subject == Subject.holder(holder)


def _found(uow: UnitOfWork, id: UUID) -> tuple[EvidenceDispute, Evidence]:
    """Lock evidence before dispute, as everybody does."""
    seen = uow.evidence_disputes.evidence_of(id)
    evidence = uow.evidence.get(seen) if seen else None
    dispute = uow.evidence_disputes.get(id)
    if dispute is None or evidence is None:
        raise NotFound("not_found", "dispute")
    return dispute, evidence


def _save(evidence: Evidence, *, uow: UnitOfWork) -> None:
    uow.evidence.save(evidence)
    uow.outbox.add(evidence_changed(evidence))


def _record(dispute: EvidenceDispute) -> EvidenceDisputeRecord:
    return EvidenceDisputeRecord(
        dispute_id=dispute.id,
        evidence_id=dispute.evidence_id,
        item_id=dispute.item_id,
        ground=dispute.ground,
        state=dispute.state,
        opened_at=dispute.opened_at,
        due_at=dispute.due_at,
        closed_at=dispute.closed_at,
    )
