"""The last stop of a client, after which no token from before counts: removed, limited, leaked.

A token names the last stop that was known when its client's secret and scopes were read, and counts
while there is no later one.  So it does not matter when it was signed, nor which clock is right.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Engine, delete, insert, select

from services.gateway.adapters.client_tables import stopped_clients
from services.gateway.adapters.recent import Recent
from services.plumbing.clock import Clock

KEPT: Final = timedelta(minutes=20)  # longer than any access token is good
LATER: Final = timedelta(microseconds=1)


def stop(connection: Connection, client_id: str, now: datetime) -> None:
    """Let no token of a client from before count; forget what no token is old enough for.

    The caller has the client's row alone until the end of the transaction.
    """
    this = stopped_clients.c.client_id == client_id
    connection.execute(delete(stopped_clients).where(stopped_clients.c.stopped_at < now - KEPT))
    gone = delete(stopped_clients).where(this).returning(stopped_clients.c.stopped_at)
    last = connection.scalar(gone)
    stopped_at = now if last is None else max(now, last + LATER)
    connection.execute(insert(stopped_clients).values(client_id=client_id, stopped_at=stopped_at))


class StoppedClients:
    """Invariant: knows of a stop a second later, while the database answers.

    There are few, so all are kept in memory; a question costs no read of its own.
    """

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine, self._recent = engine, Recent(self._read, clock)

    def get(self, client_id: str, /) -> datetime | None:
        """Return the last stop, if there was one lately."""
        return self._recent.rows().get(client_id)

    def _read(self, now: datetime) -> dict[str, datetime]:
        found = select(stopped_clients.c.client_id, stopped_clients.c.stopped_at)
        with self._engine.connect() as connection:
            rows = connection.execute(found.where(stopped_clients.c.stopped_at >= now - KEPT))
            return {row.client_id: row.stopped_at for row in rows}
