"""Attestations at home: issue and revoke."""

from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from contracts import wire
from contracts.errors import Conflict, NotFound, Refused
from contracts.notices import ATTESTATION_REVOKED, AttestationRevoked
from contracts.recognition import (
    IssueAttestation,
    IssuedAttestation,
    IssuedAttestations,
    ListAttestations,
    Revocation,
    RevokeAttestation,
    ShowAttestation,
)
from contracts.words import RevocationReason
from services.recognition.domain.consent import live_one
from services.recognition.domain.holder_key import read_holder_key
from services.recognition.domain.issuance import Issuance, Revoked
from services.recognition.domain.notice import UnsignedNotice
from services.recognition.handlers.dockets import as_it_counts, docket_of
from services.recognition.handlers.issuing import issued, make_issuance
from services.recognition.handlers.notices import announce_notice
from services.recognition.ports import Node, UnitOfWork

LISTED: Final = 100  # the newest attestations of a resident


def issue_attestation(
    command: IssueAttestation, *, uow: UnitOfWork, node: Node, now: datetime
) -> IssuedAttestation:
    """Attest a resident's band and tier to one city, by the consent that is live for it.

    What says otherwise of the same resident to the same city is taken back with it.
    Safe to repeat: the same id gives the very same credential.  Raises Malformed naming
    `holder_key`; Refused consent_missing, consent_withdrawn, consent_over, consent_renewal_needed,
    recipient_not_member, no_score, attestation_suspended or key_not_usable; Conflict("id_reused").
    """
    holder_key = read_holder_key(command.holder_key, node.signatures)
    record = node.scores.find(command.resident)  # may read a file anew: not within a transaction
    with uow:
        known = uow.issuances.get(command.attestation_id)
        if known is not None:
            same = (known.resident, known.recipient, known.holder_key)
            if same != (command.resident, command.recipient, holder_key):
                raise Conflict("id_reused", "attestation")
            return issued(known)
        docket = docket_of(command.resident, uow=uow, node=node)
        given = uow.consents.for_recipient(command.resident, command.recipient)
        consent = live_one(given, node.consent_texts(), now)
        if record is None or record.as_of > now:
            raise Refused("no_score")
        standing = uow.issuances.standing_for(command.resident, command.recipient, now)
        if any(older.is_in_the_way_of(holder_key) for older in standing):
            raise Refused("attestation_suspended")
        issuance = make_issuance(
            command.attestation_id,
            consent,
            holder_key,
            as_it_counts(record, docket, now),
            until=now + node.attestation_life,
            uow=uow,
            node=node,
            now=now,
        )
        for older in standing:
            if (older.tier, older.band) != (issuance.tier, issuance.band):
                revoke(older, RevocationReason.SCORE_CHANGED, uow=uow, node=node, now=now)
        uow.issuances.add(issuance)
        uow.commit()
    return issued(issuance)


def revoke_attestation(
    command: RevokeAttestation, *, uow: UnitOfWork, node: Node, now: datetime
) -> Revocation:
    """Take an attestation back.  Safe to repeat; raises NotFound."""
    with uow:
        issuance = uow.issuances.get(command.attestation_id)
        if issuance is None:
            raise NotFound("not_found", "attestation")
        revoked = revoke(issuance, command.reason, uow=uow, node=node, now=now)
        uow.commit()
    return Revocation(
        attestation_id=issuance.attestation_id,
        reason=RevocationReason(revoked.reason),
        revoked_at=revoked.at,
    )


def revoke(
    issuance: Issuance,
    reason: RevocationReason,
    *,
    uow: UnitOfWork,
    node: Node,
    now: datetime,
    cause: UUID | None = None,
) -> Revoked:
    """Revoke within an open transaction: status and notice to the host go together, once.

    With a cause, its effect there is waited for.
    """
    if issuance.revoked is not None:
        return issuance.revoked
    revoked = issuance.revoke(reason, now)
    uow.issuances.save(issuance)
    told = AttestationRevoked(attestation_id=issuance.attestation_id, reason=reason, at=now)
    unsigned = UnsignedNotice(
        id=uuid4(),
        recipient=issuance.recipient,
        event=ATTESTATION_REVOKED,
        body=wire.dump(told),
        subject=str(issuance.attestation_id),
    )
    if cause is not None:
        uow.effects.expect(unsigned.id, unsigned.recipient, cause, now)
    announce_notice(unsigned, uow=uow, node=node, now=now)
    return revoked


def list_attestations(
    command: ListAttestations, *, uow: UnitOfWork, now: datetime
) -> IssuedAttestations:
    """Return a resident's newest attestations that are not over, with what took whose place."""
    with uow:
        issuances = uow.issuances.of(command.resident, now, LISTED)
    return IssuedAttestations(attestations=tuple(issued(each) for each in issuances))


def show_attestation(command: ShowAttestation, *, uow: UnitOfWork) -> IssuedAttestation:
    """Return one attestation of a resident; raises NotFound."""
    with uow:
        issuance = uow.issuances.get(command.attestation_id)
    if issuance is None or issuance.resident != command.resident:
        raise NotFound("not_found", "attestation")
    return issued(issuance)
