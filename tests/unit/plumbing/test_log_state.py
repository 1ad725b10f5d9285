"""An SQLite file's state tells whether anything was committed, whoever did it."""

import sqlite3
import subprocess
import sys

import pytest

from services.plumbing.database import close_database, empty_log, open_database
from services.plumbing.sqlite_reading import log_state, open_reader

IN_USE = """
import fcntl, sys
with open(sys.argv[1], "r+b") as index:
    try:
        fcntl.lockf(index, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 128)
    except BlockingIOError:
        print("in use")
"""
WRITE = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('{}'); c.commit()"


@pytest.fixture
def url(tmp_path):
    url = f"sqlite:///{tmp_path}/a.db"
    with open_database(url).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (n INTEGER)")
    yield url
    close_database(url)


@pytest.fixture
def reader(url):
    reader = open_reader(url)
    yield reader
    reader.close()


@pytest.fixture
def state(url, reader):  # noqa: ARG001  it has read, and stays open
    return log_state(url)


def insert(url):
    with open_database(url).begin() as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (1)")


def test_reading_changes_nothing(state, reader):
    before = state()
    reader.execute("SELECT * FROM t").fetchall()

    assert state() == before != b""


def test_each_commit_is_another_state(state, url):
    states = [state()]
    for _ in range(10):
        insert(url)
        states.append(state())

    assert len({*states}) == 11


def test_what_is_not_committed_changes_nothing(state, url):
    before = state()
    with open_database(url).connect() as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (1)")

    assert state() == before


def test_another_processs_commit_is_another_state(state, tmp_path):
    before = state()
    command = [sys.executable, "-c", WRITE.format("INSERT INTO t VALUES (1)"), f"{tmp_path}/a.db"]
    subprocess.run(command, check=True)

    assert state() != before


def test_a_commit_after_the_log_was_emptied_is_another_state(state, url):
    insert(url)
    before = state()
    empty_log(open_database(url))
    insert(url)

    assert state() != before


def test_whoever_sees_a_new_state_reads_what_was_committed(state, reader, url):
    for number in range(1, 10):
        before = state()
        insert(url)

        assert state() != before
        assert reader.execute("SELECT count(*) FROM t").fetchone() == (number,)


def test_another_process_still_finds_the_log_in_use(state, url, tmp_path):
    assert log_state(url)() == state() != b""  # of two who asked, one is gone

    command = [sys.executable, "-c", IN_USE, f"{tmp_path}/a.db-shm"]
    found = subprocess.run(command, check=True, capture_output=True, text=True)

    assert found.stdout == "in use\n"  # else it would begin the index anew under our eyes


def test_a_file_without_a_log_says_nothing(tmp_path):
    sqlite3.connect(tmp_path / "b.db").execute("CREATE TABLE t (n INTEGER)")

    assert log_state(f"sqlite:///{tmp_path}/b.db")() == b""
