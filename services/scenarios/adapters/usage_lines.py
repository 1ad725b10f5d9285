"""Usage lines in a table."""

import time
from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import ColumnElement, Connection, select, tuple_

from contracts.words import Funding, UsageFact
from services.plumbing.rows import insert_once
from services.scenarios.adapters.tables import usage_lines
from services.scenarios.domain.statement import Entry, UsageLine

BATCH: Final = 2000  # rows, read in a few milliseconds


class SqlUsageLines:
    """Books each line once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, line: UsageLine) -> None:
        insert_once(
            self._connection,
            usage_lines,
            host=line.host,
            line_id=line.id,
            home=line.home,
            month=line.month,
            grant_id=line.grant_id,
            attestation_id=line.attestation_id,
            incentive_id=line.incentive_id,
            fact=line.fact,
            value_fen=line.value_fen,
            at=line.at,
            seal=line.entry.seal,
            funding=line.funding,
            operator_id=line.operator_id,
        )

    def of_month(self, month: str, *, home: str, host: str, most: int) -> Sequence[UsageLine]:
        found = select(usage_lines).where(*_of(month, home, host)).order_by(*_ORDER).limit(most)
        return [
            UsageLine(
                id=row.line_id,
                host=row.host,
                home=row.home,
                grant_id=row.grant_id,
                attestation_id=row.attestation_id,
                incentive_id=row.incentive_id,
                fact=UsageFact(row.fact),
                value_fen=row.value_fen,
                at=row.at,
                funding=Funding(row.funding) if row.funding else None,
                operator_id=row.operator_id,
            )
            for row in self._connection.execute(found)
        ]

    def after(self, line: UsageLine) -> Iterator[Entry]:
        found = (
            select(usage_lines.c.fact, usage_lines.c.value_fen, usage_lines.c.seal)
            .where(
                *_of(line.month, line.home, line.host),
                tuple_(*_ORDER) > tuple_(line.at, line.id),
            )
            .order_by(*_ORDER)
            .execution_options(yield_per=BATCH)
        )
        for rows in self._connection.execute(found).partitions():
            for fact, value_fen, seal in rows:
                yield Entry(UsageFact(fact), value_fen, seal)
            time.sleep(0)  # other green threads have their turn


_ORDER: Final = (usage_lines.c.at, usage_lines.c.line_id)


def _of(month: str, home: str, host: str) -> tuple[ColumnElement[bool], ...]:
    columns = usage_lines.c
    return columns.home == home, columns.host == host, columns.month == month
