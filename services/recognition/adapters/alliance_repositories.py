"""What a node keeps of the alliance: the documents it went by, and how memberships changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, func, select, update

from contracts.words import CityState
from services.plumbing.rows import insert_once
from services.recognition.adapters.alliance_tables import memberships
from services.recognition.domain.document import (
    AdoptedDocument,
    Document,
    DocumentVersion,
    Versioned,
)
from services.recognition.domain.membership import StateChange


class SqlAdoptedDocuments:
    """Keeps every version of one document that was gone by, in a table of its own."""

    def __init__(self, connection: Connection, table: Table) -> None:
        self._connection, self._table = connection, table

    def newest(self) -> AdoptedDocument | None:
        table = self._table
        found = select(table).order_by(table.c.version.desc()).limit(1)
        row = self._connection.execute(found).one_or_none()
        if row is None:
            return None
        version = DocumentVersion(row.version, row.digest)
        return AdoptedDocument(version=version, text=row.document, at=row.adopted_at)

    def adopt(self, document: Document[Versioned], at: datetime) -> bool:
        newest, version = self.newest(), document.version
        if newest is not None and newest.version == version and newest.text is None:
            table = self._table
            kept = update(table).where(table.c.version == version.number)
            self._connection.execute(kept.values(document=document.text))
        if newest is not None and version.number <= newest.version.number:
            return False
        return insert_once(
            self._connection,
            self._table,
            version=version.number,
            digest=version.digest,
            adopted_at=at,
            document=document.text,
        )


class SqlMemberships:
    """Keeps one row for each change of a city's state; none is ever altered."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def states(self) -> Mapping[str, StateChange]:
        last = select(memberships.c.city, func.max(memberships.c.roster).label("roster"))
        return {change.city: change for change in self._changes(last)}

    def add(self, change: StateChange) -> bool:
        return insert_once(
            self._connection,
            memberships,
            city=change.city,
            roster=change.roster,
            name=change.name,
            name_en=change.name_en,
            former=change.former,
            state=change.state,
            reason=change.reason,
            changed_at=change.changed_at,
        )

    def at(self, moment: datetime) -> Sequence[StateChange]:
        last = select(memberships.c.city, func.max(memberships.c.roster).label("roster"))
        return self._changes(last.where(memberships.c.changed_at <= moment))

    def _changes(self, last: Select[Any]) -> list[StateChange]:
        newest = last.group_by(memberships.c.city).subquery()
        same = (memberships.c.city == newest.c.city) & (memberships.c.roster == newest.c.roster)
        found = select(memberships).join(newest, same).order_by(memberships.c.city)
        return [_change(row) for row in self._connection.execute(found)]


def _change(row: Row[Any]) -> StateChange:
    return StateChange(
        city=row.city,
        name=row.name,
        name_en=row.name_en,
        former=None if row.former is None else CityState(row.former),
        state=CityState(row.state),
        reason=row.reason,
        roster=row.roster,
        changed_at=row.changed_at,
    )
