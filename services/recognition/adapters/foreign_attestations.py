"""What other cities said of their own attestations: taken back, suspended, resumed.

Each attestation has one row, which is made when it is first asked for, so that there is always one
to lock.  Whether its key is distrusted is asked by the same statement, and without a lock.
"""

from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, select, update

from services.plumbing.rows import delete_some, insertion
from services.recognition.adapters.notice_tables import distrusted_keys
from services.recognition.adapters.tables import foreign_attestations
from services.recognition.domain.distrust import Distrust
from services.recognition.domain.issuance import Revoked
from services.recognition.domain.standing import Standing

_NO_KEY: Final = ""
_DISTRUSTED_SINCE: Final = (
    select(distrusted_keys.c.since)
    .where(distrusted_keys.c.home == bindparam("city"), distrusted_keys.c.kid == bindparam("kid"))
    .scalar_subquery()
    .label("distrusted_since")
)
_KNOWN: Final = (
    select(foreign_attestations, _DISTRUSTED_SINCE)
    .where(
        foreign_attestations.c.home == bindparam("city"),
        foreign_attestations.c.attestation_id == bindparam("attestation_id"),
    )
    .with_for_update()
)


class SqlRevocations:
    """Keeps, for each foreign attestation that was seen, whether its city took it back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def reason(self, home: str, attestation_id: UUID, now: datetime) -> str | None:
        row, _ = _locked(self._connection, home, attestation_id, now)
        return row.revoked_reason if row else None

    def said(
        self, home: str, attestation_id: UUID, kid: str, now: datetime
    ) -> tuple[str | None, Standing | None, Distrust | None]:
        row, since = _locked(self._connection, home, attestation_id, now, kid)
        distrust = Distrust(home=home, kid=kid, since=since) if since else None
        return (row.revoked_reason, _standing(row), distrust) if row else (None, None, distrust)

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
        row, _ = _locked(self._connection, home, attestation_id, now)
        return _standing(row) if row else None

    def save(self, home: str, attestation_id: UUID, standing: Standing) -> None:
        self._connection.execute(
            update(foreign_attestations)
            .where(_is(home, attestation_id))
            .values(suspended_reason=standing.suspended_for, standing_said_at=standing.said_at)
        )


def _locked(
    connection: Connection, home: str, attestation_id: UUID, now: datetime, kid: str = _NO_KEY
) -> tuple[Row[Any] | None, datetime | None]:
    """Return and lock the row of an attestation, and since when a key of its city is distrusted.

    The row is None when it is made, and so locked, here.
    """
    named = {"city": home, "kid": kid, "attestation_id": attestation_id}
    made = connection.execute(
        _made(connection.dialect.name), {**named, "home": home, "noted_at": now}
    ).one_or_none()
    if made is not None:
        return None, made.distrusted_since
    known = connection.execute(_KNOWN, named).one()
    return known, known.distrusted_since


@cache
def _made(dialect: str) -> Any:
    """Return the statement that makes a row unless there is one."""
    made = insertion(dialect, foreign_attestations)
    return made.on_conflict_do_nothing().returning(_DISTRUSTED_SINCE)


def _standing(row: Row[Any]) -> Standing | None:
    said_at: datetime | None = row.standing_said_at
    return Standing(row.suspended_reason, said_at) if said_at else None


def _is(home: str, attestation_id: UUID) -> ColumnElement[bool]:
    return and_(
        foreign_attestations.c.home == home,
        foreign_attestations.c.attestation_id == attestation_id,
    )
