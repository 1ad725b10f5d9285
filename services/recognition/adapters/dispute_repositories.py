"""What home stores of disputes and repairs, and of what was settled by them.

What tells of a fact is sealed; what belongs to an erased resident is not found.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, Table, func, or_, select, tuple_, update

from contracts.words import DisputeGround, DisputeState, RepairRefusal, RepairState
from services.plumbing.rows import insert
from services.recognition.adapters.dispute_tables import disputes, repairs
from services.recognition.adapters.sealing import seal, unseal
from services.recognition.adapters.subjects import SqlSubjects
from services.recognition.adapters.tables import residents
from services.recognition.domain.dispute import Contest, Dispute, DisputedFact
from services.recognition.domain.repair import Repair
from services.recognition.ports import Punctuality


class SqlDisputes:
    """Stores disputes; what was contested never changes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._subjects = SqlSubjects(connection)

    def get(self, id: UUID) -> Dispute | None:
        found = _with_key(disputes).where(disputes.c.id == id).with_for_update(of=disputes)
        row = self._connection.execute(found).one_or_none()
        return _dispute(row) if row else None

    def add(self, dispute: Dispute) -> None:
        """Store a dispute; raises Conflict("id_reused")."""
        contest = dispute.contest
        subject, key = self._subjects.with_key(contest.resident)
        insert(
            self._connection,
            disputes,
            id=dispute.id,
            subject=subject,
            sealed=_seal_dispute(dispute, key),
            ground=contest.ground,
            attestation_id=contest.attestation_id,
            host=contest.host,
            opened_at=dispute.opened_at,
            due_at=dispute.due_at,
            state=dispute.state,
        )

    def save(self, dispute: Dispute) -> None:
        _, key = self._subjects.with_key(dispute.contest.resident)
        self._connection.execute(
            update(disputes)
            .where(disputes.c.id == dispute.id)
            .values(
                sealed=_seal_dispute(dispute, key),
                state=dispute.state,
                closed_at=dispute.closed_at,
                converged_at=dispute.converged_at,
            )
        )

    def of(self, resident: str) -> Sequence[Dispute]:
        return [_dispute(row) for row in _cases_of(self._connection, disputes, resident)]

    def in_state(
        self, state: DisputeState, after: tuple[datetime, UUID], limit: int
    ) -> Sequence[Dispute]:
        return [_dispute(row) for row in _due(self._connection, disputes, state, after, limit)]

    def overdue(self, now: datetime) -> int:
        return _overdue(self._connection, disputes, now)

    def punctuality(self, at: datetime) -> Punctuality:
        return _punctuality(self._connection, disputes, at)


