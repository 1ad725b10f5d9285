"""How many wait for a service, and that the others do not."""

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from contracts.errors import Unavailable
from contracts.recognition import ShowStatusList
from contracts.scenarios import ShowGrant
from services.gateway.places import PATIENCE, BusWithPlaces, Places

pytestmark = pytest.mark.gateway

OF_SCENARIOS = ShowGrant(grant_id=UUID(int=1), holder="holder-of-this-test-00000001")
OF_RECOGNITION = ShowStatusList(list=0)


class SlowBus:
    """Lets each call wait until it is told to answer."""

    def __init__(self):
        self.asked, self.answer = threading.Semaphore(0), threading.Event()

    def call(self, command, *, cause=None):
        self.asked.release()
        if command == OF_RECOGNITION:
            assert self.answer.wait(10)
        return command


@pytest.fixture
def slow():
    bus = SlowBus()
    with ThreadPoolExecutor(4) as threads:
        yield bus, threads
        bus.answer.set()


def test_a_silent_service_with_every_place_taken_turns_the_next_away_at_once():
    seconds = [0.0]
    places = Places(2, now=lambda: seconds[0])
    with places, places:
        seconds[0] += PATIENCE

        with pytest.raises(Unavailable, match="too many"), places:
            pass


def test_callers_whose_time_ran_out_are_no_sign_of_life():
    seconds = [0.0]
    places = Places(2, now=lambda: seconds[0])
    with places:
        seconds[0] += PATIENCE
        time_out(places)

        with places, pytest.raises(Unavailable, match="too many"), places:
            pass


def time_out(places):
    with pytest.raises(Unavailable, match="no reply"), places:
        raise Unavailable("unavailable", "no reply")


def test_while_a_service_answers_one_waits_for_a_place(slow):
    bus, threads = slow
    limited = BusWithPlaces(bus, 1)
    first = threads.submit(limited.call, OF_RECOGNITION)
    bus.asked.acquire()

    second = threads.submit(limited.call, OF_RECOGNITION)
    bus.answer.set()

    assert (first.result(), second.result()) == (OF_RECOGNITION, OF_RECOGNITION)


def test_a_silent_service_takes_no_place_from_another(slow):
    bus, threads = slow
    limited = BusWithPlaces(bus, 1)
    threads.submit(limited.call, OF_RECOGNITION)
    bus.asked.acquire()

    assert limited.call(OF_SCENARIOS) == OF_SCENARIOS
