"""Consents at home: give one, withdraw it."""

from datetime import datetime
from uuid import uuid4

from contracts import wire
from contracts.errors import Conflict, NotFound, Refused
from contracts.notices import CONSENT_WITHDRAWN, ConsentWithdrawn
from contracts.recognition import ConsentRecord, GiveConsent, WithdrawConsent
from contracts.words import RevocationReason
from services.recognition.domain.attestation import subject_of
from services.recognition.domain.consent import Consent, Terms
from services.recognition.domain.notice import UnsignedNotice
from services.recognition.handlers.attestations import revoke
from services.recognition.handlers.consent_records import record_of
from services.recognition.handlers.consent_texts import snapshot_of
from services.recognition.handlers.notices import announce_notice
from services.recognition.ports import Node, UnitOfWork

NAMES_LOOKED_AT = 200  # newest attestations whose subject the recipient may know the holder by


def give_consent(
    command: GiveConsent, *, uow: UnitOfWork, node: Node, now: datetime
) -> ConsentRecord:
    """Record a resident's consent to one recipient city, with the text they were shown.

    Safe to repeat.  Raises Refused recipient_not_member unless the recipient is another city that
    takes part, recipient_not_assessed, consent_text_unknown, consent_text_not_in_force, or
    consent_text_differs when something else was shown than home would show; Malformed as
    Terms.check does; Conflict("id_reused") when the id stands for other terms: a consent is never
    widened, a new one is given.
    """
    terms = Terms(
        resident=command.resident,
        recipient=command.recipient,
        purposes=tuple(sorted(command.purposes)),
        text_version=command.text_version,
        until=command.until,
    )
    texts = node.consent_texts()
    with uow:
        known = uow.consents.get(command.consent_id)
        if known is not None:
            if known.terms != terms or command.text_digest not in {None, known.text_digest}:
                raise Conflict("id_reused", "consent")
            return record_of(known, texts, now)
        terms.check(now)
        text = texts.in_force(terms.text_version, now)
        snapshot = snapshot_of(text, terms.recipient, terms.purposes, terms.until, node=node)
        if command.text_digest not in {None, snapshot.digest}:
            raise Refused("consent_text_differs", f"version {text.version}")
        consent = Consent.give(
            command.consent_id,
            terms,
            now,
            text_digest=snapshot.digest,
            impact_assessment=texts.assessment_of(terms.recipient),
        )
        uow.snapshots.add(snapshot, terms.until)
        uow.consents.add(consent)
        uow.commit()
    return record_of(consent, texts, now)


def withdraw_consent(
    command: WithdrawConsent, *, uow: UnitOfWork, node: Node, now: datetime
) -> ConsentRecord:
    """Withdraw a consent and take back every attestation that rests on it (PIPL 15).

    The recipient is told to end everything of this holder, unless another live consent lets it go
    on.  Safe to repeat: the first moment stands, and each host is told once.  Raises NotFound for a
    consent that is not this resident's.
    """
    texts = node.consent_texts()
    with uow:
        given = uow.consents.beside(command.consent_id)
        consent = next((each for each in given if each.id == command.consent_id), None)
        if consent is None or consent.terms.resident != command.resident:
            raise NotFound("not_found", "consent")
        if consent.withdraw(now):
            uow.consents.save(consent)
            for issuance in uow.issuances.standing_under(consent.id):
                revoke(
                    issuance,
                    RevocationReason.CONSENT_WITHDRAWN,
                    uow=uow,
                    node=node,
                    now=now,
                    cause=consent.id,
                )
            if not any(each.state(texts, now) == "live" for each in given if each is not consent):
                _tell(consent, uow=uow, node=node, now=now)
            uow.commit()
    return record_of(consent, texts, now)


def _tell(consent: Consent, *, uow: UnitOfWork, node: Node, now: datetime) -> None:
    """Have the recipient end what is there by each name it knows the holder by.

    The names stand in what was issued, so that neither keys nor the score are needed for it.
    """
    issued = uow.issuances.under(consent.id, None, NAMES_LOOKED_AT)
    for subject in sorted({subject_of(issuance.credential) for issuance in issued}):
        unsigned = UnsignedNotice(
            id=uuid4(),
            recipient=consent.terms.recipient,
            event=CONSENT_WITHDRAWN,
            body=wire.dump(ConsentWithdrawn(subject=subject, at=now)),
            subject=str(consent.id),
        )
        uow.effects.expect(unsigned.id, unsigned.recipient, consent.id, now)
        announce_notice(unsigned, uow=uow, node=node, now=now)
