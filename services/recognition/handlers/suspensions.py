"""Suspensions at home: not to stand by an attestation for the time being, and to do so again."""

from datetime import datetime
from uuid import UUID, uuid4

from contracts import wire
from contracts.errors import NotFound, Refused
from contracts.notices import (
    ATTESTATION_RESUMED,
    ATTESTATION_SUSPENDED,
    AttestationResumed,
    AttestationSuspended,
)
from contracts.recognition import ResumeAttestation, SuspendAttestation
from contracts.recognition import Suspension as SuspensionRecord
from contracts.words import SuspensionReason
from services.recognition.domain.issuance import Issuance, Suspension
from services.recognition.domain.notice import UnsignedNotice
from services.recognition.handlers.notices import announce_notice
from services.recognition.ports import Node, UnitOfWork


def suspend_attestation(
    command: SuspendAttestation, *, uow: UnitOfWork, node: Node, now: datetime
) -> SuspensionRecord:
    """Suspend an attestation.

    Safe to repeat: the first reason and moment stand until it is resumed.  Raises NotFound;
    Refused("attestation_revoked"), as a revocation is final.
    """
    with uow:
        issuance = _to_be_changed(command.attestation_id, uow)
        suspend(issuance, command.reason, uow=uow, node=node, now=now)
        uow.commit()
    return _record(issuance)


def resume_attestation(
    command: ResumeAttestation, *, uow: UnitOfWork, node: Node, now: datetime
) -> SuspensionRecord:
    """Let a suspended attestation stand again.

    Safe to repeat: the first moment stands.  Raises NotFound for an attestation that is not there
    or was never suspended; Refused("attestation_revoked").
    """
    with uow:
        issuance = _to_be_changed(command.attestation_id, uow)
        resume(issuance, uow=uow, node=node, now=now)
        uow.commit()
    return _record(issuance)


def suspend(
    issuance: Issuance, reason: SuspensionReason, *, uow: UnitOfWork, node: Node, now: datetime
) -> Suspension | None:
    """Suspend within an open transaction: status and notice to the host go together, once.

    Returns the new suspension, or None: it is suspended, or revoked, already.
    """
    earlier = issuance.suspension
    suspension = issuance.suspend(reason, now)
    if suspension is None:
        return None
    if earlier is not None:
        uow.status_lists.remember(issuance.status_list, issuance.status_index, earlier)
    uow.issuances.save(issuance)
    told = AttestationSuspended(
        attestation_id=issuance.attestation_id, reason=reason, at=suspension.at
    )
    _tell(issuance, ATTESTATION_SUSPENDED, told, uow=uow, node=node, now=now)
    return suspension


def resume(issuance: Issuance, *, uow: UnitOfWork, node: Node, now: datetime) -> Suspension | None:
    """End a suspension within an open transaction, whatever its reason, and tell the host, once.

    Returns the suspension that is over now, or None: it was not suspended, or it is revoked.
    """
    suspension = issuance.resume(now)
    if suspension is None:
        return None
    uow.issuances.save(issuance)
    resumed_at = suspension.resumed_at or now
    told = AttestationResumed(attestation_id=issuance.attestation_id, at=resumed_at)
    _tell(issuance, ATTESTATION_RESUMED, told, uow=uow, node=node, now=now)
    return suspension


def _to_be_changed(attestation_id: UUID, uow: UnitOfWork) -> Issuance:
    issuance = uow.issuances.get(attestation_id)
    if issuance is None:
        raise NotFound("not_found", "attestation")
    if issuance.revoked is not None:
        raise Refused("attestation_revoked")
    return issuance


def _tell(
    issuance: Issuance,
    event: str,
    told: AttestationSuspended | AttestationResumed,
    *,
    uow: UnitOfWork,
    node: Node,
    now: datetime,
) -> None:
    unsigned = UnsignedNotice(
        id=uuid4(),
        recipient=issuance.recipient,
        event=event,
        body=wire.dump(told),
        subject=str(issuance.attestation_id),
    )
    announce_notice(unsigned, uow=uow, node=node, now=now)


def _record(issuance: Issuance) -> SuspensionRecord:
    suspension = issuance.suspension
    if suspension is None:
        raise NotFound("not_found", "suspension")
    return SuspensionRecord(
        attestation_id=issuance.attestation_id,
        reason=SuspensionReason(suspension.reason),
        suspended_at=suspension.at,
        resumed_at=suspension.resumed_at,
    )
