"""Evidence in tables: a row that is written once, and a row for each of its turns."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, select, update

from contracts.words import DocumentType, EvidenceState, SubjectKind
from services.plumbing import rows
from services.scenarios.adapters.catalogue_items import SqlCatalogueItems
from services.scenarios.adapters.evidence_tables import evidence, evidence_turns
from services.scenarios.domain.evidence import (
    Content,
    EffectiveDocument,
    Evidence,
    Subject,
    Turn,
)

CITY = ""
"""The source of what the city itself entered."""


class SqlEvidence:
    """Stores evidence; turns are only added."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._items = SqlCatalogueItems(connection)

    def get(self, id: UUID) -> Evidence | None:
        return self._one(select(evidence).where(evidence.c.id == id).with_for_update())

    def add(self, new: Evidence) -> None:
        document, content = new.document, new.content
        rows.insert(
            self._connection,
            evidence,
            id=new.id,
            item_id=new.item_id,
            item_version=new.item_version,
            subject_kind=new.subject.kind,
            subject_id=new.subject.id,
            document_type=document.type,
            document_number=document.number,
            document_issuer=document.issuer,
            issued_on=document.issued_on,
            first_day=document.first_day,
            last_day=document.last_day,
            grade=content.grade,
            amount_fen=content.amount_fen,
            source=new.source or CITY,
            live_from=new.live_from,
            live_until=new.live_until,
            state=new.state,
        )
        self._add_turns(new)

    def save(self, known: Evidence) -> None:
        self._connection.execute(
            update(evidence).where(evidence.c.id == known.id).values(state=known.state)
        )
        self._add_turns(known)

    def current(self, subject: Subject, items: Collection[str], at: datetime) -> Sequence[Evidence]:
        found = select(evidence).where(_about(subject), evidence.c.item_id.in_(items))
        then = {each: self._items.at(each, at) for each in items}
        current = [
            each
            for each in self._read(found)
            if (item := then[each.item_id]) and each.is_current(item, at)
        ]
        return sorted(current, key=lambda each: (each.document.issued_on, each.id), reverse=True)

    def of_document(
        self, subject: Subject, item_id: str, document: EffectiveDocument
    ) -> Evidence | None:
        found = select(evidence).where(
            _about(subject),
            evidence.c.item_id == item_id,
            evidence.c.document_type == document.type,
            evidence.c.document_number == document.number,
            evidence.c.document_issuer == document.issuer,
        )
        return self._one(found.with_for_update())

    def repaired_to(self, subject: Subject, item_id: str) -> date | None:
        found = select(func.max(evidence.c.issued_on)).where(
            _about(subject),
            evidence.c.item_id == item_id,
            evidence.c.state == EvidenceState.REPAIRED,
        )
        youngest: date | None = self._connection.execute(found).scalar_one()
        return youngest

    def of(self, subject: Subject, after: UUID | None, most: int) -> Sequence[Evidence]:
        told = _about(subject) & (evidence.c.state != EvidenceState.REPAIRED)
        found = select(evidence).where(told).order_by(evidence.c.id).limit(most)
        if after is not None:
            found = found.where(evidence.c.id > after)
        return self._read(found)

    def due(self, now: datetime, most: int) -> Sequence[Evidence]:
        open_states = (EvidenceState.LIVE, EvidenceState.DISPUTED)
        found = (
            select(evidence)
            .where(evidence.c.state.in_(open_states), evidence.c.live_until <= now)
            .order_by(evidence.c.live_until)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        return self._read(found)

    def forget(self, subject: Subject) -> int:
        theirs = select(evidence.c.id).where(_about(subject))
        self._connection.execute(
            delete(evidence_turns).where(evidence_turns.c.evidence_id.in_(theirs))
        )
        return self._connection.execute(delete(evidence).where(_about(subject))).rowcount

    def _one(self, found: Select[Any]) -> Evidence | None:
        return next(iter(self._read(found)), None)

    def _read(self, found: Select[Any]) -> Sequence[Evidence]:
        read = self._connection.execute(found).all()
        turns = self._turns([row.id for row in read])
        return [_evidence(row, turns[row.id]) for row in read]

    def _turns(self, ids: Sequence[UUID]) -> dict[UUID, tuple[Turn, ...]]:
        found = (
            select(evidence_turns)
            .where(evidence_turns.c.evidence_id.in_(ids))
            .order_by(evidence_turns.c.number)
        )
        turns: dict[UUID, tuple[Turn, ...]] = dict.fromkeys(ids, ())
        for row in self._connection.execute(found):
            turn = Turn(state=EvidenceState(row.state), at=row.at, reason=row.reason)
            turns[row.evidence_id] = (*turns[row.evidence_id], turn)
        return turns

    def _add_turns(self, known: Evidence) -> None:
        for number, turn in enumerate(known.turns, start=1):
            rows.insert_once(
                self._connection,
                evidence_turns,
                evidence_id=known.id,
                number=number,
                **vars(turn),
            )


def _about(subject: Subject) -> ColumnElement[bool]:
    return (evidence.c.subject_kind == subject.kind) & (evidence.c.subject_id == subject.id)


def _evidence(row: Row[Any], turns: tuple[Turn, ...]) -> Evidence:
    return Evidence(
        id=row.id,
        item_id=row.item_id,
        item_version=row.item_version,
        subject=Subject(kind=SubjectKind(row.subject_kind), id=row.subject_id),
        document=EffectiveDocument(
            type=DocumentType(row.document_type),
            number=row.document_number,
            issuer=row.document_issuer,
            issued_on=row.issued_on,
            first_day=row.first_day,
            last_day=row.last_day,
        ),
        source=row.source or None,
        live_from=row.live_from,
        live_until=row.live_until,
        content=Content(grade=row.grade, amount_fen=row.amount_fen),
        turns=turns,
    )
