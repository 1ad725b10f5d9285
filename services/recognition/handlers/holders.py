"""Holders whom their home erased, at a host: nothing leads to the person any more."""

from datetime import datetime
from typing import Final

from contracts.erasures import HolderErased
from contracts.notices import SubjectErased
from contracts.words import RevocationReason
from services.recognition.domain.issuance import Revoked
from services.recognition.handlers.heard import Heard
from services.recognition.handlers.revocations import end
from services.recognition.ports import UnitOfWork

AT_A_TIME: Final = 200  # holders forgotten in one transaction
REASON: Final = RevocationReason.SUBJECT_ERASED


def on_subject_erased(heard: Heard) -> None:
    """End what rests on the sender's word about a person, and forget who that was.

    A city speaks for its own attestations alone: one by whom it never spoke stays known, and so
    does one by whom another city stands still, until it does not.
    """
    erased, uow = heard.read(SubjectErased), heard.uow
    # A holder who was found to be an older one is known by that one's name now.
    former: set[str] = set()
    for attestation_id in sorted(erased.attestations):
        uow.revocations.add(heard.sender, attestation_id, Revoked(REASON, erased.at), heard.now)
        for recognition in uow.recognitions.standing_on(heard.sender, attestation_id):
            end(recognition, REASON, uow=uow, now=heard.now, notice_id=heard.notice.id)
            former.add(recognition.holder)
    for subject in sorted(erased.subjects):
        uow.withdrawals.forget(heard.sender, subject)
    for holder in sorted(former.union(uow.holders.known(erased.subjects))):
        _erase(holder, heard)


def forget_erased(*, uow: UnitOfWork, now: datetime) -> bool:
    """Forget holders erased by one city once no other stands by them; say if there may be more.

    Safe to repeat.
    """
    with uow:
        holders = uow.holders.to_forget(now, AT_A_TIME)
        for holder in holders:
            _forget(holder, uow, now)
        uow.commit()
    return len(holders) == AT_A_TIME


def forget_again(holder: str, *, uow: UnitOfWork, now: datetime) -> bool:
    """Forget a holder who was erased before and is here again, out of a backup; say if they were.

    Safe to repeat.
    """
    with uow:
        if not uow.holders.is_known(holder):
            return False
        for recognition in uow.recognitions.of_holder(holder):
            end(recognition, REASON, uow=uow, now=now)
        _forget(holder, uow, now)
        uow.commit()
    return True


def _erase(holder: str, heard: Heard) -> None:
    mine, others_stand = False, False
    for recognition in heard.uow.recognitions.of_holder(holder):
        stands = recognition.ended_at is None and recognition.until > heard.now
        if recognition.home != heard.sender:
            others_stand = others_stand or stands
            continue
        mine = True
        end(recognition, REASON, uow=heard.uow, now=heard.now, notice_id=heard.notice.id)
    if mine and others_stand:
        heard.uow.holders.forget_later(holder, heard.now)
    elif mine:
        _forget(holder, heard.uow, heard.now)


def _forget(holder: str, uow: UnitOfWork, now: datetime) -> None:
    uow.holders.forget(holder, now)
    uow.recognitions.forget_keys(holder)
    uow.supersessions.forget_keys(holder)
    uow.outbox.add(HolderErased(holder=holder, erased_at=now))
