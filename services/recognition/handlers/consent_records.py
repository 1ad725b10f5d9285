"""A resident's own record of their consents: list them, see one in full (PIPL 44, 45)."""

from datetime import datetime

from contracts.consents import ConsentDetail, ConsentedAttestation, ShowConsent
from contracts.errors import Malformed, NotFound
from contracts.recognition import ConsentRecord, ConsentRecords, ListConsents
from contracts.words import Category, ConsentState, TextChange
from services.recognition.domain.attestation import disclosable_claims
from services.recognition.domain.consent import Consent
from services.recognition.domain.consent_text import ConsentTexts
from services.recognition.domain.issuance import Issuance
from services.recognition.handlers.consent_texts import shown
from services.recognition.ports import Node, UnitOfWork


def list_consents(
    command: ListConsents, *, uow: UnitOfWork, node: Node, now: datetime
) -> ConsentRecords:
    """Return consents of a resident, newest first; raises Malformed naming `cursor`."""
    with uow:
        after = uow.consents.get(command.cursor) if command.cursor else None
        if command.cursor and (after is None or after.terms.resident != command.resident):
            raise _bad_cursor()
        found = uow.consents.of(command.resident, after, command.limit + 1)
    page, texts = found[: command.limit], node.consent_texts()
    return ConsentRecords(
        consents=tuple(record_of(consent, texts, now) for consent in page),
        next=page[-1].id if len(found) > len(page) else None,
    )


def show_consent(
    command: ShowConsent, *, uow: UnitOfWork, node: Node, now: datetime
) -> ConsentDetail:
    """Return one consent with its text and what was issued under it.

    Raises NotFound for a consent that is not this resident's, Malformed naming `cursor`.
    """
    with uow:
        consent = uow.consents.get(command.consent_id)
        if consent is None or consent.terms.resident != command.resident:
            raise NotFound("not_found", "consent")
        after = uow.issuances.get(command.cursor) if command.cursor else None
        if command.cursor and (after is None or after.consent_id != consent.id):
            raise _bad_cursor()
        found = uow.issuances.under(consent.id, after, command.limit + 1)
        snapshot = uow.snapshots.get(consent.text_digest) if consent.text_digest else None
        told = uow.effects.of(consent.id)
    page = found[: command.limit]
    done = [effect.applied_at for effect in told if effect.applied_at]
    return ConsentDetail(
        consent=record_of(consent, node.consent_texts(), now),
        text=shown(snapshot) if snapshot else None,
        impact_assessment=consent.impact_assessment,
        attestations=tuple(_attestation(issuance) for issuance in page),
        next=page[-1].attestation_id if len(found) > len(page) else None,
        ended_there_at=max(done) if done and len(done) == len(told) else None,
    )


def record_of(consent: Consent, texts: ConsentTexts, now: datetime) -> ConsentRecord:
    state = ConsentState(consent.state(texts, now))
    changed = texts.changed_since(consent.terms.text_version, now)
    return ConsentRecord(
        consent_id=consent.id,
        recipient=consent.terms.recipient,
        purposes=tuple(Category(purpose) for purpose in consent.terms.purposes),
        text_version=consent.terms.text_version,
        given_at=consent.given_at,
        until=consent.terms.until,
        state=state,
        withdrawn_at=consent.withdrawn_at,
        text_digest=consent.text_digest,
        changed=tuple(change for change in TextChange if change in changed)
        if state is ConsentState.RENEWAL_NEEDED
        else (),
    )


def _attestation(issuance: Issuance) -> ConsentedAttestation:
    revoked = issuance.revoked
    return ConsentedAttestation(
        attestation_id=issuance.attestation_id,
        recipient=issuance.recipient,
        claims=disclosable_claims(issuance.credential),
        issued_at=issuance.issued_at,
        until=issuance.until,
        revoked_at=revoked.at if revoked else None,
        revoked_reason=revoked.reason if revoked else None,
    )


def _bad_cursor() -> Malformed:
    return Malformed(errors={"query.after": "Not the end of a page."})
