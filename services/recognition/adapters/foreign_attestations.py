"""What other cities said of their own attestations: taken back, suspended, resumed.

Each attestation has one row, which is made before it is read, so that there is always one to lock.
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

    def begin(self, home: str, attestation_id: UUID, now: datetime) -> bool:
        return _noted(self._connection, home, attestation_id, now)

    def reason(self, home: str, attestation_id: UUID, now: datetime) -> str | None:
        reason: str | None = _locked(self._connection, home, attestation_id, now).revoked_reason
        return reason

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
        said_at: datetime | None = row.standing_said_at
        return Standing(row.suspended_reason, said_at) if said_at else None

    def save(self, home: str, attestation_id: UUID, standing: Standing) -> None:
        self._connection.execute(
            update(foreign_attestations)
            .where(_is(home, attestation_id))
            .values(suspended_reason=standing.suspended_for, standing_said_at=standing.said_at)
        )


def _locked(connection: Connection, home: str, attestation_id: UUID, now: datetime) -> Row[Any]:
    _noted(connection, home, attestation_id, now)
    found = select(foreign_attestations).where(_is(home, attestation_id))
    return connection.execute(found.with_for_update()).one()


def _noted(connection: Connection, home: str, attestation_id: UUID, now: datetime) -> bool:
    return insert_once(
        connection, foreign_attestations, home=home, attestation_id=attestation_id, noted_at=now
    )


def _is(home: str, attestation_id: UUID) -> ColumnElement[bool]:
    return and_(
        foreign_attestations.c.home == home,
        foreign_attestations.c.attestation_id == attestation_id,
    )
