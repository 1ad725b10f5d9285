"""On an event loop nobody waits: what might have to is asked again in a thread."""

import asyncio
import threading

import pytest

from contracts.errors import Unavailable
from services.gateway import turns
from services.gateway.turns import Later, Turn
from tests.components.gateway.test_eligibility import an_incentive, hear, recognised

# An event loop wakes itself by a pair of sockets.
pytestmark = [pytest.mark.gateway, pytest.mark.enable_socket]


@pytest.fixture
def settings():
    return {"person_requests_per_minute": 6}


def on_a_loop(ask):
    """Ask as granian's event loop does."""

    async def asking():
        return ask()

    return asyncio.run(asking())


def left(answer):
    return answer.headers["RateLimit"].split(";")[1]


def test_what_is_known_is_answered_on_a_loop(door):
    hear(door, recognised(), an_incentive())
    door.ask("GET", "/v1/eligibility", door.holder())  # reads who was erased

    answer = on_a_loop(lambda: door.ask("GET", "/v1/eligibility", door.holder()))

    assert answer.status_code == 200
    assert [offer["incentive_id"] for offer in answer.json["offers"]] == ["long-ride"]


def test_who_was_erased_is_not_read_on_a_loop(door):
    hear(door, recognised())

    with pytest.raises(Later):
        on_a_loop(lambda: door.ask("GET", "/v1/eligibility", door.holder()))


def test_a_recognition_is_not_waited_for_on_a_loop_and_the_request_counts_once(door):
    hear(door, recognised())
    first = door.ask("GET", "/v1/eligibility", door.holder())
    newcomer = door.holder(holder="holder-whose-recognition-is-late")

    for _ in range(10):
        with pytest.raises(Later):
            on_a_loop(lambda: door.ask("GET", "/v1/eligibility", newcomer))

    late = door.ask("GET", "/v1/eligibility", newcomer)
    assert (left(first), left(late)) == ("r=5", "r=5")


def test_a_turn_that_somebody_has_is_not_waited_for_on_a_loop():
    turn = Turn()

    with turn, pytest.raises(Later):
        on_a_loop(turn.__enter__)


@pytest.mark.parametrize("limit", ["STUCK", "LONGEST_WAIT"])
def test_a_turn_that_takes_too_long_is_not_waited_for(monkeypatch, limit):
    monkeypatch.setattr(turns, limit, 0.0)
    turn, told = Turn(), []

    def take():
        with pytest.raises(Unavailable) as unavailable, turn:
            pass
        told.append(unavailable.value.code)

    with turn:
        impatient = threading.Thread(target=take)
        impatient.start()
        impatient.join()

    assert told == ["unavailable"]


def test_a_turn_that_is_given_away_is_somebody_elses_meanwhile():
    turn, order = Turn(), []

    def take():
        with turn:
            order.append("other")

    with turn:
        with turn.given_away():
            other = threading.Thread(target=take)
            other.start()
            other.join()
        order.append("first")

    assert order == ["other", "first"]


def test_a_turn_is_one_threads_at_a_time():
    turn, order = Turn(), []

    def take():
        with turn:
            order.append("second")

    with turn:
        second = threading.Thread(target=take)
        second.start()
        order.append("first")
    second.join()

    assert order == ["first", "second"]
