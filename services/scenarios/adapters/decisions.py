"""Decisions on record in a table."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    delete,
    exists,
    or_,
    select,
    tuple_,
    update,
)

from contracts.errors import NotFound
from contracts.outcomes import DecisionOutcome
from contracts.words import ScenarioKind
from services.plumbing.rows import delete_some, insert_once, insertion
from services.scenarios.adapters.decisions_tables import decisions, erased_holders
from services.scenarios.domain.decision_record import DecisionRecord

_REFUSED = decisions.c.outcome == DecisionOutcome.REFUSED
_IS_ERASED = exists().where(
    erased_holders.c.holder == bindparam("holder", type_=decisions.c.holder.type)
)
_NEWEST_FIRST = (decisions.c.decided_at.desc(), decisions.c.id.desc())


class SqlDecisions:
    """Stores decisions; only a refusal can be replaced."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(self, record: DecisionRecord, *, most_refused: int) -> None:
        content = vars(record)
        added = _added(self._connection.dialect.name)
        if self._connection.execute(added, content).first() is None:
            replaced = and_(_same(record), _REFUSED, decisions.c.decided_at <= record.decided_at)
            content = {**content, "attempts": decisions.c.attempts + 1}
            self._connection.execute(update(decisions).where(replaced).values(content))
        elif record.outcome is DecisionOutcome.REFUSED:
            self._keep_refusals(record.holder, most_refused)

    def of_holder(self, id: UUID, holder: str) -> DecisionRecord | None:
        found = select(decisions).where(decisions.c.id == id, decisions.c.holder == holder)
        row = self._connection.execute(found).one_or_none()
        return _record(row) if row else None

    def named(self, id: UUID) -> Sequence[DecisionRecord]:
        found = select(decisions).where(decisions.c.id == id).order_by(decisions.c.decided_at)
        return [_record(row) for row in self._connection.execute(found)]

    def newest_of(self, holder: str, most: int, after: UUID | None) -> Sequence[DecisionRecord]:
        found = select(decisions).where(decisions.c.holder == holder)
        if after is not None:
            last = self.of_holder(after, holder)
            if last is None:
                raise NotFound("not_found", "decision")
            found = found.where(
                or_(
                    decisions.c.decided_at < last.decided_at,
                    and_(decisions.c.decided_at == last.decided_at, decisions.c.id < last.id),
                )
            )
        found = found.order_by(*_NEWEST_FIRST).limit(most)
        return [_record(row) for row in self._connection.execute(found)]

    def erase_holder(self, holder: str, at: datetime) -> None:
        insert_once(self._connection, erased_holders, holder=holder, erased_at=at)
        self._connection.execute(delete(decisions).where(decisions.c.holder == holder))

    def forget(self, *, refused_before: datetime, others_before: datetime, most: int) -> int:
        old = or_(
            and_(_REFUSED, decisions.c.decided_at < refused_before),
            and_(~_REFUSED, decisions.c.decided_at < others_before),
        )
        return delete_some(self._connection, decisions, old, most)

    def forget_erased(self, before: datetime, most: int) -> int:
        old = erased_holders.c.erased_at < before
        return delete_some(self._connection, erased_holders, old, most)

    def _keep_refusals(self, holder: str, most: int) -> None:
        key = (decisions.c.id, decisions.c.holder)
        theirs = (decisions.c.holder == holder, _REFUSED)
        kept = select(*key).where(*theirs).order_by(*_NEWEST_FIRST).offset(most)
        self._connection.execute(delete(decisions).where(tuple_(*key).in_(kept)))


@cache
def _added(dialect: str) -> Any:
    """Return the statement that adds a record, unless one is there or its holder was erased."""
    content = [bindparam(column.name, type_=column.type) for column in decisions.columns]
    added = insertion(dialect, decisions).from_select(
        [column.name for column in decisions.columns], select(*content).where(~_IS_ERASED)
    )
    return added.on_conflict_do_nothing().returning(decisions.c.id)


def _same(record: DecisionRecord) -> ColumnElement[bool]:
    return and_(decisions.c.id == record.id, decisions.c.holder == record.holder)


def _record(row: Row[Any]) -> DecisionRecord:
    return DecisionRecord(
        id=row.id,
        holder=row.holder,
        kind=ScenarioKind(row.kind),
        outcome=DecisionOutcome(row.outcome),
        rule_id=row.rule_id,
        document=row.document,
        digest=row.digest,
        decided_at=row.decided_at,
        attempts=row.attempts,
    )
