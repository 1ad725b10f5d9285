"""The read side follows an incentive's life; the city's steps reach its operator."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from contracts.catalogue import IncentiveMoved
from contracts.rules import Limit
from contracts.words import IncentiveState, MoveKind, Mover, Period
from services.gateway.adapters.tables import deliveries
from services.gateway.courier import intake
from services.gateway.eligibility import projector
from tests.builders.gateway import a_door, an_incentive
from tests.components.gateway.test_eligibility import hear, issued, offers, recognised
from tests.fakes.gateway import FakeClock

pytestmark = pytest.mark.gateway

NOW = FakeClock.START
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def door(tmp_path):
    door = a_door(tmp_path)
    hear(door, recognised())
    return door


def moved(number=1, **overrides):
    values = {
        "number": number,
        "version": 1,
        "move": MoveKind.PAUSED,
        "by": Mover.OPERATOR,
        "at": NOW,
        "incentive_id": "long-ride",
        "scenario_id": "bikes",
        "operator_id": "hello-bike",
        "state": IncentiveState.PAUSED,
    }
    return IncentiveMoved(**(values | overrides))


def move(door, *events):
    for event in events:
        with door.engine.begin() as connection:
            projector.move_incentive(connection, event)


RESUMED = moved(2, move=MoveKind.RESUMED, state=IncentiveState.PUBLISHED)
WITHDRAWN = moved(3, move=MoveKind.WITHDRAWN, state=IncentiveState.WITHDRAWN)


def test_what_is_paused_or_withdrawn_is_not_offered(door):
    hear(door, an_incentive())

    shown = [offers(door)]
    for event in (moved(), RESUMED, WITHDRAWN):
        move(door, event)
        shown.append(offers(door))

    assert shown == [{"long-ride": []}, {}, {"long-ride": []}, {}]


def test_the_newest_step_counts_in_whatever_order_they_are_heard(door):
    move(door, WITHDRAWN, moved(), RESUMED)

    hear(door, an_incentive())

    assert offers(door) == {}


def coming(**overrides):
    values = {"version": 2, "offered_from": NOW + DAY, "published_at": NOW, "minimum_tier": 5}
    return an_incentive(**(values | overrides))


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 1, 0, 1)])
def test_a_version_that_comes_later_takes_its_turn_on_its_date(door, order):
    versions = an_incentive(published_at=NOW - DAY), coming()
    hear(door, *(versions[number] for number in order))

    before = offers(door)
    door.clock.move(days=1)

    assert before == {"long-ride": []}
    assert offers(door) == {"long-ride": ["tier_below_minimum"]}


def test_a_newer_version_takes_the_place_of_one_that_was_to_come(door):
    hear(door, an_incentive(published_at=NOW - DAY), coming())
    hear(door, coming(version=3, offered_from=NOW, minimum_tier=1))

    door.clock.move(days=2)

    assert offers(door) == {"long-ride": []}


def test_what_is_used_up_under_a_version_is_not_held_against_the_next(door):
    few, more = (Limit(count=count, period=Period.MONTH) for count in (1, 2))
    hear(door, an_incentive(quota=few, published_at=NOW - DAY), coming(quota=more, minimum_tier=1))
    hear(door, issued(quota_period="2026-11", period_issued=1, holder="somebody-else-000001"))
    before = offers(door)
    door.clock.move(days=1)
    after = offers(door)
    last = issued(
        quota_period="2026-11",
        period_issued=2,
        holder="somebody-else-000002",
        issued_at=NOW + DAY + MINUTE,
    )
    hear(door, last)

    assert (before, after) == ({"long-ride": ["quota_exhausted"]}, {"long-ride": []})
    assert offers(door) == {"long-ride": ["quota_exhausted"]}


def test_an_operator_is_told_what_the_city_did_and_no_more(door):
    token = door.operator()
    door.ask("PUT", "/v1/webhook", token, json={"url": "https://bikes.example/huxin"})
    returned = moved(
        move=MoveKind.RETURNED, by=Mover.CITY, state=IncentiveState.RETURNED, note="请写明名额。"
    )
    with door.engine.begin() as connection:
        for number, event in enumerate((returned, moved()), start=1):
            intake.take_move(connection, event, id=UUID(int=number), now=NOW)
        [body] = connection.execute(select(deliveries.c.body)).scalars().all()

    assert json.loads(body) == {
        "type": "incentive.returned",
        "timestamp": "2026-11-05T02:00:00Z",
        "data": {
            "incentive_id": "long-ride",
            "version": 1,
            "state": "returned",
            "note": "请写明名额。",
        },
    }
