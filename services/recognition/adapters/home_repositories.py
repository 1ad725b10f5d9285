"""What home stores of the attestations it issued.

Reads that a rule rests on lock their rows: `FOR UPDATE` on PostgreSQL, while on SQLite the
transaction is the only writer anyway.  What belongs to an erased resident is not found.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, and_, not_, or_, select, tuple_, update

from services.plumbing.rows import insert
from services.recognition.adapters.sealing import seal, unseal
from services.recognition.adapters.subjects import SqlSubjects
from services.recognition.adapters.tables import consents, issuances, residents
from services.recognition.domain.issuance import Issuance, Revoked, Suspension


class SqlIssuances:
    """Stores issued attestations; of a stored one only suspension and end can change."""

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
                superseded_by=issuance.superseded_by,
            )
        )

    def standing_under(self, consent_id: UUID) -> Sequence[Issuance]:
        found = _ISSUANCES.where(
            issuances.c.consent_id == consent_id, issuances.c.revoked_at.is_(None)
        ).order_by(issuances.c.attestation_id)
        return [_issuance(row) for row in self._connection.execute(_locked(found))]

    def under(self, consent_id: UUID, after: Issuance | None, limit: int) -> Sequence[Issuance]:
        found = _ISSUANCES.where(issuances.c.consent_id == consent_id).limit(limit)
        if after is not None:
            at, name = issuances.c.issued_at, issuances.c.attestation_id
            same = and_(at == after.issued_at, name > after.attestation_id)
            found = found.where(or_(at < after.issued_at, same))
        newest_first = found.order_by(issuances.c.issued_at.desc(), issuances.c.attestation_id)
        return [_issuance(row) for row in self._connection.execute(newest_first)]

    def standing_by_text(
        self, versions: Sequence[str], now: datetime, limit: int
    ) -> Sequence[Issuance]:
        found = (
            _ISSUANCES.join(consents, consents.c.id == issuances.c.consent_id)
            .where(
                consents.c.text_version.in_(versions),
                issuances.c.revoked_at.is_(None),
                issuances.c.until > now,
            )
            .order_by(issuances.c.attestation_id)
            .limit(limit)
        )
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

    def issued_to(self, recipient: str, attestation_ids: Collection[UUID]) -> Collection[UUID]:
        name = issuances.c.attestation_id
        found = select(name).where(name.in_(attestation_ids), issuances.c.recipient == recipient)
        return set(self._connection.scalars(found))

    def ever_of(self, resident: str) -> Sequence[Issuance]:
        found = _ISSUANCES.where(residents.c.resident == resident)
        found = found.order_by(issuances.c.attestation_id)
        return [_issuance(row) for row in self._connection.execute(_locked(found))]

    def standing_to(
        self, recipient: str, now: datetime, after: UUID, limit: int
    ) -> Sequence[Issuance]:
        is_suspended = and_(issuances.c.suspended_at.is_not(None), issuances.c.resumed_at.is_(None))
        found = (
            _ISSUANCES.where(
                issuances.c.recipient == recipient,
                issuances.c.revoked_at.is_(None),
                issuances.c.until > now,
                not_(is_suspended),
                issuances.c.attestation_id > after,
            )
            .order_by(issuances.c.attestation_id)
            .limit(limit)
        )
        return [_issuance(row) for row in self._connection.execute(found)]

    def of(self, resident: str, now: datetime, limit: int) -> Sequence[Issuance]:
        found = (
            _ISSUANCES.where(residents.c.resident == resident, issuances.c.until > now)
            .order_by(issuances.c.issued_at.desc(), issuances.c.attestation_id)
            .limit(limit)
        )
        return [_issuance(row) for row in self._connection.execute(found)]

    def recipients_of(self, resident: str, now: datetime) -> Sequence[str]:
        found = (
            select(issuances.c.recipient)
            .join(residents, residents.c.subject == issuances.c.subject)
            .where(
                residents.c.resident == resident,
                issuances.c.revoked_at.is_(None),
                issuances.c.until > now,
            )
            .distinct()
            .order_by(issuances.c.recipient)
        )
        return list(self._connection.scalars(found))

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


_ISSUANCES = select(issuances, residents.c.resident, residents.c.key).join(
    residents, residents.c.subject == issuances.c.subject
)


def _locked(found: Select[Any]) -> Select[Any]:
    """Lock the attestations found, and not their residents: many take turns at those."""
    return found.with_for_update(of=issuances)


def _place(attestation_id: UUID) -> str:
    return f"issuances:{attestation_id}"


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
        superseded_by=row.superseded_by,
    )
