"""Stops are kept in memory, and what is kept is never older than what was known before."""

import threading

import pytest
from sqlalchemy.exc import OperationalError

from services.gateway.adapters.recent import READ_AGAIN, Recent
from services.gateway.adapters.stopped_clients import StoppedClients, stop

pytestmark = pytest.mark.gateway

TILL = "hello-bike.till-1"


@pytest.fixture
def stopped(door):
    with door.engine.begin() as connection:
        stop(connection, TILL, door.clock())
    return StoppedClients(door.engine, door.clock)


def rename(door, old, new):
    with door.engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")


def test_nobody_passes_for_not_stopped_because_the_first_reading_failed(door, stopped):
    rename(door, "stopped_clients", "elsewhere")
    with pytest.raises(OperationalError):
        stopped.get(TILL)
    rename(door, "elsewhere", "stopped_clients")

    assert stopped.get(TILL) == door.clock()


def test_a_database_that_does_not_answer_changes_nothing_and_is_asked_again(door, stopped):
    first = stopped.get(TILL)
    rename(door, "stopped_clients", "elsewhere")
    door.clock.move(seconds=2)
    meanwhile = stopped.get(TILL)
    rename(door, "elsewhere", "stopped_clients")
    with door.engine.begin() as connection:
        stop(connection, TILL, door.clock())
    door.clock.move(seconds=1)

    assert (meanwhile, stopped.get(TILL)) == (first, door.clock() - READ_AGAIN)


def test_one_reads_and_the_others_go_on_with_what_is_known(door):
    asked, begun, go_on = [], threading.Event(), threading.Event()

    def read(now):
        asked.append(now)
        if len(asked) == 2:
            begun.set()
            go_on.wait(30)
        return len(asked)

    recent = Recent(read, door.clock)
    recent.rows()
    door.clock.move(seconds=1)
    slow = threading.Thread(target=recent.rows)
    slow.start()
    begun.wait(30)
    door.clock.move(seconds=1)
    meanwhile = recent.rows()
    go_on.set()
    slow.join()

    assert meanwhile == 1
    assert (recent.rows(), len(asked)) == (3, 3)  # what was read slowly is old already
