"""Everything a city has stored, as one text to search; the only place that looks inside a node."""

from pathlib import Path
from uuid import UUID

import psycopg
from psycopg import sql
from sqlalchemy import select

from services.plumbing.database import close_database, open_database
from services.recognition.adapters import tables
from tests.e2e.runtimes import Alliance, Production

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"


def stored(alliance: Alliance, city: str) -> bytes:
    """Return the raw bytes of every database of a city, what SQLite left behind included."""
    if isinstance(alliance.runtime, Production):
        return b"\n".join(map(_dumped, alliance.runtime.databases[city].values()))
    directory: Path = alliance.sandbox.settings[city].with_name("data")
    return b"\n".join(file.read_bytes() for file in sorted(directory.iterdir()))


def _dumped(url: str) -> bytes:
    parts: list[bytes] = []
    with psycopg.connect(url) as connection:
        for (table,) in connection.execute(TABLES).fetchall():
            statement = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
            with connection.cursor().copy(statement) as rows:
                parts += [table.encode(), *map(bytes, rows)]
    return b"\n".join(parts)


def effects(alliance: Alliance, city: str) -> dict[UUID, float | None]:
    """Return for each notice of a city whose effect it waits for how many seconds that took."""
    url = database_url(alliance, city, "recognition")
    with open_database(url).connect() as connection:
        rows = connection.execute(select(tables.effects)).all()
    close_database(url)
    return {
        row.notice_id: row.applied_at and (row.applied_at - row.asked_at).total_seconds()
        for row in rows
    }


def database_url(alliance: Alliance, city: str, owner: str) -> str:
    """Return where a city's service keeps its database."""
    if isinstance(alliance.runtime, Production):
        return alliance.runtime.databases[city][owner]
    directory = alliance.sandbox.settings[city].with_name("data")
    return f"sqlite:///{directory}/{owner}.db"
