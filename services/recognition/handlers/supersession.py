"""Attestations that say something else now, because of the facts behind them: others follow them.

A change that home made by itself, or that it owes its resident, is carried to the hosts at once;
nobody has to present anything again.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from contracts import wire
from contracts.errors import Refused
from contracts.notices import (
    ATTESTATION_SUPERSEDED,
    REPAIR_COMPLETED,
    AttestationSuperseded,
    RepairCompleted,
)
from contracts.words import RevocationReason
from services.recognition.domain.consent import Consent
from services.recognition.domain.issuance import Issuance
from services.recognition.domain.notice import UnsignedNotice
from services.recognition.handlers.dockets import as_it_counts, docket_of
from services.recognition.handlers.issuing import band_of, make_issuance
from services.recognition.handlers.notices import announce_notice
from services.recognition.ports import Node, ScoreRecord, UnitOfWork


def correct_attestations(
    resident: str,
    record: ScoreRecord | None,
    *,
    cause: UUID | None = None,
    repaired: bool = False,
    uow: UnitOfWork,
    node: Node,
    now: datetime,
) -> Sequence[Issuance]:
    """Supersede a resident's attestations whose band is another by the facts that count now.

    Within an open transaction; `record` is the score as its source has it.  Returns what was
    superseded.  What cannot be signed now stands until the next look at the scores.
    """
    docket = docket_of(resident, uow=uow, node=node)
    if record is None or record.as_of > now:
        return ()
    record = as_it_counts(record, docket, now)
    superseded = []
    for recipient in uow.issuances.recipients_of(resident, now):
        consents = {each.id: each for each in uow.consents.for_recipient(resident, recipient)}
        for issuance in uow.issuances.standing_for(resident, recipient, now):
            try:
                new = _successor(
                    issuance,
                    consents[issuance.consent_id],
                    record,
                    uow=uow,
                    node=node,
                    now=now,
                )
            except Refused:
                continue
            if new is not None:
                supersede(issuance, new, cause, repaired=repaired, uow=uow, node=node, now=now)
                superseded.append(issuance)
    return superseded


def supersede(
    issuance: Issuance,
    new: Issuance,
    cause: UUID | None = None,
    *,
    repaired: bool = False,
    uow: UnitOfWork,
    node: Node,
    now: datetime,
) -> None:
    """Put a new attestation in the place of one that stands, within an open transaction.

    The host is told; that it did what follows is waited for under `cause`.
    """
    issuance.supersede(new.attestation_id, RevocationReason.SCORE_CHANGED, now)
    uow.issuances.add(new)
    uow.issuances.save(issuance)
    told = AttestationSuperseded(
        attestation_id=issuance.attestation_id,
        by=new.attestation_id,
        credential=new.credential,
        reason=RevocationReason.SCORE_CHANGED,
        at=now,
    )
    if repaired:
        done = RepairCompleted(attestation_id=issuance.attestation_id, at=now)
        tell(issuance, REPAIR_COMPLETED, done, cause, uow=uow, node=node, now=now)
    tell(issuance, ATTESTATION_SUPERSEDED, told, cause, uow=uow, node=node, now=now)


def tell(
    issuance: Issuance,
    event: str,
    body: object,
    cause: UUID | None,
    *,
    uow: UnitOfWork,
    node: Node,
    now: datetime,
) -> None:
    """Tell a host about an attestation, and wait for the effect, under a cause if there is one."""
    unsigned = UnsignedNotice(
        id=uuid4(),
        recipient=issuance.recipient,
        event=event,
        body=wire.dump(body),
        subject=str(issuance.attestation_id),
    )
    if cause is not None:
        uow.effects.expect(unsigned.id, issuance.recipient, cause, now)
    announce_notice(unsigned, uow=uow, node=node, now=now)


def _successor(
    issuance: Issuance,
    consent: Consent,
    record: ScoreRecord,
    *,
    uow: UnitOfWork,
    node: Node,
    now: datetime,
) -> Issuance | None:
    """Make what takes its place, for as long; None where nothing else is to be said."""
    if consent.state(node.consent_texts(), now) != "live" or issuance.is_suspended:
        return None
    _, _, band = band_of(record, node, now)
    if (band.tier, band.label) == (issuance.tier, issuance.band):
        return None
    return make_issuance(
        uuid4(),
        consent,
        issuance.holder_key,
        record,
        until=issuance.until,
        uow=uow,
        node=node,
        now=now,
    )
