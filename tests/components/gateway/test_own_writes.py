"""Whoever asks after a write of their own is answered by what counts it in, or asked to wait."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from contracts.quotas import GrantReserved
from services.gateway.adapters.tables import heard_reservations
from services.gateway.eligibility import forgetting, held, projector
from tests.builders.gateway import HOLDER, an_incentive
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
        held.hold(connection, event)


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


HEARD = {"after_grant": hear_grant, "after_reservation": hear_reservation}


def ask(door, query):
    return door.ask("GET", f"/v1/eligibility?{query}", door.holder())


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


def test_those_who_wait_take_no_more_than_their_share_of_the_threads(door):
    with ThreadPoolExecutor(24) as threads:
        began = time.monotonic()
        waiting = [threads.submit(ask, door, f"after_grant={uuid4()}") for _ in range(24)]
        others = [threads.submit(ask, door, "category=transport") for _ in range(4)]

        assert {each.result().status_code for each in others} == {200}
        assert {each.result().json["code"] for each in waiting} == {"not_yet_visible"}
        assert time.monotonic() - began < 24 * door.settings.visibility_wait


def test_which_reservations_were_heard_of_is_forgotten(door):
    hear_reservation(door)

    with door.engine.begin() as connection:
        forgetting.forget_reservations(connection, NOW + timedelta(days=32))

    with door.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(heard_reservations)) == 0
