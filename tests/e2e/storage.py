"""Everything a city has stored, as one text to search; the only place that looks inside a node."""

from pathlib import Path

import psycopg
from psycopg import sql

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
