"""Each service has only so many callers inside, however many come and however slow it is."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from contracts.errors import Refused, Unavailable
from contracts.recognition import ShowStatusList
from contracts.scenarios import DrawStatement, IssueGrant, RedeemPass, ShowGrant
from services.gateway.places import (
    LEAST_INSIDE,
    MOST_INSIDE,
    MOST_WAITING,
    PATIENCE,
    SILENT,
    SLOW,
    BusWithPlaces,
    Crowded,
    Places,
)
from services.gateway.shedding import SHED
from services.gateway.urgency import Urgency, urgency_of

pytestmark = pytest.mark.gateway

OF_SCENARIOS = ShowGrant(grant_id=UUID(int=1), holder="holder-of-this-test-00000001")
OF_RECOGNITION = ShowStatusList(list=0)
TILL, ORDINARY, BULK = Urgency
SILENCE = Unavailable("unavailable", "no reply")


class Seconds:
    """A clock that goes when it is told to."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def places(seconds):
    return Places(seconds)


@pytest.fixture
def threads():
    with ThreadPoolExecutor(2 * MOST_WAITING) as threads:
        yield threads


def fill(places, service="slow", urgency=ORDINARY, number=MOST_INSIDE):
    """Go in until there is no room, and return when that was."""
    return [places.enter(service, urgency) for _ in range(number)]


def shrink(places, seconds):
    """Let a service answer late until it has the fewest places."""
    for _ in range(10):
        began = places.enter("slow", ORDINARY)
        seconds.now += 2 * SLOW
        places.leave("slow", ORDINARY, began, None)


def wait_at_the_door(places, threads, urgency, number=1):
    """Let callers come one after the other, all of whom find the service full."""
    waiters = []
    for _ in range(number):
        before = len(places._waiting)  # noqa: SLF001  nothing else tells that one waits
        waiters.append(threads.submit(places.enter, "slow", urgency))
        deadline = time.monotonic() + 5
        while len(places._waiting) == before and time.monotonic() < deadline:  # noqa: SLF001
            time.sleep(0.001)
    return waiters


def serve(places, began, waiters):
    """Let all leave who are inside, and everybody who waits go in, in this order."""
    for moment in began:
        places.leave("slow", ORDINARY, moment, None)
    for waiter in waiters:
        places.leave("slow", ORDINARY, waiter.result(5), None)


def test_whoever_finds_a_service_full_waits_until_somebody_leaves(places, threads):
    began = fill(places)
    [waiter] = wait_at_the_door(places, threads, ORDINARY)

    places.leave("slow", ORDINARY, began[0], None)

    assert waiter.result(5)


def test_nobody_waits_longer_than_is_patient(places):
    fill(places)
    started = time.monotonic()

    with pytest.raises(Crowded, match="too many"):
        places.enter("slow", ORDINARY)

    assert time.monotonic() - started >= PATIENCE


def test_when_enough_wait_the_next_is_turned_away_at_once_and_counted(places, threads):
    began = fill(places)
    waiters = wait_at_the_door(places, threads, ORDINARY, MOST_WAITING)
    before = SHED.labels("slow", "ordinary")._value.get()  # noqa: SLF001  prometheus has no other way

    with pytest.raises(Crowded):
        places.enter("slow", ORDINARY)

    serve(places, began, waiters)
    assert SHED.labels("slow", "ordinary")._value.get() == before + 1  # noqa: SLF001


def test_a_till_goes_in_before_those_who_came_earlier(places, threads):
    began = fill(places)
    [ordinary] = wait_at_the_door(places, threads, ORDINARY)
    [till] = wait_at_the_door(places, threads, TILL)

    places.leave("slow", ORDINARY, began[0], None)

    assert till.result(5)
    assert not ordinary.done()
    places.leave("slow", ORDINARY, began[1], None)
    assert ordinary.result(5)


def test_a_till_takes_the_place_of_the_last_who_waits(places, threads):
    began = fill(places)
    *earlier, last = wait_at_the_door(places, threads, ORDINARY, MOST_WAITING)
    till = threads.submit(places.enter, "slow", TILL)

    with pytest.raises(Crowded):
        last.result(5)

    serve(places, began, [till, *earlier])


