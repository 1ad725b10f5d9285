"""Usage lines in a table."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from contracts.words import UsageFact
from services.plumbing.rows import insert_once
from services.scenarios.adapters.tables import usage_lines
from services.scenarios.domain.statement import UsageLine


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
        )

    def of_month(self, month: str, *, home: str, host: str) -> Iterator[UsageLine]:
        found = (
            select(usage_lines)
            .where(
                usage_lines.c.home == home, usage_lines.c.host == host, usage_lines.c.month == month
            )
            .order_by(usage_lines.c.at, usage_lines.c.line_id)
            .execution_options(yield_per=1000)
        )
        for row in self._connection.execute(found):
            yield UsageLine(
                id=row.line_id,
                host=row.host,
                home=row.home,
                grant_id=row.grant_id,
                attestation_id=row.attestation_id,
                incentive_id=row.incentive_id,
                fact=UsageFact(row.fact),
                value_fen=row.value_fen,
                at=row.at,
            )
