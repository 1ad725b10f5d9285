"""Notices between cities: announce one, and take one in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts import wire
from contracts.errors import Forbidden, Malformed, NotFound
from contracts.notices import ATTESTATION_REVOKED, USAGE_REPORTED, AttestationRevoked
from contracts.recognition import (
    NoticeReady,
    NoticeReceipt,
    ReceiveNotice,
    RecognitionEnded,
    UsageReported,
)
from services.recognition.domain.notice import Notice, read_notice, sign_notice
from services.recognition.domain.recognition import Recognition
from services.recognition.ports import Node, UnitOfWork


def announce_notice(
    event: str,
    body: Mapping[str, Any],
    *,
    id: UUID,
    recipient: str,
    uow: UnitOfWork,
    node: Node,
    now: datetime,
) -> None:
    """Sign a notice and announce it within an open transaction.

    Raises Refused("key_not_usable").
    """
    notice = Notice(id=id, issuer=node.gateway, recipient=recipient, at=now, event=event, body=body)
    token = sign_notice(notice, node.signer)
    uow.outbox.add(NoticeReady(notice_id=id, recipient=recipient, token=token))


def receive_notice(
    command: ReceiveNotice, *, uow: UnitOfWork, node: Node, now: datetime
) -> NoticeReceipt:
    """Take in what another city tells, once.

    Safe to repeat.  Raises Refused unknown_city, city_not_online and stale_roster, and what
    read_notice, a revocation and a usage report raise; then nothing of it is remembered.
    """
    roster = node.roster()
    roster.check_age(now)
    notice = read_notice(
        command.token,
        sender=roster.online_city(command.sender),
        recipient=node.city,
        signatures=node.signatures,
        now=now,
    )
    with uow:
        new = uow.received_notices.add(command.sender, notice.id, now)
        if new:
            _obey(command.sender, notice, uow=uow, now=now)
            uow.commit()
    return NoticeReceipt(notice_id=notice.id, repeated=not new)


def _obey(sender: str, notice: Notice, *, uow: UnitOfWork, now: datetime) -> None:
    if notice.event == ATTESTATION_REVOKED:
        _end_recognitions(sender, wire.load(AttestationRevoked, notice.body), uow=uow, now=now)
    elif notice.event == USAGE_REPORTED:
        _report_usage(sender, wire.load(UsageReported, notice.body), uow=uow)
    else:
        raise Malformed("malformed", "notice", {"events": "Not an event this city knows."})


def _end_recognitions(
    sender: str, revoked: AttestationRevoked, *, uow: UnitOfWork, now: datetime
) -> None:
    """End what rests on an attestation of the sender, and remember it for what is yet to come.

    A city speaks for its own attestations alone: what it says of another's changes nothing.
    """
    if uow.revocations.reason(sender, revoked.attestation_id) is None:
        uow.revocations.add(sender, revoked.attestation_id, revoked.reason, revoked.at)
    for recognition in uow.recognitions.standing_on(sender, revoked.attestation_id):
        end(recognition, revoked.reason, uow=uow, now=now)


def end(recognition: Recognition, reason: str, *, uow: UnitOfWork, now: datetime) -> None:
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
        )
    )


def _report_usage(sender: str, report: UsageReported, *, uow: UnitOfWork) -> None:
    """Pass on what became of a grant; raises Forbidden or NotFound unless the sender may say it."""
    if report.host != sender:
        raise Forbidden("forbidden", "a city reports its own grants")
    issuance = uow.issuances.get(report.attestation_id)
    if issuance is None or issuance.recipient != sender:
        raise NotFound("not_found", "attestation")
    uow.outbox.add(report)
