"""Making an attestation: what a resident's score says, for one city, signed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.errors import Malformed, Refused
from contracts.pseudonyms import holder_of
from contracts.recognition import IssuedAttestation
from services.recognition.domain.attestation import Attestation, StatusEntry, issue
from services.recognition.domain.consent import Consent
from services.recognition.domain.crosswalk import Band, Crosswalk, Scale
from services.recognition.domain.crosswalk_versions import in_force
from services.recognition.domain.issuance import Issuance
from services.recognition.ports import Node, ScoreRecord, UnitOfWork


def make_issuance(
    attestation_id: UUID,
    consent: Consent,
    holder_key: Mapping[str, Any],
    record: ScoreRecord,
    *,
    until: datetime,
    uow: UnitOfWork,
    node: Node,
    now: datetime,
) -> Issuance:
    """Sign an attestation under a live consent; it is not stored yet.

    It lives until then, and no longer than the consent carries it.  Raises Refused
    recipient_not_member, no_score or key_not_usable.
    """
    recipient = consent.terms.recipient
    host = node.roster().cities.get(recipient)
    if host is None:
        raise Refused("recipient_not_member", f"city {recipient}")
    crosswalk, scale, band = band_of(record, node, now)
    subject, *former = names_of(record, recipient, node, now)
    number, index = uow.status_lists.take()
    attestation = Attestation(
        id=attestation_id,
        issuer=node.gateway,
        audience=host.gateway,
        subject=subject,
        former_subject=former[0] if former else None,
        issued_at=now,
        expires_at=min(until, consent.carries_until(node.consent_texts())),
        holder_key=holder_key,
        status=StatusEntry(node.status_list_uri(number), index),
        crosswalk=crosswalk.version,
        tier=band.tier,
        band=band.label,
        as_of=record.as_of,
        purposes=consent.terms.purposes,
        score_name=scale.score_name,
    )
    return Issuance(
        attestation_id=attestation_id,
        consent_id=consent.id,
        resident=consent.terms.resident,
        recipient=recipient,
        tier=band.tier,
        band=band.label,
        holder_key=holder_key,
        credential=issue(attestation, signer=node.signer, make_salt=node.make_secret),
        status_list=number,
        status_index=index,
        issued_at=now,
        until=attestation.expires_at,
    )


def band_of(record: ScoreRecord, node: Node, now: datetime) -> tuple[Crosswalk, Scale, Band]:
    """Find the band of a score by the crosswalk in force; raises Refused("no_score")."""
    crosswalk = in_force(node.crosswalks().values(), now)
    scale = crosswalk.scales.get(node.city) if crosswalk else None
    if crosswalk is None or scale is None:
        raise Refused("no_score", "no crosswalk in force has this city's bands")
    try:
        return crosswalk, scale, scale.band_of(record.score, record.given_back)
    except Malformed as error:
        raise Refused("no_score", error.detail) from None


def names_of(record: ScoreRecord, recipient: str, node: Node, now: datetime) -> tuple[str, ...]:
    """Name a resident to a city: the name in use and, while pseudonym keys overlap, the former one.

    Raises Refused("key_not_usable"): without the key for that city nothing can be said.
    """
    return tuple(holder_of(key, record.civil_id) for key in node.holder_keys(recipient, now))


def issued(issuance: Issuance) -> IssuedAttestation:
    return IssuedAttestation(
        attestation_id=issuance.attestation_id,
        recipient=issuance.recipient,
        credential=issuance.credential,
        issued_at=issuance.issued_at,
        until=issuance.until,
        superseded_by=issuance.superseded_by,
        revoked_at=issuance.revoked.at if issuance.revoked else None,
    )
