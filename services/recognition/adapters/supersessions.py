"""Which attestations of other cities took the place of which, in a table."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, select, update

from contracts.words import Category
from services.plumbing.rows import delete_some, insert_once
from services.recognition.adapters.tables import supersessions
from services.recognition.domain.footing import Footing, Supersession

MOMENTS: Final = ("status_as_of", "until", "since")


class SqlSupersessions:
    """Keeps one row for each attestation that was superseded."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, home: str, attestation_id: UUID) -> Supersession | None:
        found = select(supersessions).where(
            supersessions.c.home == home, supersessions.c.attestation_id == attestation_id
        )
        row = self._connection.execute(found).one_or_none()
        if row is None:
            return None
        footing = _read(row.by, row.footing) if row.footing else None
        return Supersession(by=row.by, at=row.at, footing=footing)

    def add(self, home: str, attestation_id: UUID, told: Supersession) -> None:
        insert_once(
            self._connection,
            supersessions,
            home=home,
            attestation_id=attestation_id,
            by=told.by,
            at=told.at,
            footing=_written(told.footing) if told.footing else None,
        )

    def forget_keys(self, holder: str) -> None:
        mine = supersessions.c.footing["holder"].as_string() == holder
        self._connection.execute(update(supersessions).where(mine).values(footing=None))

    def forget_before(self, moment: datetime, limit: int) -> int:
        return delete_some(self._connection, supersessions, supersessions.c.at < moment, limit)


def _written(footing: Footing) -> dict[str, Any]:
    moments = {name: getattr(footing, name).isoformat() for name in MOMENTS}
    written = {**asdict(footing), **moments, "purposes": list(footing.purposes)}
    del written["attestation_id"]
    return written


def _read(attestation_id: UUID, written: dict[str, Any]) -> Footing:
    moments = {name: datetime.fromisoformat(written[name]) for name in MOMENTS}
    told = {
        "purposes": tuple(written["purposes"]),
        "tiers": {Category(name): tier for name, tier in written["tiers"].items()},
        "overrides": tuple(written["overrides"]),
    }
    return Footing(attestation_id=attestation_id, **{**written, **moments, **told})
