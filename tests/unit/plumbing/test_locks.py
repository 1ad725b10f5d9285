"""Locks between processes, on SQLite."""

import pytest

from services.plumbing.database import close_database, open_database
from services.plumbing.locks import hold, lock_of


@pytest.fixture
def engine(tmp_path):
    url = f"sqlite:///{tmp_path}/test.db"
    yield open_database(url)
    close_database(url)


def test_a_lock_has_one_holder_and_passes_on(engine):
    first, second = lock_of(engine, "relay"), lock_of(engine, "relay")

    assert first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    second.release()


def test_nobody_else_may_lock_what_a_node_locks(engine, tmp_path):
    with hold(engine, "relay"):
        modes = {path.stat().st_mode & 0o777 for path in tmp_path.glob("*.lock")}

    assert modes == {0o600}


def test_locks_of_other_names_are_apart(engine):
    with hold(engine, "migrations"):
        relay = lock_of(engine, "relay")

        assert relay.acquire()
        relay.release()
