"""The shortest way to the read side's rows: one connection, no SQLAlchemy.

Both databases say which rows changed (migrations 0015 and 0016), so those of who asks again are
remembered: on PostgreSQL a question costs several times as much as all the rest of an answer (ADR
0043).

One connection serves the whole process.  A connection per thread would be opened anew for every
request under green threads, where each request has a thread of its own.
"""

import sqlite3
import time
import weakref
from typing import Any, Final, Protocol
from uuid import UUID

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import Engine

from contracts.errors import Unavailable
from services.gateway.eligibility.remembered import Remembered, Row
from services.gateway.turns import may_wait
from services.plumbing.database import patience
from services.plumbing.sqlite_reading import log_state, open_reader

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

_GRANT: Final = "SELECT 1 FROM held_grants WHERE grant_id = {parameter} AND holder = {parameter}"
_RESERVATION: Final = "SELECT 1 FROM heard_reservations WHERE reservation_id = {parameter}"

_LAST: Final = "SELECT coalesce(max(id), 0) FROM changed_rows"
_CHANGED: Final = "SELECT id, changed FROM changed_rows WHERE id > ? ORDER BY id LIMIT ?"

READ_SECONDS: Final = 2
HEAR_SECONDS: Final = 0.001
IDLE_SECONDS: Final = 60  # after which the server need not keep what it would have to tell
MOST_HEARD: Final = 500  # changes at a time; where there are more all is forgotten


class Rows(Protocol):
    """Reads the read side, one thread at a time; Unavailable when its database does not answer."""

    def holder(self, holder: str) -> Row:
        """Return the catalogue's version and the holder's columns, null for an unknown one.

        They are as of a moment ago at the earliest.
        """

    def newest(self, holder: str) -> Row:
        """Return the same as of now."""

    def has_grant(self, grant_id: UUID, holder: str) -> bool:
        """Say whether the holder's row counts a grant of theirs in."""

    def has_reservation(self, reservation_id: UUID) -> bool:
        """Say whether the catalogue counts a reservation in."""

    def catalogue(self) -> list[Row]:
        """Return every incentive that is not stopped."""

    def counts(self) -> list[Row]:
        """Return what counts against every quota."""


class SqliteRows:
    """Rows of an SQLite file.

    Invariant: a row is remembered until the file says that it changed, and not a moment longer.
    """

    _BY_HOLDER: Final = _HOLDER.format(parameter="?")

    def __init__(self, url: str) -> None:
        self._connection = open_reader(url)
        self._state, self._heard_at = log_state(url), b""
        self._known = Remembered()
        self._last = 0  # change that was heard of

    def holder(self, holder: str) -> Row:
        state = self._state()
        if state != self._heard_at:
            self._hear()
            self._heard_at = state  # from before it was heard: who writes meanwhile changes it
        known = self._known.find(holder, time.monotonic()) if state else None
        return known or self.newest(holder)

    def newest(self, holder: str) -> Row:
        self._known.ask()
        now = time.monotonic()
        row = self._all(self._BY_HOLDER, (holder,))[0]
        self._known.keep(holder, row, now)
        return row

    def _hear(self) -> None:
        """Forget what changed; all of it after more changes than are kept, or than are few."""
        changes = self._all(_CHANGED, (self._last, MOST_HEARD))
        if changes and (changes[0][0] > self._last + 1 or len(changes) == MOST_HEARD):
            self._last = self._all(_LAST)[0][0]  # before any row is read again
            self._known.forget_all()
            return
        for self._last, changed in changes:
            self._known.forget(changed)

    def has_grant(self, grant_id: UUID, holder: str) -> bool:
        return bool(self._all(_GRANT.format(parameter="?"), (grant_id.hex, holder)))

    def has_reservation(self, reservation_id: UUID) -> bool:
        return bool(self._all(_RESERVATION.format(parameter="?"), (reservation_id.hex,)))

    def catalogue(self) -> list[Row]:
        return self._all(_CATALOGUE)

    def counts(self) -> list[Row]:
        return self._all(_COUNTS)

    def _all(self, query: str, values: tuple[Any, ...] = ()) -> list[Row]:
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.OperationalError as error:
            raise Unavailable("unavailable", "the read side does not answer") from error


class PostgresqlRows:
    """Rows of a PostgreSQL database; a question that finds the connection lost is asked again.

    Invariant: a row is remembered until the connection it was read by tells of its change, for a
    minute at most.
    """

    _BY_HOLDER: Final = _HOLDER.format(parameter="%s").encode()

    def __init__(self, dsn: str) -> None:
        limits = patience(READ_SECONDS)
        limits["options"] = f"{limits['options']} -c idle_session_timeout={IDLE_SECONDS}s"
        self._dsn = make_conninfo(dsn, **limits)
        self._known = Remembered()
        self._heard_at = 0.0
        self._connection = self._connect()

    def holder(self, holder: str) -> Row:
        return self._known.find(holder, self._hear()) or self.newest(holder)

    def newest(self, holder: str) -> Row:
        self._known.ask()
        now = time.monotonic()
        row = self._all(self._BY_HOLDER, (holder,))[0]
        self._known.keep(holder, row, now)
        return row

    def has_grant(self, grant_id: UUID, holder: str) -> bool:
        return bool(self._all(_GRANT.format(parameter="%s").encode(), (grant_id, holder)))

    def has_reservation(self, reservation_id: UUID) -> bool:
        return bool(self._all(_RESERVATION.format(parameter="%s").encode(), (reservation_id,)))

    def catalogue(self) -> list[Row]:
        return self._all(_CATALOGUE.encode())

    def counts(self) -> list[Row]:
        return self._all(_COUNTS.encode())

    def _connect(self) -> "psycopg.Connection[Row]":
        connection = psycopg.connect(self._dsn, autocommit=True)
        weakref.finalize(self, connection.close)
        self._known.forget_all()
        known = self._known
        connection.add_notify_handler(lambda told: known.forget(told.payload))
        connection.execute("LISTEN read_side")
        return connection

    def _hear(self) -> float:
        """Forget what changed, as far as the server has told by now; return when that is."""
        now = time.monotonic()
        if now - self._heard_at < HEAR_SECONDS:
            return now
        self._heard_at, server = now, self._connection.pgconn
        try:
            server.consume_input()
            while told := server.notifies():
                self._known.forget(told.extra.decode())
        except psycopg.OperationalError:
            self._known.forget_all()  # the next question connects anew
        return now

    def _all(self, query: bytes, values: tuple[Any, ...] = ()) -> list[Row]:
        may_wait()
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
