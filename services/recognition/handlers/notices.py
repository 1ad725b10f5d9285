"""Notices between cities: announce one, and take one in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from contracts import wire
from contracts.errors import Forbidden, Malformed, NotFound, Refused
from contracts.notices import ATTESTATION_REVOKED, USAGE_REPORTED, AttestationRevoked
from contracts.recognition import (
    NoticeReady,
    NoticeReceipt,
    ReceiveNotice,
    RecognitionEnded,
    UsageReported,
)
from contracts.words import RevocationReason
from services.recognition.domain.issuance import Revoked
from services.recognition.domain.notice import Notice, UnsignedNotice, read_notice, sign_notice
from services.recognition.domain.recognition import Recognition
from services.recognition.ports import Node, UnitOfWork

AT_A_TIME: Final = 500  # kept notices to one city, signed in one transaction


def announce_notice(
    unsigned: UnsignedNotice, *, uow: UnitOfWork, node: Node, now: datetime
) -> None:
    """Sign a notice and announce it within an open transaction, or keep it until that can be done.

    It never refuses: what it tells of has happened here, whether or not this city may sign today.
    A withdrawal is as easy as consent was (PIPL 15); a key out of use must not stand in its way.
    """
    try:
        uow.outbox.add(_signed(unsigned, node=node, now=now))
    except Refused:
        uow.unsigned_notices.add(unsigned, now)


def sign_kept_notices(*, uow: UnitOfWork, node: Node, now: datetime) -> int:
    """Sign and announce what could not be signed when it happened; return how many are kept on.

    Safe to repeat, and in several processes at a time.
    """
    with uow:
        kept = uow.unsigned_notices.count()
        if kept == 0:
            return 0
        for city in node.roster().cities:
            for unsigned in uow.unsigned_notices.to(city, AT_A_TIME):
                try:
                    ready = _signed(unsigned, node=node, now=now)
                except Refused:
                    return kept
                uow.outbox.add(ready)
                uow.unsigned_notices.remove(unsigned.id)
                kept -= 1
        uow.commit()
    return kept


def _signed(unsigned: UnsignedNotice, *, node: Node, now: datetime) -> NoticeReady:
    """Sign a notice as of now; raises Refused key_not_usable, or unknown_city: not a member now."""
    notice = Notice(
        id=unsigned.id,
        issuer=node.gateway,
        recipient=node.roster().city(unsigned.recipient).gateway,
        at=now,
        event=unsigned.event,
        body=unsigned.body,
    )
    token = sign_notice(notice, node.signer)
    return NoticeReady(notice_id=unsigned.id, recipient=unsigned.recipient, token=token)


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
        recipient=node.gateway,
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
        _end_recognitions(sender, _revoked(notice.body), uow=uow, now=now)
    elif notice.event == USAGE_REPORTED:
        _report_usage(sender, wire.load(UsageReported, notice.body), uow=uow)
    else:
        raise Malformed("malformed", "notice", {"events": "Not an event this city knows."})


def _revoked(body: Mapping[str, Any]) -> AttestationRevoked:
    """Read a revocation; it is obeyed for whatever reason, even one that is no word here."""
    revoked: AttestationRevoked
    try:
        revoked = wire.load(AttestationRevoked, body)
    except Malformed as error:
        if error.errors.keys() != {"reason"}:
            raise
        revoked = wire.load(AttestationRevoked, {**body, "reason": RevocationReason.CITY_DECISION})
    return revoked


def _end_recognitions(
    sender: str, revoked: AttestationRevoked, *, uow: UnitOfWork, now: datetime
) -> None:
    """End what rests on an attestation of the sender, and remember it for what is yet to come.

    A city speaks for its own attestations alone: what it says of another's changes nothing.
    """
    told = Revoked(revoked.reason, revoked.at)
    uow.revocations.add(sender, revoked.attestation_id, told, now)
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
