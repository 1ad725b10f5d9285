"""What holders contested at this host, without a word on who they are."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select, update

from contracts.words import DisputeGround, DisputeState
from services.plumbing.rows import insert
from services.recognition.adapters.dispute_tables import routed_disputes
from services.recognition.adapters.tables import recognitions
from services.recognition.domain.routed_dispute import RoutedDispute


class SqlRoutedDisputes:
    """Stores routed disputes; of a stored one only what home decided can change."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: UUID) -> RoutedDispute | None:
        found = select(routed_disputes).where(routed_disputes.c.id == id).with_for_update()
        row = self._connection.execute(found).one_or_none()
        return _routed(row) if row else None

    def add(self, dispute: RoutedDispute) -> None:
        """Store a dispute; raises Conflict("id_reused")."""
        insert(
            self._connection,
            routed_disputes,
            id=dispute.id,
            recognition_id=dispute.recognition_id,
            attestation_id=dispute.attestation_id,
            home=dispute.home,
            ground=dispute.ground,
            opened_at=dispute.opened_at,
            state=dispute.state,
        )

    def save(self, dispute: RoutedDispute) -> None:
        self._connection.execute(
            update(routed_disputes)
            .where(routed_disputes.c.id == dispute.id)
            .values(state=dispute.state, closed_at=dispute.closed_at)
        )

    def of(self, holder: str) -> Sequence[RoutedDispute]:
        found = (
            select(routed_disputes)
            .join(recognitions, recognitions.c.id == routed_disputes.c.recognition_id)
            .where(recognitions.c.holder == holder)
            .order_by(routed_disputes.c.opened_at.desc(), routed_disputes.c.id)
        )
        return [_routed(row) for row in self._connection.execute(found)]


def _routed(row: Row[Any]) -> RoutedDispute:
    return RoutedDispute(
        id=row.id,
        recognition_id=row.recognition_id,
        attestation_id=row.attestation_id,
        home=row.home,
        ground=DisputeGround(row.ground),
        opened_at=row.opened_at,
        state=DisputeState(row.state),
        closed_at=row.closed_at,
    )
