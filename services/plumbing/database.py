"""Databases: PostgreSQL, or one SQLite file per service.

An SQLite file is written through one connection per process.  Who waits for that connection waits
in the pool, where other green threads run on; a second connection that waits for SQLite's own lock
would stop them all.
"""

import errno
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, DateTime, Dialect, Engine, QueuePool, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import InterfaceError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.types import TypeDecorator

POOL_SIZE = 10
WAIT_SECONDS = 30  # for a connection of the pool
CONNECT_SECONDS = 5
LOCK_SECONDS = 5  # for a lock that somebody else has
STATEMENT_SECONDS = 30
TRUSTED_SECONDS = 1.0  # a connection used so short a time ago is not tried first
OWNER_ONLY = 0o600

PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",  # what is deleted does not lie in the file on
)

AWAY = (OperationalError, InterfaceError, PoolTimeoutError)
"""The database does not answer now; asking again later is safe."""

_engines: dict[str, Engine] = {}
_opening = threading.Lock()


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC, in and out, on both databases; a naive one raises ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def open_database(url: str) -> Engine:
    """Return the engine of a database, one per process and URL.

    `sqlite:///path` or `postgresql://user:password@server/name`.  Raise ValueError for another kind
    and FileNotFoundError or PermissionError for an SQLite file that cannot be written.
    """
    with _opening:
        if url not in _engines:
            _engines[url] = _open(make_url(url))
        return _engines[url]


def close_database(url: str) -> None:
    """Close what `open_database` opened.  Safe to repeat."""
    with _opening:
        engine = _engines.pop(url, None)
    if engine is not None:
        engine.dispose()


def empty_log(engine: Engine) -> None:
    """Move SQLite's write-ahead log into the file and empty it, as deleted rows lie in it on.

    What somebody else is reading stays until the next time.  PostgreSQL keeps no such file.
    """
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()  # a checkpoint is no part of a transaction
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


def sqlite_path(url: URL) -> Path:
    """Return the file of an SQLite URL; raise ValueError when it names none."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        raise ValueError(f"{url.render_as_string()} names no SQLite file")
    return Path(str(url.database))


def _open(url: URL) -> Engine:
    match url.get_backend_name():
        case "sqlite":
            return _open_sqlite(url)
        case "postgresql":
            return _open_postgresql(url)
        case other:
            raise ValueError(f"no support for databases of kind {other!r}")


@contextmanager
def at_once(engine: Engine) -> Iterator[Connection]:
    """Connect for statements that are transactions of their own: one round trip each, not three.

    On SQLite, which saves nothing by it, they are one transaction.
    """
    if engine.dialect.name == "sqlite":
        with engine.begin() as connection:
            yield connection
        return
    with engine.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")


def _open_postgresql(url: URL) -> Engine:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=POOL_SIZE,
        pool_timeout=WAIT_SECONDS,
        connect_args=patience(STATEMENT_SECONDS),
        hide_parameters=True,  # errors are logged, pseudonyms are not
    )

    def try_first(connection: Any, record: Any, _proxy: Any) -> None:
        """Try a connection that lay idle: so a restarted server costs no command after a pause."""
        if time.monotonic() - record.info.get("used_at", 0.0) < TRUSTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError("the server is gone") from error

    def note_use(_connection: Any, record: Any) -> None:
        record.info["used_at"] = time.monotonic()

    event.listen(engine, "connect", note_use)
    event.listen(engine, "checkout", try_first)
    event.listen(engine, "checkin", note_use)
    return engine


def patience(statement_seconds: int) -> dict[str, int | str]:
    """Return libpq's options by which nobody waits for PostgreSQL without end.

    A server that is gone without a word is noticed in 20 s, or 10 s after it was asked something.
    """
    timeouts = {"statement_timeout": statement_seconds, "lock_timeout": LOCK_SECONDS}
    return {
        "connect_timeout": CONNECT_SECONDS,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 2,
        "tcp_user_timeout": 10_000,  # milliseconds
        "options": " ".join(f"-c {name}={seconds}s" for name, seconds in timeouts.items()),
    }


def _open_sqlite(url: URL) -> Engine:
    check_writable(sqlite_path(url))
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=WAIT_SECONDS,
        connect_args={"check_same_thread": False, "timeout": LOCK_SECONDS},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def check_writable(path: Path) -> None:
    """Raise an OSError that names what is wrong with the place of an SQLite file.

    A new one is its owner's alone, and so will be what SQLite puts beside it.  One that is there is
    not opened: closing it would take away SQLite's locks, as sqlite_reading.py tells.
    """
    if not path.parent.is_dir():
        raise FileNotFoundError(f"the directory of the database does not exist: {path.parent}")
    if not path.exists():
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, OWNER_ONLY))  # an error names the file
    elif path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    elif not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where SQLAlchemy says, see below
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    """Take the write lock at once: a reader that later wants to write could only fail."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
