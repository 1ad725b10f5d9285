"""Erasure at home: a resident is forgotten, and every host that was told of them is told that."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from contracts import wire
from contracts.erasures import EraseResident, ErasureRecord, ShowErasure
from contracts.errors import Conflict, NotFound
from contracts.notices import SUBJECT_ERASED, SubjectErased
from contracts.words import RevocationReason
from services.recognition.domain.attestation import subjects_of
from services.recognition.domain.erasure import Erasure
from services.recognition.domain.issuance import Issuance
from services.recognition.domain.notice import UnsignedNotice
from services.recognition.handlers.heard import Heard
from services.recognition.handlers.notices import announce_notice
from services.recognition.ports import Node, UnitOfWork

IN_ONE_NOTICE: Final = 500  # attestations; a city takes in 64 KiB


def erase_resident(
    command: EraseResident, *, uow: UnitOfWork, node: Node, now: datetime
) -> ErasureRecord:
    """Forget a resident (PIPL 47): in one transaction, so that it is done whole or not at all.

    What is kept of them for the records of processing (PIPL 55, 56) cannot be told from anybody
    else's afterwards.  Safe to repeat: the id stands for one erasure.  Raises Conflict when the id
    is used up and there is something to forget all the same: it was somebody else's, or the
    resident came back meanwhile.
    """
    with uow:
        # The same command, if it is under way, is waited for.
        here = uow.subjects.hold(command.resident)
        known = uow.erasures.get(command.erasure_id)
        if known is not None and here:
            raise Conflict("id_reused", "erasure")
        if known is not None:
            return _record(known, uow)
        _withdraw_consents(command.resident, uow, now)
        told = defaultdict(list)
        for issuance in uow.issuances.ever_of(command.resident):
            told[issuance.recipient].append(issuance)
        for recipient, issuances in sorted(told.items()):
            _tell(recipient, issuances, command.erasure_id, uow=uow, node=node, now=now)
        subject = uow.subjects.erase(command.resident)
        erasure = Erasure.of(command.erasure_id, subject, len(told), now)
        uow.erasures.add(erasure)
        record = _record(erasure, uow)
        uow.commit()
    return record


def erase_again(
    subject: UUID, erasure_id: UUID, *, uow: UnitOfWork, node: Node, now: datetime
) -> bool:
    """Erase who was erased before and is here again, out of a backup; say whether they were.

    Hosts are told again as well.  Safe to repeat.
    """
    with uow:
        resident = uow.subjects.resident_of(subject)
    if resident is None:
        return False
    command = EraseResident(erasure_id=erasure_id, resident=resident)
    erase_resident(command, uow=uow, node=node, now=now)
    return True


def show_erasure(command: ShowErasure, *, uow: UnitOfWork) -> ErasureRecord:
    """Say how far an erasure is; raises NotFound."""
    with uow:
        erasure = uow.erasures.get(command.erasure_id)
        if erasure is None:
            raise NotFound("not_found", "erasure")
        return _record(erasure, uow)


def converged(cause: UUID, heard: Heard) -> None:
    """Note that the last host forgot the person; a cause that is no erasure is passed over."""
    erasure = heard.uow.erasures.get(cause)
    if erasure is not None and erasure.converge(heard.now):
        heard.uow.erasures.save(erasure)
        heard.node.measures.converged("erasure", heard.now - erasure.erased_at)


def _withdraw_consents(resident: str, uow: UnitOfWork, now: datetime) -> None:
    for each in uow.consents.of(resident):
        consent = uow.consents.get(each.id)
        if consent is not None and now < consent.terms.until and consent.withdraw(now):
            uow.consents.save(consent)


def _tell(
    recipient: str,
    issuances: Sequence[Issuance],
    erasure_id: UUID,
    *,
    uow: UnitOfWork,
    node: Node,
    now: datetime,
) -> None:
    """Take everything back from one host, and have it forget who that was."""
    names = frozenset().union(*(subjects_of(each.credential) for each in issuances))
    for issuance in issuances:
        if issuance.revoked is None:
            issuance.revoke(RevocationReason.SUBJECT_ERASED, now)
            uow.issuances.save(issuance)
    # Also what was taken back before: a host may have a list from before that at hand.
    in_use = [each.attestation_id for each in issuances if each.until > now]
    for start in range(0, max(len(in_use), 1), IN_ONE_NOTICE):
        some = tuple(in_use[start : start + IN_ONE_NOTICE])
        erased = SubjectErased(subjects=tuple(sorted(names)), attestations=some, at=now)
        notice = UnsignedNotice(
            id=uuid4(), recipient=recipient, event=SUBJECT_ERASED, body=wire.dump(erased)
        )
        announce_notice(notice, uow=uow, node=node, now=now)
        uow.effects.expect(notice.id, recipient, erasure_id, now)


def _record(erasure: Erasure, uow: UnitOfWork) -> ErasureRecord:
    waited_for = {
        effect.recipient for effect in uow.effects.of(erasure.id) if effect.applied_at is None
    }
    return ErasureRecord(
        erasure_id=erasure.id,
        erased_at=erasure.erased_at,
        hosts=erasure.hosts,
        acknowledged=erasure.hosts - len(waited_for),
        converged_at=erasure.converged_at,
    )
