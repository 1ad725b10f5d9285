"""What a host stores: challenges, recognitions, and what other cities told it.

Reads that a rule rests on lock their rows, as in home_repositories.py; a challenge is spent by one
statement with a condition, and needs no lock.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, func, select, tuple_, update

from contracts.errors import Conflict
from contracts.words import Category
from services.plumbing.rows import delete_some, insert, insert_once
from services.recognition.adapters.notice_tables import received_notices
from services.recognition.adapters.tables import (
    challenges,
    recognitions,
)
from services.recognition.domain.challenge import Challenge
from services.recognition.domain.distrust import Distrust
from services.recognition.domain.recognition import Evidence, Recognition

_CHALLENGE: Final = select(challenges).where(challenges.c.id == bindparam("id"))
_SPENT: Final = update(challenges).where(
    challenges.c.id == bindparam("named"), challenges.c.used_at.is_(None)
)
_RECOGNITION: Final = select(recognitions).where(recognitions.c.id == bindparam("id"))


class SqlChallenges:
    """Stores challenges until they are long over."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: UUID) -> Challenge | None:
        row = self._connection.execute(_CHALLENGE, {"id": id}).one_or_none()
        if row is None:
            return None
        return Challenge(id=row.id, nonce=row.nonce, until=row.until, used_at=row.used_at)

    def begin(self, challenge: Challenge) -> Challenge:
        if insert_once(self._connection, challenges, **vars(challenge)):
            return challenge
        known = self.get(challenge.id)
        if known is None:  # it was so old that it has just been forgotten
            raise Conflict("id_reused", "challenge")
        return known

    def spend(self, challenge: Challenge) -> bool:
        named = {"named": challenge.id, "used_at": challenge.used_at}
        return self._connection.execute(_SPENT, named).rowcount == 1

    def forget_before(self, moment: datetime, limit: int) -> int:
        return delete_some(self._connection, challenges, challenges.c.until < moment, limit)


class SqlRecognitions:
    """Stores recognitions; of a stored one only what it rests on, suspension and end can change."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: UUID) -> Recognition | None:
        row = self._connection.execute(_RECOGNITION.with_for_update(), {"id": id}).one_or_none()
        return _recognition(row) if row else None

    def look(self, id: UUID) -> Recognition | None:
        row = self._connection.execute(_RECOGNITION, {"id": id}).one_or_none()
        return _recognition(row) if row else None

    def add(self, recognition: Recognition) -> None:
        """Store a recognition; raises Conflict("id_reused")."""
        insert(
            self._connection,
            recognitions,
            id=recognition.id,
            holder=recognition.holder,
            home=recognition.home,
            recognised_at=recognition.recognised_at,
            holder_key=recognition.holder_key,
            **_resting_on(recognition),
        )

    def save(self, recognition: Recognition) -> None:
        self._connection.execute(
            update(recognitions)
            .where(recognitions.c.id == recognition.id)
            .values(
                suspended_at=recognition.suspended_at,
                ended_at=recognition.ended_at,
                ended_reason=recognition.ended_reason,
                **_resting_on(recognition),
            )
        )

    def standing_on(self, home: str, attestation_id: UUID) -> Sequence[Recognition]:
        found = (
            select(recognitions)
            .where(
                recognitions.c.home == home,
                recognitions.c.attestation_id == attestation_id,
                recognitions.c.ended_at.is_(None),
            )
            .order_by(recognitions.c.id)
            .with_for_update()
        )
        return [_recognition(row) for row in self._connection.execute(found)]

    def forget_keys(self, holder: str) -> None:
        mine = update(recognitions).where(recognitions.c.holder == holder)
        self._connection.execute(mine.values(holder_key=None))

    def of_holder(self, holder: str) -> Sequence[Recognition]:
        found = select(recognitions).where(recognitions.c.holder == holder)
        found = found.order_by(recognitions.c.id).with_for_update()
        return [_recognition(row) for row in self._connection.execute(found)]

    def signers(self) -> Sequence[tuple[str, str]]:
        # From pair to pair in the index: there are few pairs, and many recognitions.
        pair = tuple_(recognitions.c.home, recognitions.c.kid)
        standing = select(recognitions.c.home, recognitions.c.kid).where(
            recognitions.c.ended_at.is_(None)
        )
        found: list[tuple[str, str]] = []
        last = ("", "")
        while True:
            following = standing.where(pair > last).order_by(*pair.clauses).limit(1)
            row = self._connection.execute(following).one_or_none()
            if row is None:
                return found
            found.append(last := (row.home, row.kid))

    def standing_by(self, home: str, kid: str, now: datetime, limit: int) -> Sequence[Recognition]:
        found = (
            select(recognitions)
            .where(
                recognitions.c.home == home,
                recognitions.c.kid == kid,
                recognitions.c.until > now,
                recognitions.c.ended_at.is_(None),
            )
            .limit(limit)
            .with_for_update()
        )
        return [_recognition(row) for row in self._connection.execute(found)]

    def standing_under(
        self, distrust: Distrust, now: datetime, limit: int
    ) -> Sequence[Recognition]:
        signed_at = func.coalesce(recognitions.c.attested_at, recognitions.c.recognised_at)
        found = (
            select(recognitions)
            .where(
                recognitions.c.home == distrust.home,
                recognitions.c.kid == distrust.kid,
                signed_at >= distrust.begins_at,
                recognitions.c.until > now,
                recognitions.c.ended_at.is_(None),
            )
            .limit(limit)
            .with_for_update()
        )
        return [_recognition(row) for row in self._connection.execute(found)]


class SqlReceivedNotices:
    """Remembers which notices were taken in (RFC 8417 §2.2: `jti` is unique per issuer)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, sender: str, notice_id: UUID, at: datetime) -> bool:
        return insert_once(
            self._connection, received_notices, sender=sender, notice_id=notice_id, received_at=at
        )

    def forget_before(self, moment: datetime, limit: int) -> int:
        old = received_notices.c.received_at < moment
        return delete_some(self._connection, received_notices, old, limit)


def _resting_on(recognition: Recognition) -> dict[str, Any]:
    return {
        "attestation_id": recognition.attestation_id,
        "tier": recognition.tier,
        "purposes": list(recognition.purposes),
        "left_out": list(recognition.left_out),
        "until": recognition.until,
        "tiers": dict(recognition.tiers),
        **vars(recognition.evidence),
        "overrides": list(recognition.evidence.overrides),
    }


def _recognition(row: Row[Any]) -> Recognition:
    return Recognition(
        id=row.id,
        attestation_id=row.attestation_id,
        holder=row.holder,
        home=row.home,
        tier=row.tier,
        purposes=tuple(row.purposes),
        evidence=Evidence(
            presentation=row.presentation,
            attestation=row.attestation,
            kid=row.kid,
            crosswalk=row.crosswalk,
            roster=row.roster,
            roster_as_of=row.roster_as_of,
            status_as_of=row.status_as_of,
            attested_at=row.attested_at,
            overrides=tuple(row.overrides or ()),
            status_until=row.status_until,
        ),
        recognised_at=row.recognised_at,
        until=row.until,
        left_out=tuple(row.left_out or ()),
        suspended_at=row.suspended_at,
        ended_at=row.ended_at,
        ended_reason=row.ended_reason,
        holder_key=row.holder_key,
        tiers={Category(name): tier for name, tier in (row.tiers or {}).items()},
    )
