"""Disputes about evidence in a table."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, and_, delete, select, tuple_, update

from contracts.words import DisputeGround, DisputeState, SubjectKind
from services.plumbing import rows
from services.scenarios.adapters.evidence_tables import evidence_disputes as disputes
from services.scenarios.adapters.newest import newest
from services.scenarios.domain.evidence import Subject
from services.scenarios.domain.evidence_dispute import EvidenceDispute


class SqlEvidenceDisputes:
    """Stores disputes; the evidence they are about is what two who decide meet at."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: UUID) -> EvidenceDispute | None:
        found = select(disputes).where(disputes.c.id == id).with_for_update()
        row = self._connection.execute(found).one_or_none()
        return _dispute(row) if row else None

    def add(self, dispute: EvidenceDispute) -> None:
        rows.insert(
            self._connection,
            disputes,
            id=dispute.id,
            evidence_id=dispute.evidence_id,
            item_id=dispute.item_id,
            subject_kind=dispute.subject.kind,
            subject_id=dispute.subject.id,
            ground=dispute.ground,
            opened_at=dispute.opened_at,
            due_at=dispute.due_at,
            state=dispute.state,
            closed_at=dispute.closed_at,
        )

    def save(self, dispute: EvidenceDispute) -> None:
        self._connection.execute(
            update(disputes)
            .where(disputes.c.id == dispute.id)
            .values(state=dispute.state, closed_at=dispute.closed_at)
        )

    def evidence_of(self, id: UUID) -> UUID | None:
        found = select(disputes.c.evidence_id).where(disputes.c.id == id)
        evidence_id: UUID | None = self._connection.execute(found).scalar_one_or_none()
        return evidence_id

    def about(self, evidence_id: UUID) -> Sequence[EvidenceDispute]:
        found = select(disputes).where(disputes.c.evidence_id == evidence_id).with_for_update()
        return [_dispute(row) for row in self._connection.execute(found)]

    def newest_of(
        self, subject: Subject, most: int, after: UUID | None = None
    ) -> Sequence[EvidenceDispute]:
        theirs = and_(disputes.c.subject_kind == subject.kind, disputes.c.subject_id == subject.id)
        found = newest(self._connection, theirs, disputes.c.opened_at, most, after)
        return list(map(_dispute, found))

    def open_about(self, evidence_ids: Sequence[UUID]) -> dict[UUID, UUID]:
        found = select(disputes.c.evidence_id, disputes.c.id).where(
            disputes.c.evidence_id.in_(evidence_ids), disputes.c.state == DisputeState.OPEN
        )
        return {row.evidence_id: row.id for row in self._connection.execute(found)}

    def due(self, after: EvidenceDispute | None, most: int) -> Sequence[EvidenceDispute]:
        place = (disputes.c.due_at, disputes.c.id)
        found = select(disputes).where(disputes.c.state == DisputeState.OPEN)
        if after is not None:
            found = found.where(tuple_(*place) > tuple_(after.due_at, after.id))
        found = found.order_by(*place).limit(most)
        return [_dispute(row) for row in self._connection.execute(found)]

    def forget(self, subject: Subject) -> None:
        self._connection.execute(
            delete(disputes).where(
                disputes.c.subject_kind == subject.kind, disputes.c.subject_id == subject.id
            )
        )


def _dispute(row: Row[Any]) -> EvidenceDispute:
    return EvidenceDispute(
        id=row.id,
        evidence_id=row.evidence_id,
        item_id=row.item_id,
        subject=Subject(kind=SubjectKind(row.subject_kind), id=row.subject_id),
        ground=DisputeGround(row.ground),
        opened_at=row.opened_at,
        due_at=row.due_at,
        state=DisputeState(row.state),
        closed_at=row.closed_at,
    )
