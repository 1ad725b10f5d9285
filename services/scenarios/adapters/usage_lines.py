"""Usage lines in a table."""

import time
from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select, tuple_

from contracts.errors import NotFound
from contracts.words import Funding, UsageFact
from services.plumbing.rows import insert_once
from services.scenarios.adapters.tables import usage_lines
from services.scenarios.domain.statement import Entry, UsageLine
from services.scenarios.ports.settlements import Usage

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

    def of_month(
        self, month: str, *, home: str, host: str, most: int, after: UUID | None = None
    ) -> Sequence[UsageLine]:
        return _page(self._connection, _of(month, home, host), after, most)

    def after(self, line: UsageLine) -> Iterator[Entry]:
        found = (
            select(usage_lines.c.fact, usage_lines.c.value_fen, usage_lines.c.seal)
            .where(
                *_of(line.month, line.home, line.host),
                tuple_(*_ORDER) > tuple_(line.at, line.id),
            )
            .order_by(*_ORDER)
        )
        for row in streamed(self._connection, found):
            yield Entry(UsageFact(row.fact), row.value_fen, row.seal)


class SqlOperatorLines:
    """Reads this city's own lines by operator, and adds them up."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(
        self, month: str, operator_id: str, after: UUID | None, most: int
    ) -> Sequence[UsageLine]:
        columns = usage_lines.c
        of_it = (columns.month == month, columns.operator_id == operator_id)
        return _page(self._connection, of_it, after, most)

    def usage(self, month: str, host: str, operator_id: str | None = None) -> Sequence[Usage]:
        columns = usage_lines.c
        kind = columns.incentive_id, columns.fact, columns.funding, columns.home
        found = (
            select(*kind, func.count(), func.sum(columns.value_fen))
            .where(columns.month == month, columns.host == host)
            .group_by(*kind)
            .order_by(*kind)
        )
        if operator_id is not None:
            found = found.where(columns.operator_id == operator_id)
        return [
            Usage(
                incentive_id=incentive_id,
                fact=UsageFact(fact),
                funding=Funding(funding) if funding else None,
                home=home,
                lines=lines,
                value_fen=int(value_fen),
            )
            for incentive_id, fact, funding, home, lines, value_fen in self._connection.execute(
                found
            )
        ]


def streamed(connection: Connection, found: Select[Any]) -> Iterator[Row[Any]]:
    """Yield very many rows; other green threads have their turn in between."""
    for rows in connection.execute(found.execution_options(yield_per=BATCH)).partitions():
        yield from rows
        time.sleep(0)


def usage_line(row: Row[Any]) -> UsageLine:
    return UsageLine(
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


_ORDER: Final = (usage_lines.c.at, usage_lines.c.line_id)


def _page(
    connection: Connection,
    of_it: Sequence[ColumnElement[bool]],
    after: UUID | None,
    most: int,
) -> Sequence[UsageLine]:
    """Return the next lines of a list; raise NotFound for one that is not in it."""
    found = select(usage_lines).where(*of_it).order_by(*_ORDER).limit(most)
    if after is not None:
        known = select(usage_lines.c.at).where(*of_it, usage_lines.c.line_id == after)
        at = connection.execute(known).scalar_one_or_none()
        if at is None:
            raise NotFound("not_found", "after")
        found = found.where(tuple_(*_ORDER) > tuple_(at, after))
    return [usage_line(row) for row in connection.execute(found)]


def _of(month: str, home: str, host: str) -> tuple[ColumnElement[bool], ...]:
    columns = usage_lines.c
    return columns.home == home, columns.host == host, columns.month == month
