"""Notices to a city that left: given up after a month, sent when it is back, or forgotten."""

from datetime import timedelta
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY

from contracts.membership import CityStateChanged
from contracts.recognition import NoticeReady
from contracts.words import CityState
from services.gateway.adapters.memberships import note_change
from services.gateway.courier import deliveries, departures, intake, upkeep
from services.gateway.courier.deliveries import Kind, State
from services.gateway.courier.departures import GONE_AFTER, replay_returned, settle_gone
from tests.builders.gateway import PARTNER

pytestmark = pytest.mark.gateway

FUZHOU = "350100"
MINUTE = timedelta(minutes=1)


def wait_for(door, subject=None, recipient=PARTNER):
    event = NoticeReady(notice_id=uuid4(), recipient=recipient, token="a.b.c", subject=subject)
    with door.engine.begin() as connection:
        intake.take_notice(connection, event, now=door.clock())
    return event.notice_id


def is_now(door, state, version, city=PARTNER):
    """Let the gateway hear that a city is in another state."""
    change = CityStateChanged(
        city=city,
        name="郑州",
        name_en="Zhengzhou",
        state=state,
        roster=version,
        changed_at=door.clock(),
    )
    with door.engine.begin() as connection:
        note_change(connection, change)


def states(door):
    return {each.id: each.state for each in upkeep.listed(door.engine)}


def one_of(door, notice):
    return next(each for each in upkeep.listed(door.engine) if each.id == notice)


def counted():
    return REGISTRY.get_sample_value(
        "huxin_deliveries_total", {"kind": Kind.NOTICE, "outcome": "gone"}
    )


@pytest.fixture
def left(door):
    """One notice waits, one is parked; their city leaves."""
    waiting, parked = wait_for(door), wait_for(door)
    deliveries.parked(door.engine, one_of(door, parked), error="HTTP 503")
    is_now(door, CityState.LEFT, 2)
    return waiting, parked


def test_a_month_after_a_city_left_what_waits_for_it_is_given_up(door, left):
    elsewhere, before = wait_for(door, recipient=FUZHOU), counted() or 0
    door.clock.now += GONE_AFTER - MINUTE
    too_early = settle_gone(door.engine, now=door.clock())
    door.clock.now += MINUTE

    done = settle_gone(door.engine, now=door.clock())

    assert (too_early, done) == (0, 2)
    assert states(door) == {**dict.fromkeys(left, State.GONE), elsewhere: State.WAITING}
    assert counted() == before + 2
    assert {one_of(door, each).error for each in left} == {"the city left the alliance"}


@pytest.mark.usefixtures("left")
@pytest.mark.parametrize("word", [CityState.ONLINE, CityState.SUSPENDED, CityState.APPLIED])
def test_a_city_of_any_other_state_is_not_given_up(door, word):
    is_now(door, word, 3)
    door.clock.now += 2 * GONE_AFTER

    assert settle_gone(door.engine, now=door.clock()) == 0


@pytest.mark.usefixtures("left")
def test_a_city_that_the_roster_lists_is_not_given_up_though_its_return_was_not_heard(door):
    door.adopt(state=CityState.ONLINE, version=3)
    door.clock.now += 2 * GONE_AFTER

    assert settle_gone(door.engine, now=door.clock()) == 0


@pytest.mark.usefixtures("left")
def test_a_city_that_the_roster_lists_as_left_is_given_up(door):
    door.adopt(state=CityState.LEFT, version=2)
    door.clock.now += GONE_AFTER

    assert settle_gone(door.engine, now=door.clock()) == 2


def test_what_is_being_sent_is_not_given_up_under_its_sender(door, left):
    waiting, _ = left
    door.clock.now += GONE_AFTER
    deliveries.claim(door.engine, one_of(door, waiting), now=door.clock(), lease=MINUTE)

    settle_gone(door.engine, now=door.clock())
    meanwhile = states(door)[waiting]
    door.clock.now += MINUTE
    settle_gone(door.engine, now=door.clock())

    assert meanwhile == State.WAITING
    assert states(door)[waiting] == State.GONE


def test_when_the_city_is_back_all_starts_over_in_its_order(door):
    first, second = wait_for(door, "a"), wait_for(door, "a")
    is_now(door, CityState.LEFT, 2)
    door.clock.now += GONE_AFTER
    settle_gone(door.engine, now=door.clock())
    nobody_back = replay_returned(door.engine, now=door.clock())
    door.adopt(state=CityState.APPLIED, version=3)

    back = replay_returned(door.engine, now=door.clock())

    assert (nobody_back, back) == (0, 2)
    due = deliveries.due(door.engine, (Kind.NOTICE, PARTNER), now=door.clock(), limit=10)
    assert [each.id for each in due] == [first]  # the other waits for it
    assert states(door) == {first: State.WAITING, second: State.WAITING}
    assert one_of(door, first).body == "a.b.c"


def test_a_person_lets_what_was_given_up_start_over(door, left):
    door.clock.now += GONE_AFTER
    settle_gone(door.engine, now=door.clock())

    of_all = upkeep.replay_all(door.engine, now=door.clock())
    one = upkeep.replay(door.engine, left[0], now=door.clock())
    the_city_s = upkeep.replay_all(door.engine, PARTNER, now=door.clock())

    assert (of_all, one, the_city_s) == (0, True, 1)
    assert set(states(door).values()) == {State.WAITING}


@pytest.mark.usefixtures("left")
def test_what_was_given_up_is_forgotten_in_the_end(door):
    door.clock.now += GONE_AFTER
    settle_gone(door.engine, now=door.clock())
    door.clock.now += upkeep.KEPT
    upkeep.forget_settled(door.engine, now=door.clock())
    kept = len(states(door))
    door.clock.now += MINUTE

    upkeep.forget_settled(door.engine, now=door.clock())

    assert (kept, states(door)) == (2, {})


def test_many_are_given_up_and_start_over_some_at_a_time(door, monkeypatch):
    monkeypatch.setattr(departures, "AT_A_TIME", 2)
    for _ in range(5):
        wait_for(door)
    is_now(door, CityState.LEFT, 2)
    door.clock.now += GONE_AFTER

    gone = settle_gone(door.engine, now=door.clock())
    door.adopt(state=CityState.ONLINE, version=3)
    back = replay_returned(door.engine, now=door.clock())

    assert (gone, back) == (5, 5)
