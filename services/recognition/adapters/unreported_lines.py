"""Usage lines that wait to be reported, in their own table."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select

from services.plumbing.rows import insert_once
from services.recognition.adapters.notice_tables import unreported_lines
from services.recognition.domain.usage import UnreportedLine


class SqlUnreportedLines:
    """Keeps each line once, in the order of keeping."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, line: UnreportedLine) -> None:
        insert_once(
            self._connection,
            unreported_lines,
            line_id=line.id,
            home=line.home,
            body=dict(line.body),
        )

    def homes(self) -> Sequence[str]:
        column = unreported_lines.c.home
        return list(self._connection.scalars(select(column).distinct().order_by(column)))

    def take(self, home: str, limit: int) -> Sequence[UnreportedLine]:
        """Lock the rows from the first on: who comes second waits at that, and finds the rest."""
        number = unreported_lines.c.number
        found = (
            select(unreported_lines)
            .where(unreported_lines.c.home == home)
            .order_by(number)
            .limit(limit)
            .with_for_update()
        )
        rows = self._connection.execute(found).all()
        taken = delete(unreported_lines).where(number.in_([row.number for row in rows]))
        self._connection.execute(taken)
        return [UnreportedLine(id=row.line_id, home=row.home, body=row.body) for row in rows]
