"""The coverage register in a table: one row for each source of an item."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from services.plumbing import rows
from services.scenarios.adapters.evidence_tables import coverage
from services.scenarios.domain.coverage import Coverage, CoveredPeriod

CITY = ""
"""The source of what the city itself reports."""


class SqlCoverage:
    """Stores coverage; whoever extends it meets at the row of item and source."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, item_id: str, source: str | None, now: datetime) -> Coverage:
        key = {"item_id": item_id, "source": source or CITY}
        rows.insert_once(self._connection, coverage, **key, periods=[], reported_at=now)
        found = select(coverage).filter_by(**key).with_for_update()
        return _coverage(self._connection.execute(found).one())

    def save(self, known: Coverage) -> None:
        periods = [[each.since.isoformat(), each.until.isoformat()] for each in known.periods]
        self._connection.execute(
            update(coverage)
            .filter_by(item_id=known.item_id, source=known.source or CITY)
            .values(
                periods=periods,
                reported_at=known.reported_at,
            )
        )

    def of(self, item_id: str) -> Sequence[Coverage]:
        found = select(coverage).filter_by(item_id=item_id).order_by(coverage.c.source)
        return [_coverage(row) for row in self._connection.execute(found)]


def _coverage(row: Row[Any]) -> Coverage:
    return Coverage(
        item_id=row.item_id,
        source=row.source or None,
        periods=tuple(
            CoveredPeriod(since=datetime.fromisoformat(since), until=datetime.fromisoformat(until))
            for since, until in row.periods
        ),
        reported_at=row.reported_at,
    )
