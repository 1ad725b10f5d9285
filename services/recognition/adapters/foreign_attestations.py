"""What other cities said of their own attestations: taken back, suspended, resumed.

Each attestation has one row, which is made when it is first asked for, so that there is always one
to lock.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, select, update

from services.plumbing.rows import delete_some, insert_once
from services.recognition.adapters.tables import foreign_attestations
from services.recognition.domain.issuance import Revoked
from services.recognition.domain.standing import Standing


class SqlRevocations:
    """Keeps, for each foreign attestation that was seen, whether its city took it back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def reason(self, home: str, attestation_id: UUID, now: datetime) -> str | None:
        return self.said(home, attestation_id, now)[0]

    def said(
        self, home: str, attestation_id: UUID, now: datetime
    ) -> tuple[str | None, Standing | None]:
        row = _locked(self._connection, home, attestation_id, now)
        return (row.revoked_reason, _standing(row)) if row else (None, None)

    def add(self, home: str, attestation_id: UUID, revoked: Revoked, now: datetime) -> None:
        if self.reason(home, attestation_id, now) is None:
            self._connection.execute(
                update(foreign_attestations)
                .where(_is(home, attestation_id))
                .values(revoked_reason=revoked.reason, revoked_at=revoked.at)
            )

    def forget_before(self, moment: datetime, limit: int) -> int:
        old = foreign_attestations.c.noted_at < moment
        return delete_some(self._connection, foreign_attestations, old, limit)


class SqlStandings:
    """Keeps, in the same rows, the last word of each city on whether it stands by its own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, home: str, attestation_id: UUID, now: datetime) -> Standing | None:
        row = _locked(self._connection, home, attestation_id, now)
        return _standing(row) if row else None

    def save(self, home: str, attestation_id: UUID, standing: Standing) -> None:
        self._connection.execute(
            update(foreign_attestations)
            .where(_is(home, attestation_id))
            .values(suspended_reason=standing.suspended_for, standing_said_at=standing.said_at)
        )


def _locked(
    connection: Connection, home: str, attestation_id: UUID, now: datetime
) -> Row[Any] | None:
    """Return and lock the row of an attestation; None for one that is made, and so locked, here."""
    named = {"home": home, "attestation_id": attestation_id}
    if insert_once(connection, foreign_attestations, **named, noted_at=now):
        return None
    found = select(foreign_attestations).where(_is(home, attestation_id))
    return connection.execute(found.with_for_update()).one()


def _standing(row: Row[Any]) -> Standing | None:
    said_at: datetime | None = row.standing_said_at
    return Standing(row.suspended_reason, said_at) if said_at else None


def _is(home: str, attestation_id: UUID) -> ColumnElement[bool]:
    return and_(
        foreign_attestations.c.home == home,
        foreign_attestations.c.attestation_id == attestation_id,
    )
