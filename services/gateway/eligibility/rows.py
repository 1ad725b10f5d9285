"""The shortest way to the read side's rows: one connection, no SQLAlchemy.

One connection serves the whole process.  A connection per thread would be opened anew for every
request under green threads, where each request has a thread of its own.
"""

import sqlite3
import weakref
from collections.abc import Sequence
from typing import Any, Final, Protocol

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import Engine

from contracts.errors import Unavailable
from services.plumbing.database import open_reader, patience

_HOLDER: Final = """
    SELECT c.version, h.tier, h.home, h.purposes, h.recognised_us, h.until_us, h.ended, h.usage,
        h.suspended, h.tiers, h.attested_us, h.held
    FROM catalogue c LEFT JOIN holders h ON h.holder = {parameter} WHERE c.id = 1
"""
_CATALOGUE: Final = """
    SELECT i.terms, i.coming
    FROM incentives i LEFT JOIN stopped_incentives s ON s.incentive_id = i.incentive_id
    WHERE s.stopped IS NULL OR NOT s.stopped ORDER BY i.incentive_id
"""

_COUNTS: Final = """
    SELECT incentive_id, period, district, units, fen FROM quota_counts
"""

READ_SECONDS: Final = 2

Row = Sequence[Any]


class Rows(Protocol):
    """Reads the read side; raises Unavailable when its database does not answer."""

    def holder(self, holder: str) -> Row:
        """Return the catalogue's version and the holder's columns, null for an unknown one."""

    def catalogue(self) -> list[Row]:
        """Return every incentive that is not stopped."""

    def counts(self) -> list[Row]:
        """Return what counts against every quota."""


class SqliteRows:
    """Rows of an SQLite file."""

    _BY_HOLDER: Final = _HOLDER.format(parameter="?")

    def __init__(self, url: str) -> None:
        self._connection = open_reader(url)

    def holder(self, holder: str) -> Row:
        return self._all(self._BY_HOLDER, (holder,))[0]

    def catalogue(self) -> list[Row]:
        return self._all(_CATALOGUE)

    def counts(self) -> list[Row]:
        return self._all(_COUNTS)

    def _all(self, query: str, values: tuple[str, ...] = ()) -> list[Row]:
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.OperationalError as error:
            raise Unavailable("unavailable", "the read side does not answer") from error


class PostgresqlRows:
    """Rows of a PostgreSQL database; a question that finds the connection lost is asked again."""

    _BY_HOLDER: Final = _HOLDER.format(parameter="%s").encode()

    def __init__(self, dsn: str) -> None:
        self._dsn = make_conninfo(dsn, **patience(READ_SECONDS))
        self._connection = self._connect()

    def holder(self, holder: str) -> Row:
        return self._all(self._BY_HOLDER, (holder,))[0]

    def catalogue(self) -> list[Row]:
        return self._all(_CATALOGUE.encode())

    def counts(self) -> list[Row]:
        return self._all(_COUNTS.encode())

    def _connect(self) -> "psycopg.Connection[Row]":
        connection = psycopg.connect(self._dsn, autocommit=True)
        weakref.finalize(self, connection.close)
        return connection

    def _all(self, query: bytes, values: tuple[str, ...] = ()) -> list[Row]:
        try:
            try:
                return self._connection.execute(query, values).fetchall()
            except psycopg.OperationalError:
                if not self._connection.closed:
                    raise
                self._connection = self._connect()
                return self._connection.execute(query, values).fetchall()
        except psycopg.OperationalError as error:
            raise Unavailable("unavailable", "the read side does not answer") from error


def open_rows(engine: Engine) -> Rows:
    """Return the rows of the gateway's database."""
    if engine.dialect.name == "sqlite":
        return SqliteRows(engine.url.render_as_string(hide_password=False))
    url = engine.url.set(drivername="postgresql")
    return PostgresqlRows(url.render_as_string(hide_password=False))
