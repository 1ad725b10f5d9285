"""Consents at home: give, withdraw, list."""

from datetime import datetime

from contracts.errors import Conflict, NotFound, Refused
from contracts.recognition import (
    ConsentRecord,
    ConsentRecords,
    GiveConsent,
    ListConsents,
    WithdrawConsent,
)
from contracts.words import Category, ConsentState, RevocationReason
from services.recognition.domain.consent import Consent, Terms
from services.recognition.handlers.attestations import revoke
from services.recognition.ports import Node, UnitOfWork


def give_consent(
    command: GiveConsent, *, uow: UnitOfWork, node: Node, now: datetime
) -> ConsentRecord:
    """Record a resident's consent to one recipient city.

    Safe to repeat.  Raises Refused("recipient_not_member") unless the recipient is another city
    that takes part, Malformed as Terms.check does, and Conflict("id_reused") when the id stands
    for other terms: a consent is never widened, a new one is given.
    """
    terms = Terms(
        resident=command.resident,
        recipient=command.recipient,
        purposes=tuple(sorted(command.purposes)),
        text_version=command.text_version,
        until=command.until,
    )
    with uow:
        known = uow.consents.get(command.consent_id)
        if known is not None:
            if known.terms != terms:
                raise Conflict("id_reused", "consent")
            return _record(known, now)
        city = node.roster().cities.get(command.recipient)
        if command.recipient == node.city or city is None or not city.online:
            raise Refused("recipient_not_member", f"city {command.recipient}")
        consent = Consent.give(command.consent_id, terms, now)
        uow.consents.add(consent)
        uow.commit()
    return _record(consent, now)


def withdraw_consent(
    command: WithdrawConsent, *, uow: UnitOfWork, node: Node, now: datetime
) -> ConsentRecord:
    """Withdraw a consent and take back every attestation that rests on it (PIPL 15).

    Safe to repeat: the first moment stands, and each host is told once.  Raises NotFound for a
    consent that is not this resident's.
    """
    with uow:
        consent = uow.consents.get(command.consent_id)
        if consent is None or consent.terms.resident != command.resident:
            raise NotFound("not_found", "consent")
        consent.withdraw(now)
        uow.consents.save(consent)
        for issuance in uow.issuances.standing_under(consent.id):
            revoke(issuance, RevocationReason.CONSENT_WITHDRAWN, uow=uow, node=node, now=now)
        uow.commit()
    return _record(consent, now)


def list_consents(command: ListConsents, *, uow: UnitOfWork, now: datetime) -> ConsentRecords:
    """Return all consents of a resident, newest first."""
    with uow:
        consents = uow.consents.of(command.resident)
    return ConsentRecords(consents=tuple(_record(consent, now) for consent in consents))


def _record(consent: Consent, now: datetime) -> ConsentRecord:
    return ConsentRecord(
        consent_id=consent.id,
        recipient=consent.terms.recipient,
        purposes=tuple(Category(purpose) for purpose in consent.terms.purposes),
        text_version=consent.terms.text_version,
        given_at=consent.given_at,
        until=consent.terms.until,
        state=ConsentState(consent.state(now)),
        withdrawn_at=consent.withdrawn_at,
    )
