"""Since when no token of a client from before counts: it was removed, limited, or leaked."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Engine, delete, select, update

from services.gateway.adapters.client_tables import stopped_clients
from services.plumbing.clock import Clock
from services.plumbing.rows import insert_once

READ_AGAIN: Final = timedelta(seconds=1)
KEPT: Final = timedelta(minutes=20)  # longer than any access token is good


def stop(connection: Connection, client_id: str, now: datetime) -> None:
    """Let no token of a client from before count; forget what no token is old enough for."""
    this = stopped_clients.c.client_id == client_id
    connection.execute(delete(stopped_clients).where(stopped_clients.c.stopped_at < now - KEPT))
    if not insert_once(connection, stopped_clients, client_id=client_id, stopped_at=now):
        connection.execute(update(stopped_clients).where(this).values(stopped_at=now))


class StoppedClients:
    """Invariant: knows of a stop a second later.

    There are few, so all are kept in memory; a question costs no read of its own.
    """

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock
        self._known: dict[str, datetime] = {}
        self._read_at: datetime | None = None

    def get(self, client_id: str, /) -> datetime | None:
        """Return since when, if there is such a moment."""
        now = self._clock()
        if self._read_at is None or now >= self._read_at + READ_AGAIN:
            self._read_at = now  # before reading: others need not read at the same time
            self._known = self._read(now - KEPT)
        return self._known.get(client_id)

    def _read(self, since: datetime) -> dict[str, datetime]:
        found = select(stopped_clients.c.client_id, stopped_clients.c.stopped_at)
        with self._engine.connect() as connection:
            rows = connection.execute(found.where(stopped_clients.c.stopped_at >= since))
            return {row.client_id: row.stopped_at for row in rows}
