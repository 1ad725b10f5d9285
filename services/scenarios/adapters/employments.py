"""Housekeepers' employments in a table: one active row for each holder."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select, update

from services.plumbing.rows import insert
from services.scenarios.adapters.screening_tables import employments
from services.scenarios.domain.trust_code import Employment


class SqlEmployments:
    """Stores employments; that one holder has one active is an index of the table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: UUID) -> Employment | None:
        found = select(employments).filter_by(id=id).with_for_update()
        row = self._connection.execute(found).one_or_none()
        return Employment(**row._asdict()) if row else None

    def active_of(self, holder: str) -> Employment | None:
        found = select(employments).filter_by(holder=holder, ended_at=None).with_for_update()
        row = self._connection.execute(found).one_or_none()
        return Employment(**row._asdict()) if row else None

    def add(self, employment: Employment) -> None:
        insert(self._connection, employments, **vars(employment))

    def save(self, employment: Employment) -> None:
        known = update(employments).where(employments.c.id == employment.id)
        self._connection.execute(known.values(**vars(employment)))

    def end_all(self, holder: str, at: datetime) -> None:
        active = update(employments).filter_by(holder=holder, ended_at=None)
        self._connection.execute(active.values(ended_at=at))
