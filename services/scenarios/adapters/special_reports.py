"""Fields of reports, and reports, in tables."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select, update

from services.plumbing.rows import insert, insert_once
from services.scenarios.adapters.screening_tables import report_fields, special_reports
from services.scenarios.domain.special_report import DrawnReport, ReportField


class SqlReportFields:
    """Stores the newest word on each field; reports keep the one they were drawn by."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> Sequence[ReportField]:
        found = select(report_fields).order_by(report_fields.c.id)
        return [_field(row) for row in self._connection.execute(found)]

    def put(self, field: ReportField) -> None:
        if not insert_once(self._connection, report_fields, **_values(field)):
            known = update(report_fields).where(report_fields.c.id == field.id)
            self._connection.execute(known.values(**_values(field)))


class SqlSpecialReports:
    """Stores what was signed; it never changes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: UUID) -> DrawnReport | None:
        row = self._connection.execute(select(special_reports).filter_by(id=id)).one_or_none()
        return DrawnReport(**row._asdict()) if row else None

    def add(self, report: DrawnReport) -> None:
        insert(self._connection, special_reports, **vars(report))


def _values(field: ReportField) -> dict[str, Any]:
    return {
        "id": field.id,
        "title": field.title,
        "title_en": field.title_en,
        "answered_by": field.items,
    }


def _field(row: Row[Any]) -> ReportField:
    return ReportField(
        id=row.id, title=row.title, title_en=row.title_en, items=tuple(row.answered_by)
    )
