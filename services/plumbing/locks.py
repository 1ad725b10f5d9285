"""Locks between processes that share a database: PostgreSQL's own, a lock file beside SQLite's.

Both are let go when their holder dies.
"""

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from sqlalchemy import Connection, Engine, func, select

from services.plumbing.database import OWNER_ONLY, sqlite_path

POLL_SECONDS = 0.1


class PostgresqlLock:
    """Invariant: held exactly while its session lives, apart from any transaction."""

    def __init__(self, engine: Engine, name: str) -> None:
        digest = hashlib.sha256(f"huxin {name}".encode()).digest()
        self._engine, self._key = engine, int.from_bytes(digest[:8], "big", signed=True)
        self._session: Connection | None = None

    def acquire(self) -> bool:
        """Take the lock unless another session has it."""
        session = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if session.scalar(select(func.pg_try_advisory_lock(self._key))):
            self._session = session
            return True
        session.close()
        return False

    def check(self) -> None:
        """Raise the database's error when the session, and the lock with it, is gone."""
        if self._session is not None:
            self._session.execute(select(1))

    def release(self) -> None:
        if self._session is not None:
            self._session.invalidate()  # ending the session lets the lock go, whatever its state
            self._session.close()
            self._session = None


class FileLock:
    """Invariant: held exactly while the file is open; the file itself means nothing.

    Those who `share` it may hold it at once, and nobody beside them.
    """

    def __init__(self, engine: Engine, name: str, *, share: bool = False) -> None:
        file = sqlite_path(engine.url).resolve()  # as SQLite does
        self._path: Path = file.with_name(f"{file.name}.{name}.lock")
        self._how = fcntl.LOCK_SH if share else fcntl.LOCK_EX
        self._file: TextIO | None = None

    def acquire(self) -> bool:
        """Take the lock unless it is held, in this process or another."""
        # its owner's alone: whoever may read a file may lock it, too
        file = os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT, OWNER_ONLY), "w")
        try:
            fcntl.flock(file, self._how | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def check(self) -> None:
        """Do nothing: an open file keeps its lock."""

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


Lock = PostgresqlLock | FileLock


def lock_of(engine: Engine, name: str) -> Lock:
    """Return a lock that is exclusive in this database for that name, not yet taken."""
    return (FileLock if engine.dialect.name == "sqlite" else PostgresqlLock)(engine, name)


@contextmanager
def hold(engine: Engine, name: str) -> Iterator[None]:
    """Wait for a lock and hold it inside."""
    lock = lock_of(engine, name)
    while not lock.acquire():
        time.sleep(POLL_SECONDS)
    try:
        yield
    finally:
        lock.release()