def test_work_in_bulk_takes_half_of_the_places_and_does_not_wait(places):
    for _ in range(MOST_INSIDE // 2):
        places.enter("slow", BULK)

    with pytest.raises(Crowded):
        places.enter("slow", BULK)

    assert places.enter("slow", ORDINARY)


def test_a_service_that_answers_late_gets_fewer_callers_and_gets_them_back(places, seconds):
    began = fill(places)
    seconds.now += 2 * SLOW
    for moment in began:
        places.leave("slow", ORDINARY, moment, None)
    shrunk = most(places)
    for _ in range(100):
        places.leave("slow", ORDINARY, places.enter("slow", ORDINARY), None)

    # all eight were late together, and that counts once
    assert LEAST_INSIDE < shrunk < MOST_INSIDE
    assert most(places) == MOST_INSIDE


def test_a_service_that_is_silent_keeps_few_callers_and_the_rest_are_told_at_once(
    places, threads, seconds, monkeypatch
):
    monkeypatch.setattr("services.gateway.places.PATIENCE", 60)
    for _ in range(10):
        began = places.enter("slow", ORDINARY)
        seconds.now += 5
        places.leave("slow", ORDINARY, began, SILENCE)
    for _ in range(LEAST_INSIDE):
        places.enter("slow", ORDINARY)
    seconds.now += 1

    turned_away = threads.submit(places.enter, "slow", ORDINARY).exception(30)

    assert most(places) == LEAST_INSIDE
    assert type(turned_away) is Unavailable  # the service is away, not busy


def test_a_service_that_answers_slowly_is_busy_and_not_away(places, threads, seconds):
    shrink(places, seconds)
    began = [places.enter("slow", ORDINARY) for _ in range(LEAST_INSIDE)]
    seconds.now += 2 * SLOW
    [waiter] = wait_at_the_door(places, threads, ORDINARY)

    with pytest.raises(Crowded):
        places.enter("slow", BULK)
    places.leave("slow", ORDINARY, began[0], None)

    assert waiter.result(5)


def test_a_service_whose_every_call_timed_out_is_away_until_it_answers(places, seconds):
    began = [places.enter("slow", ORDINARY) for _ in range(MOST_INSIDE)]
    seconds.now += SILENT
    for moment in began:
        places.leave("slow", ORDINARY, moment, SILENCE)
    began = fill(places, number=most(places))

    with pytest.raises(Unavailable) as away:
        places.enter("slow", BULK)
    places.leave("slow", ORDINARY, began[0], None)
    places.enter("slow", ORDINARY)
    with pytest.raises(Crowded):
        places.enter("slow", BULK)

    assert not isinstance(away.value, Crowded)


def test_a_refusal_is_an_answer(places):
    began = places.enter("slow", ORDINARY)

    places.leave("slow", ORDINARY, began, Refused("quota_exhausted"))

    assert most(places) == MOST_INSIDE


@pytest.mark.parametrize("error", [None, SILENCE])
def test_bulk_takes_no_places_from_tills(places, seconds, error):
    began = places.enter("slow", BULK)
    seconds.now += SILENT

    places.leave("slow", BULK, began, error)

    assert most(places) == MOST_INSIDE


def most(places):
    return int(places._doors["slow"].most)  # noqa: SLF001  the gauge of it is the process's


class SlowBus:
    """Lets each call to recognition wait until it is told to answer."""

    def __init__(self):
        self.asked, self.answer = threading.Semaphore(0), threading.Event()

    def call(self, command, *, cause=None):
        self.asked.release()
        if command == OF_RECOGNITION:
            assert self.answer.wait(10)
        return command


def test_a_silent_service_takes_no_place_from_another():
    bus = SlowBus()
    limited = BusWithPlaces(bus)
    with ThreadPoolExecutor(MOST_INSIDE) as threads:
        waiting = [threads.submit(limited.call, OF_RECOGNITION) for _ in range(MOST_INSIDE)]
        for _ in waiting:
            assert bus.asked.acquire(timeout=5)

        assert limited.call(OF_SCENARIOS) == OF_SCENARIOS

        bus.answer.set()
        assert [each.result(5) for each in waiting] == [OF_RECOGNITION] * MOST_INSIDE


@pytest.mark.parametrize(
    ("command", "urgency"),
    [(RedeemPass, TILL), (IssueGrant, ORDINARY), (DrawStatement, BULK)],
)
def test_a_till_is_more_urgent_than_a_statement(command, urgency):
    assert urgency_of(object.__new__(command)) is urgency
