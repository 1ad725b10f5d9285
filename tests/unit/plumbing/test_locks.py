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


def test_locks_of_other_names_are_apart(engine):
    with hold(engine, "migrations"):
        relay = lock_of(engine, "relay")

        assert relay.acquire()
        relay.release()
