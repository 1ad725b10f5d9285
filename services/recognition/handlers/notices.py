"""Notices to other cities: announce one, or keep it until it can be signed."""

from datetime import datetime
from typing import Final

from contracts.errors import Refused
from contracts.notices import ACKNOWLEDGED
from contracts.recognition import NoticeReady
from services.recognition.domain.notice import Notice, UnsignedNotice, sign_notice
from services.recognition.ports import Node, UnitOfWork

AT_A_TIME: Final = 500  # kept notices to one city, signed in one transaction


def announce_notice(
    unsigned: UnsignedNotice, *, uow: UnitOfWork, node: Node, now: datetime
) -> None:
    """Sign a notice and announce it within an open transaction, or keep it until that can be done.

    That it takes effect is waited for, for its own sake unless a cause is named (`uow.effects`).

    It never refuses: what it tells of has happened here, whether or not this city may sign today.
    A withdrawal is as easy as consent was (PIPL 15); a key out of use must not stand in its way.
    A notice does not overtake one of the same subject that is kept.
    """
    if unsigned.subject and uow.unsigned_notices.has(unsigned.recipient, unsigned.subject):
        uow.unsigned_notices.add(unsigned, now)
        return
    try:
        uow.outbox.add(_signed(unsigned, node=node, now=now))
    except Refused:
        uow.unsigned_notices.add(unsigned, now)
    if unsigned.event in ACKNOWLEDGED:
        uow.effects.expect(unsigned.id, unsigned.recipient, unsigned.id, now)


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
    return NoticeReady(
        notice_id=unsigned.id,
        recipient=unsigned.recipient,
        token=token,
        subject=unsigned.subject or None,
    )
