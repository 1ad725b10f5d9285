"""Attestations at home: issue and revoke."""

from datetime import datetime
from uuid import UUID, uuid4

from contracts import wire
from contracts.errors import Conflict, Malformed, NotFound, Refused
from contracts.notices import ATTESTATION_REVOKED, AttestationRevoked
from contracts.pseudonyms import holder_of
from contracts.recognition import (
    IssueAttestation,
    IssuedAttestation,
    Revocation,
    RevokeAttestation,
)
from contracts.words import RevocationReason
from services.recognition.domain.attestation import Attestation, StatusEntry, issue
from services.recognition.domain.consent import live_one
from services.recognition.domain.crosswalk import Band, Crosswalk, Scale
from services.recognition.domain.crosswalk_versions import in_force
from services.recognition.domain.holder_key import read_holder_key
from services.recognition.domain.issuance import Issuance, Revoked
from services.recognition.domain.notice import UnsignedNotice
from services.recognition.handlers.notices import announce_notice
from services.recognition.ports import Node, ScoreRecord, UnitOfWork


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
            return _issued(known)
        texts = node.consent_texts()
        given = uow.consents.for_recipient(command.resident, command.recipient)
        consent = live_one(given, texts, now)
        host = node.roster().cities.get(command.recipient)
        if host is None:
            raise Refused("recipient_not_member", f"city {command.recipient}")
        if record is None or record.as_of > now:
            raise Refused("no_score")
        standing = uow.issuances.standing_for(command.resident, command.recipient, now)
        if any(older.is_in_the_way_of(holder_key) for older in standing):
            raise Refused("attestation_suspended")
        crosswalk, scale, band = band_of(record, node, now)
        number, index = uow.status_lists.take()
        attestation = Attestation(
            id=command.attestation_id,
            issuer=node.gateway,
            audience=host.gateway,
            subject=_holder(record, command.recipient, node),
            issued_at=now,
            expires_at=min(now + node.attestation_life, consent.carries_until(texts)),
            holder_key=holder_key,
            status=StatusEntry(node.status_list_uri(number), index),
            crosswalk=crosswalk.version,
            tier=band.tier,
            band=band.label,
            as_of=record.as_of,
            purposes=consent.terms.purposes,
            score_name=scale.score_name,
        )
        issuance = Issuance(
            attestation_id=command.attestation_id,
            consent_id=consent.id,
            resident=command.resident,
            recipient=command.recipient,
            tier=band.tier,
            band=band.label,
            holder_key=holder_key,
            credential=issue(attestation, signer=node.signer, make_salt=node.make_secret),
            status_list=number,
            status_index=index,
            issued_at=now,
            until=attestation.expires_at,
        )
        for older in standing:
            if (older.tier, older.band) != (band.tier, band.label):
                revoke(older, RevocationReason.SCORE_CHANGED, uow=uow, node=node, now=now)
        uow.issuances.add(issuance)
        uow.commit()
    return _issued(issuance)


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


def band_of(record: ScoreRecord, node: Node, now: datetime) -> tuple[Crosswalk, Scale, Band]:
    """Find the band of a score by the crosswalk in force; raises Refused("no_score")."""
    crosswalk = in_force(node.crosswalks().values(), now)
    scale = crosswalk.scales.get(node.city) if crosswalk else None
    if crosswalk is None or scale is None:
        raise Refused("no_score", "no crosswalk in force has this city's bands")
    try:
        return crosswalk, scale, scale.band_of(record.score)
    except Malformed as error:
        raise Refused("no_score", error.detail) from None


def _holder(record: ScoreRecord, recipient: str, node: Node) -> str:
    """Name the resident to the recipient; without the key for that city nothing can be said."""
    key = node.holder_keys.get(recipient)
    if key is None:
        raise Refused("key_not_usable", f"no pseudonym key for city {recipient}")
    return holder_of(key, record.civil_id)


def _issued(issuance: Issuance) -> IssuedAttestation:
    return IssuedAttestation(
        attestation_id=issuance.attestation_id,
        recipient=issuance.recipient,
        credential=issuance.credential,
        issued_at=issuance.issued_at,
        until=issuance.until,
    )
