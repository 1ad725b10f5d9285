"""Whoever asks after a write of their own is answered by what counts it in, or asked to wait."""

import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from datetime import timedelta
from itertools import islice
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from contracts.errors import Unavailable
from contracts.quotas import GrantReserved
from contracts.scenarios import ShowGrant
from services.gateway.adapters.tables import heard_reservations
from services.gateway.eligibility import forgetting, projector
from services.gateway.holders.patience import PatientBus
from services.gateway.waiting import MOST_WAITING, Waiters
from tests.builders.gateway import HOLDER, a_door, an_incentive
from tests.builders.gateway_events import issued, recognised
from tests.fakes.gateway import FakeClock

pytestmark = pytest.mark.gateway

NOW = FakeClock.START
WRITE = UUID(int=7)


@pytest.fixture
def settings():
    return {"visibility_wait": 0.3}


@pytest.fixture
def door(door):
    with door.engine.begin() as connection:
        projector.recognise(connection, recognised())
        projector.publish_incentive(connection, an_incentive())
    return door


def hear_grant(door, **overrides):
    event = issued(grant_id=WRITE, **overrides)
    with door.engine.begin() as connection:
        projector.count_grant(connection, event)


def hear_reservation(door):
    event = GrantReserved(
        reservation_id=WRITE,
        incentive_id="long-ride",
        scenario_id="bikes",
        operator_id="hello-bike",
        holder=HOLDER,
        value_fen=0,
        reserved_at=NOW,
        until=NOW + timedelta(minutes=15),
    )
    with door.engine.begin() as connection:
        projector.count_reservation(connection, event)


class NotYet:
    """A bus behind which the recognition has not arrived, until it is let."""

    def __init__(self):
        self.asked, self.from_now_on = 0, Unavailable("not_yet_visible")

    def call(self, command, *, cause=None):
        self.asked += 1
        if self.from_now_on is not None:
            raise self.from_now_on
        return command


HEARD = {"after_grant": hear_grant, "after_reservation": hear_reservation}


def ask(door, query, **holder):
    return door.ask("GET", f"/v1/eligibility?{query}", door.holder(**holder))


@pytest.mark.parametrize("query", HEARD)
def test_who_asks_after_a_write_waits_until_it_has_arrived(door, query):
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(ask, door, f"{query}={WRITE}")
        time.sleep(0.05)
        HEARD[query](door)

    assert waiting.result().status_code == 200


@pytest.mark.parametrize("query", HEARD)
def test_a_write_that_does_not_arrive_is_not_yet_visible(door, query):
    answer = ask(door, f"{query}={uuid4()}")

    assert (answer.status_code, answer.json["code"]) == (503, "not_yet_visible")
    assert "Retry-After" in answer.headers


def test_the_answer_after_a_grant_counts_it_in(door):
    hear_grant(door, holder_issued=2)

    [offer] = ask(door, f"after_grant={WRITE}").json["offers"]

    assert offer["reasons"] == ["holder_limit_reached"]


def test_nobody_asks_after_a_grant_of_somebody_else(door):
    hear_grant(door, holder="somebody-else-00000000000001")

    assert ask(door, f"after_grant={WRITE}").json["code"] == "not_yet_visible"


def test_those_who_wait_take_no_more_than_their_share_of_the_threads(tmp_path):
    door = a_door(tmp_path, visibility_wait=60)
    late = [f"holder-whose-recognition-is-late-{number}" for number in range(24)]
    with door.engine.begin() as connection:
        projector.recognise(connection, recognised())
    with ThreadPoolExecutor(24) as threads:
        waiting = [threads.submit(ask, door, "", holder=holder) for holder in late]
        told_at_once = list(islice(as_completed(waiting), len(late) - MOST_WAITING))

        assert {each.result().json["code"] for each in told_at_once} == {"not_yet_visible"}
        assert ask(door, "category=transport").status_code == 200
        with door.engine.begin() as connection:
            for holder in late:
                projector.recognise(connection, recognised(holder=holder))
        patient = set(waiting).difference(told_at_once)
        assert [each.result().status_code for each in patient] == [200] * MOST_WAITING


def test_a_holder_waits_once_at_a_time_and_leaves_the_others_their_turn():
    waiters = Waiters()
    with waiters.wait(HOLDER):
        with pytest.raises(Unavailable), waiters.wait(HOLDER):
            pass
        with waiters.wait("somebody-else-00000000000001"):
            pass
    with waiters.wait(HOLDER):
        pass


def test_who_waits_for_a_grant_and_who_waits_for_an_answer_are_counted_together():
    waiters, bus = Waiters(), NotYet()
    patient = PatientBus(bus, waiters)
    command = ShowGrant(grant_id=WRITE, holder=HOLDER)

    with ExitStack() as stack:
        for number in range(MOST_WAITING):
            stack.enter_context(waiters.wait(f"holder-who-waits-{number}"))
        with pytest.raises(Unavailable, match="not_yet_visible"):
            patient.call(command, cause=None)
    assert bus.asked == 1  # it was told at once
    bus.from_now_on = None
    assert patient.call(command, cause=None) is command


def test_which_reservations_were_heard_of_is_forgotten(door):
    hear_reservation(door)

    with door.engine.begin() as connection:
        forgetting.forget_reservations(connection, NOW + timedelta(days=32))

    with door.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(heard_reservations)) == 0
