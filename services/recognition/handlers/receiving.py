"""Notices from other cities: each is taken in once and obeyed by the handler for its event.

A city speaks for its own attestations alone: what it says of another's changes nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from contracts.errors import Malformed
from contracts.notices import (
    ATTESTATION_RESUMED,
    ATTESTATION_REVOKED,
    ATTESTATION_SUPERSEDED,
    ATTESTATION_SUSPENDED,
    CONSENT_WITHDRAWN,
    CROSSWALK_PUBLISHED,
    DISPUTE_OPENED,
    DISPUTE_RESOLVED,
    KEY_COMPROMISED,
    NOTICE_APPLIED,
    REPAIR_COMPLETED,
    SUBJECT_ERASED,
    USAGE_LINES_REPORTED,
    USAGE_REPORTED,
)
from contracts.recognition import NoticeReceipt, ReceiveNotice
from services.recognition.domain.notice import read_notice
from services.recognition.handlers.corrections import acknowledge
from services.recognition.handlers.crosswalks import on_crosswalk_published
from services.recognition.handlers.distrust import check_signer, on_key_compromised
from services.recognition.handlers.effects import on_notice_applied
from services.recognition.handlers.heard import Heard
from services.recognition.handlers.holders import on_subject_erased
from services.recognition.handlers.revocations import on_attestation_revoked
from services.recognition.handlers.routed_disputes import on_dispute_opened, on_dispute_resolved
from services.recognition.handlers.standings import (
    on_attestation_resumed,
    on_attestation_suspended,
)
from services.recognition.handlers.superseded import (
    examine_successor,
    on_attestation_superseded,
    on_repair_completed,
)
from services.recognition.handlers.usage import on_usage_lines_reported, on_usage_reported
from services.recognition.handlers.withdrawals import on_consent_withdrawn
from services.recognition.ports import Node, UnitOfWork

OBEYED: Final[dict[str, Callable[[Heard], None]]] = {
    ATTESTATION_REVOKED: on_attestation_revoked,
    ATTESTATION_SUSPENDED: on_attestation_suspended,
    ATTESTATION_RESUMED: on_attestation_resumed,
    ATTESTATION_SUPERSEDED: on_attestation_superseded,
    KEY_COMPROMISED: on_key_compromised,
    CONSENT_WITHDRAWN: on_consent_withdrawn,
    DISPUTE_OPENED: on_dispute_opened,
    DISPUTE_RESOLVED: on_dispute_resolved,
    REPAIR_COMPLETED: on_repair_completed,
    NOTICE_APPLIED: on_notice_applied,
    CROSSWALK_PUBLISHED: on_crosswalk_published,
    SUBJECT_ERASED: on_subject_erased,
    USAGE_REPORTED: on_usage_reported,
    USAGE_LINES_REPORTED: on_usage_lines_reported,
}
"""What is done about each event, within the transaction that remembers its notice."""

EXAMINED: Final[dict[str, Callable[[Heard], Any]]] = {ATTESTATION_SUPERSEDED: examine_successor}
"""What is found out beforehand, as it may take a while; its answer is `found` of what is obeyed."""


def receive_notice(
    command: ReceiveNotice, *, uow: UnitOfWork, node: Node, now: datetime
) -> NoticeReceipt:
    """Take in what another city tells, once.

    Safe to repeat.  Raises Refused unknown_city, city_not_online and stale_roster, and what
    read_notice and the handler of the event raise; then nothing of it is remembered.
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
    obey = OBEYED.get(notice.event)
    if obey is None:
        raise Malformed("malformed", "notice", {"events": "Not an event this city knows."})
    heard = Heard(command.sender, notice, uow, node, now)
    if examine := EXAMINED.get(notice.event):
        heard = replace(heard, found=examine(heard))
    with uow:
        new = uow.received_notices.add(command.sender, notice.id, now)
        if new:
            check_signer(notice, command.sender, uow=uow)
            before = len(uow.outbox.added)
            obey(heard)
            acknowledge(heard, uow.outbox.added[before:])
            uow.commit()
    return NoticeReceipt(notice_id=notice.id, repeated=not new)
