"""Consents as home stores them; what belongs to an erased resident is not found.

Reads that a rule rests on lock their rows: `FOR UPDATE` on PostgreSQL, while on SQLite the
transaction is the only writer anyway.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, and_, or_, select, tuple_, update

from services.plumbing.rows import insert
from services.recognition.adapters.subjects import SqlSubjects
from services.recognition.adapters.tables import consents, residents
from services.recognition.domain.consent import Consent, Terms


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
            text_digest=consent.text_digest,
            impact_assessment=consent.impact_assessment,
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

    def beside(self, id: UUID) -> Sequence[Consent]:
        its = consents.alias()
        named = select(its.c.subject, its.c.recipient).where(its.c.id == id)
        found = _NEWEST.where(tuple_(consents.c.subject, consents.c.recipient).in_(named))
        locked = found.with_for_update(of=consents)
        return [_consent(row) for row in self._connection.execute(locked)]

    def of(
        self, resident: str, after: Consent | None = None, limit: int | None = None
    ) -> Sequence[Consent]:
        found = _NEWEST.where(residents.c.resident == resident).limit(limit)
        if after is not None:
            same = and_(consents.c.given_at == after.given_at, consents.c.id > after.id)
            found = found.where(or_(consents.c.given_at < after.given_at, same))
        return [_consent(row) for row in self._connection.execute(found)]


_CONSENTS = select(consents, residents.c.resident).join(
    residents, residents.c.subject == consents.c.subject
)
_NEWEST = _CONSENTS.order_by(consents.c.given_at.desc(), consents.c.id)


def _consent(row: Row[Any]) -> Consent:
    terms = Terms(
        resident=row.resident,
        recipient=row.recipient,
        purposes=tuple(row.purposes),
        text_version=row.text_version,
        until=row.until,
    )
    return Consent(
        id=row.id,
        terms=terms,
        given_at=row.given_at,
        withdrawn_at=row.withdrawn_at,
        text_digest=row.text_digest,
        impact_assessment=row.impact_assessment,
    )