class SqlRepairs:
    """Stores repairs; of a stored one only its decision can change."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._subjects = SqlSubjects(connection)

    def get(self, id: UUID) -> Repair | None:
        found = _with_key(repairs).where(repairs.c.id == id).with_for_update(of=repairs)
        row = self._connection.execute(found).one_or_none()
        return _repair(row) if row else None

    def add(self, repair: Repair) -> None:
        """Store a repair; raises Conflict("id_reused")."""
        subject, key = self._subjects.with_key(repair.resident)
        said = {
            "fact_id": repair.fact_id,
            "catalogue_item": repair.catalogue_item,
            "decided_at": repair.decided_at.isoformat(),
        }
        insert(
            self._connection,
            repairs,
            id=repair.id,
            subject=subject,
            sealed=seal(said, key, f"repairs:{repair.id}"),
            opened_at=repair.opened_at,
            due_at=repair.due_at,
            state=repair.state,
        )

    def save(self, repair: Repair) -> None:
        self._connection.execute(
            update(repairs)
            .where(repairs.c.id == repair.id)
            .values(
                state=repair.state,
                closed_at=repair.closed_at,
                refusal=repair.refusal,
                converged_at=repair.converged_at,
            )
        )

    def of(self, resident: str) -> Sequence[Repair]:
        return [_repair(row) for row in _cases_of(self._connection, repairs, resident)]

    def open_ones(self, after: tuple[datetime, UUID], limit: int) -> Sequence[Repair]:
        found = _due(self._connection, repairs, RepairState.OPEN, after, limit)
        return [_repair(row) for row in found]

    def overdue(self, now: datetime) -> int:
        return _overdue(self._connection, repairs, now)

    def punctuality(self, at: datetime) -> Punctuality:
        return _punctuality(self._connection, repairs, at)


def _with_key(cases: Table) -> Select[Any]:
    return select(cases, residents.c.resident, residents.c.key).join(
        residents, residents.c.subject == cases.c.subject
    )


def _cases_of(connection: Connection, cases: Table, resident: str) -> Sequence[Row[Any]]:
    found = _with_key(cases).where(residents.c.resident == resident)
    return connection.execute(found.order_by(cases.c.opened_at.desc(), cases.c.id)).all()


def _due(
    connection: Connection, cases: Table, state: str, after: tuple[datetime, UUID], limit: int
) -> Sequence[Row[Any]]:
    place = tuple_(cases.c.due_at, cases.c.id)
    found = _with_key(cases).where(cases.c.state == state, place > after)
    return connection.execute(found.order_by(cases.c.due_at, cases.c.id).limit(limit)).all()


def _overdue(connection: Connection, cases: Table, now: datetime) -> int:
    late = (
        select(func.count())
        .select_from(cases)
        .join(residents, residents.c.subject == cases.c.subject)
        .where(cases.c.state == "open", cases.c.due_at < now)
    )
    return connection.execute(late).scalar_one()


def _punctuality(connection: Connection, cases: Table, at: datetime) -> Punctuality:
    """Count what was due; what was open when its resident was erased is nobody's to decide."""
    in_time = func.count().filter(cases.c.closed_at <= cases.c.due_at)
    found = (
        select(func.count(), in_time)
        .select_from(cases)
        .outerjoin(residents, residents.c.subject == cases.c.subject)
        .where(
            cases.c.due_at <= at,
            or_(cases.c.closed_at.is_not(None), residents.c.subject.is_not(None)),
        )
    )
    due, closed = connection.execute(found).one()
    return Punctuality(due=due, in_time=closed)


def _seal_dispute(dispute: Dispute, key: bytes) -> bytes:
    named = dispute.named
    said = {
        "statement": dispute.contest.statement,
        "fact_id": dispute.contest.fact_id,
        "named": [named.fact_id, named.digest, named.at.isoformat()] if named else None,
        "note": dispute.note,
    }
    return seal(said, key, f"disputes:{dispute.id}")


def _dispute(row: Row[Any]) -> Dispute:
    said = unseal(row.sealed, row.key, f"disputes:{row.id}")
    named = None
    if said["named"]:
        fact_id, digest, at = said["named"]
        named = DisputedFact(fact_id=fact_id, digest=digest, at=datetime.fromisoformat(at))
    return Dispute(
        id=row.id,
        contest=Contest(
            resident=row.resident,
            ground=DisputeGround(row.ground),
            statement=said["statement"],
            fact_id=said["fact_id"],
            attestation_id=row.attestation_id,
            host=row.host,
        ),
        opened_at=row.opened_at,
        due_at=row.due_at,
        named=named,
        state=DisputeState(row.state),
        closed_at=row.closed_at,
        note=said["note"],
        converged_at=row.converged_at,
    )


def _repair(row: Row[Any]) -> Repair:
    said = unseal(row.sealed, row.key, f"repairs:{row.id}")
    return Repair(
        id=row.id,
        resident=row.resident,
        fact_id=said["fact_id"],
        catalogue_item=said["catalogue_item"],
        decided_at=datetime.fromisoformat(said["decided_at"]),
        opened_at=row.opened_at,
        due_at=row.due_at,
        state=RepairState(row.state),
        closed_at=row.closed_at,
        refusal=RepairRefusal(row.refusal) if row.refusal else None,
        converged_at=row.converged_at,
    )
