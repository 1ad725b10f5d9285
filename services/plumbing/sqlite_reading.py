"""Reading an SQLite file the shortest way, and knowing without a question whether it changed."""

import mmap
import os
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sqlalchemy.engine import make_url

from services.plumbing.database import sqlite_path

HEADER_BYTES: Final = 48  # of the write-ahead log's index; there are two copies

_indexes: dict[tuple[int, int], mmap.mmap] = {}  # by device and inode
_mapping = threading.Lock()


def open_reader(url: str) -> sqlite3.Connection:
    """Open an SQLite file to read only, for the shortest way to a row; any thread may use it."""
    path = sqlite_path(make_url(url))
    reader = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False
    )
    reader.execute("PRAGMA query_only = 1")
    reader.execute("SELECT count(*) FROM sqlite_schema").fetchall()  # the log's index is there now
    return reader


def log_state(url: str) -> Callable[[], bytes]:
    """Return what tells an SQLite file's state: as long as it says the same, nothing was committed.

    SQLite finds out the same way whether what it has in memory is still good: by the header of the
    write-ahead log's index (https://www.sqlite.org/walformat.html#the_wal_index_header), of which
    there are two copies, changed one after the other.  Here it costs no call of the system.  Call
    this with a connection that has read and stays open, or else the index may be another one
    later.  Nothing is said (b"") of a file that has no such log.
    """
    path = sqlite_path(make_url(url))
    try:
        index = _index(path.with_name(f"{path.name}-shm"))
    except (OSError, ValueError):
        return lambda: b""
    return lambda: index[:]


def _index(path: Path) -> mmap.mmap:
    """Return the beginning of a file, which then stays open as long as the process lives.

    When a process closes a file once, POSIX takes away all its locks there, SQLite's too: the next
    process would think that nobody uses the log, and begin its index anew under our eyes
    (https://www.sqlite.org/howtocorrupt.html, 2.2).
    """
    with _mapping:
        known = path.stat()
        if (known.st_dev, known.st_ino) not in _indexes:
            file = os.open(path, os.O_RDONLY)
            index = mmap.mmap(file, 2 * HEADER_BYTES, access=mmap.ACCESS_READ)
            _indexes[known.st_dev, known.st_ino] = index
        return _indexes[known.st_dev, known.st_ino]
