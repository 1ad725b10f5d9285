"""What home stores: consents, and the attestations issued under them.

Reads that a rule rests on lock their rows: `FOR UPDATE` on PostgreSQL, while on SQLite the
transaction is the only writer anyway.  What belongs to an erased resident is not found.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, select, tuple_, update

from services.plumbing.rows import insert
from services.recognition.adapters.sealing import seal, unseal
from services.recognition.adapters.subjects import SqlSubjects
from services.recognition.adapters.tables import consents, issuances, residents
from services.recognition.domain.consent import Consent, Terms
from services.recognition.domain.issuance import Issuance, Revoked, Suspension


class SqlConsents:
    """Stores consents; of a stored one only the withdrawal can change."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._subjects = SqlSubjects(connection)

    def get(self, id: UUID) -> Consent | None:
        found = _CONSENTS.where(consents.c.id == id).with_for_update(of=consents)
        row = self._connection.execute(found).one_or_none()
        return _consent(row) if row else None

    def add(self, consent: Consent) -> None:
        """Store a consent; raises Conflict("id_reused")."""
        insert(
            self._connection,
            consents,
            id=consent.id,
            subject=self._subjects.id_of(consent.terms.resident),
            recipient=consent.terms.recipient,
            purposes=list(consent.terms.purposes),
            text_version=consent.terms.text_version,
            given_at=consent.given_at,
            until=consent.terms.until,
        )

    def save(self, consent: Consent) -> None:
        self._connection.execute(
            update(consents)
            .where(consents.c.id == consent.id)
            .values(withdrawn_at=consent.withdrawn_at)
        )

    def for_recipient(self, resident: str, recipient: str) -> Sequence[Consent]:
        self._subjects.hold(resident)  # first, as an erasure does: it locks their consents next
        found = _NEWEST.where(
            residents.c.resident == resident, consents.c.recipient == recipient
        ).with_for_update(of=consents)
        return [_consent(row) for row in self._connection.execute(found)]

    def of(self, resident: str) -> Sequence[Consent]:
        found = _NEWEST.where(residents.c.resident == resident)
        return [_consent(row) for row in self._connection.execute(found)]


class SqlIssuances:
    """Stores issued attestations; of a stored one only revocation and suspension can change."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._subjects = SqlSubjects(connection)

    def get(self, attestation_id: UUID) -> Issuance | None:
        found = _ISSUANCES.where(issuances.c.attestation_id == attestation_id)
        row = self._connection.execute(_locked(found)).one_or_none()
        return _issuance(row) if row else None

    def add(self, issuance: Issuance) -> None:
        """Store an issued attestation; raises Conflict("id_reused")."""
        subject, key = self._subjects.with_key(issuance.resident)
        private = {
            "tier": issuance.tier,
            "band": issuance.band,
            "holder_key": dict(issuance.holder_key),
            "credential": issuance.credential,
        }
        insert(
            self._connection,
            issuances,
            attestation_id=issuance.attestation_id,
            consent_id=issuance.consent_id,
            subject=subject,
            recipient=issuance.recipient,
            sealed=seal(private, key, _place(issuance.attestation_id)),
            status_list=issuance.status_list,
            status_index=issuance.status_index,
            issued_at=issuance.issued_at,
            until=issuance.until,
        )

    def save(self, issuance: Issuance) -> None:
        revoked, suspension = issuance.revoked, issuance.suspension
        self._connection.execute(
            update(issuances)
            .where(issuances.c.attestation_id == issuance.attestation_id)
            .values(
                revoked_at=revoked.at if revoked else None,
                revoked_reason=revoked.reason if revoked else None,
                suspended_at=suspension.at if suspension else None,
                suspended_reason=suspension.reason if suspension else None,
                resumed_at=suspension.resumed_at if suspension else None,
            )
        )

    def standing_under(self, consent_id: UUID) -> Sequence[Issuance]:
        found = _ISSUANCES.where(
            issuances.c.consent_id == consent_id, issuances.c.revoked_at.is_(None)
        ).order_by(issuances.c.attestation_id)
        return [_issuance(row) for row in self._connection.execute(_locked(found))]

    def standing_for(self, resident: str, recipient: str, now: datetime) -> Sequence[Issuance]:
        found = _ISSUANCES.where(
            residents.c.resident == resident,
            issuances.c.recipient == recipient,
            issuances.c.revoked_at.is_(None),
            issuances.c.until > now,
        ).order_by(issuances.c.attestation_id)
        return [_issuance(row) for row in self._connection.execute(_locked(found))]

    def recipient_of(self, attestation_id: UUID) -> str | None:
        same = issuances.c.attestation_id == attestation_id
        found = select(issuances.c.recipient).where(same)
        recipient: str | None = self._connection.scalars(found).one_or_none()
        return recipient

    def ever_of(self, resident: str) -> Sequence[Issuance]:
        found = _ISSUANCES.where(residents.c.resident == resident)
        found = found.order_by(issuances.c.attestation_id)
        return [_issuance(row) for row in self._connection.execute(_locked(found))]

    def standing_after(
        self, until: datetime, attestation_id: UUID, limit: int
    ) -> Sequence[Issuance]:
        place = tuple_(issuances.c.until, issuances.c.attestation_id)
        found = (
            _ISSUANCES.where(issuances.c.revoked_at.is_(None), place > (until, attestation_id))
            .order_by(issuances.c.until, issuances.c.attestation_id)
            .limit(limit)
        )
        return [_issuance(row) for row in self._connection.execute(found)]


_CONSENTS = select(consents, residents.c.resident).join(
    residents, residents.c.subject == consents.c.subject
)
_ISSUANCES = select(issuances, residents.c.resident, residents.c.key).join(
    residents, residents.c.subject == issuances.c.subject
)
_NEWEST = _CONSENTS.order_by(consents.c.given_at.desc(), consents.c.id)


def _locked(found: Select[Any]) -> Select[Any]:
    """Lock the attestations found, and not their residents: many take turns at those."""
    return found.with_for_update(of=issuances)


def _place(attestation_id: UUID) -> str:
    return f"issuances:{attestation_id}"


def _consent(row: Row[Any]) -> Consent:
    terms = Terms(
        resident=row.resident,
        recipient=row.recipient,
        purposes=tuple(row.purposes),
        text_version=row.text_version,
        until=row.until,
    )
    return Consent(id=row.id, terms=terms, given_at=row.given_at, withdrawn_at=row.withdrawn_at)


def _issuance(row: Row[Any]) -> Issuance:
    revoked_at: datetime | None = row.revoked_at
    suspended_at: datetime | None = row.suspended_at
    private = unseal(row.sealed, row.key, _place(row.attestation_id))
    return Issuance(
        attestation_id=row.attestation_id,
        consent_id=row.consent_id,
        resident=row.resident,
        recipient=row.recipient,
        tier=private["tier"],
        band=private["band"],
        holder_key=private["holder_key"],
        credential=private["credential"],
        status_list=row.status_list,
        status_index=row.status_index,
        issued_at=row.issued_at,
        until=row.until,
        revoked=Revoked(row.revoked_reason, revoked_at) if revoked_at else None,
        suspension=Suspension(row.suspended_reason, suspended_at, row.resumed_at)
        if suspended_at
        else None,
    )
