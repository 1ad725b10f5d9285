"""Attestations that their home took back, at a host that may rely on them."""

from datetime import datetime
from uuid import UUID

from contracts.notices import AttestationRevoked
from contracts.recognition import RecognitionEnded
from services.recognition.domain.issuance import Revoked
from services.recognition.domain.recognition import Recognition
from services.recognition.handlers.heard import Heard
from services.recognition.ports import UnitOfWork


def on_attestation_revoked(heard: Heard) -> None:
    """End what rests on an attestation, and remember it for what is yet to come."""
    revoked = heard.read_for_any_reason(AttestationRevoked)
    told = Revoked(revoked.reason, revoked.at)
    heard.uow.revocations.add(heard.sender, revoked.attestation_id, told, heard.now)
    for recognition in heard.uow.recognitions.standing_on(heard.sender, revoked.attestation_id):
        end(recognition, revoked.reason, uow=heard.uow, now=heard.now, notice_id=heard.notice.id)


def end(
    recognition: Recognition,
    reason: str,
    *,
    uow: UnitOfWork,
    now: datetime,
    notice_id: UUID | None = None,
) -> None:
    """End a recognition within an open transaction and announce it, once."""
    if not recognition.end(reason, now):
        return
    uow.recognitions.save(recognition)
    uow.outbox.add(
        RecognitionEnded(
            recognition_id=recognition.id,
            attestation_id=recognition.attestation_id,
            holder=recognition.holder,
            home=recognition.home,
            reason=reason,
            ended_at=now,
            notice_id=notice_id,
        )
    )
