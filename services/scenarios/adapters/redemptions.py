"""Redemptions and refusals in tables."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, update

from services.plumbing.rows import delete_some, insert_once
from services.scenarios.adapters.redemption_tables import redemptions, refused_redemptions
from services.scenarios.domain.redemption import Redemption


class SqlRedemptions:
    """Stores redemptions under the operator's own ids."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, operator_id: str, id: UUID) -> Redemption | None:
        found = select(redemptions).where(
            redemptions.c.operator_id == operator_id, redemptions.c.id == id
        )
        row = self._connection.execute(found).mappings().one_or_none()
        return Redemption(**row) if row else None

    def reversed_by(self, operator_id: str, reversal_id: UUID) -> Redemption | None:
        found = select(redemptions).where(
            redemptions.c.operator_id == operator_id, redemptions.c.reversal_id == reversal_id
        )
        row = self._connection.execute(found).mappings().one_or_none()
        return Redemption(**row) if row else None

    def save(self, redemption: Redemption) -> None:
        key = {"operator_id": redemption.operator_id, "id": redemption.id}
        self._connection.execute(update(redemptions).filter_by(**key).values(**_ends(redemption)))

    def is_shown(self, grant_id: UUID, pass_id: str) -> bool:
        found = select(redemptions.c.id).where(
            redemptions.c.grant_id == grant_id, redemptions.c.pass_id == pass_id
        )
        return self._connection.execute(found).first() is not None

    def add(self, redemption: Redemption) -> bool:
        return insert_once(self._connection, redemptions, **vars(redemption))


class SqlRefusals:
    """Counts refusals in one row per operator, day and reason."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def count(self, operator_id: str, day: str, reason: str) -> None:
        key = {"operator_id": operator_id, "day": day, "reason": reason}
        insert_once(self._connection, refused_redemptions, **key, count=0)
        self._connection.execute(
            update(refused_redemptions)
            .filter_by(**key)
            .values(count=refused_redemptions.c.count + 1)
        )

    def forget_before(self, day: str, limit: int) -> int:
        before = refused_redemptions.c.day < day
        return delete_some(self._connection, refused_redemptions, before, limit)


def _ends(redemption: Redemption) -> dict[str, Any]:
    names = ("reversal_id", "reversed_at", "called_fen", "called_at")
    return {name: getattr(redemption, name) for name in names}
