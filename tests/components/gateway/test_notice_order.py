"""Notices of one subject arrive one after the other; what waits holds back nobody else's."""

from uuid import uuid4

import pytest

from contracts.recognition import NoticeReady
from services.gateway.courier import intake, upkeep
from services.gateway.courier.deliveries import State
from services.gateway.courier.round import Courier
from services.gateway.courier.sending import NotSent
from services.gateway.settings import GatewaySettings
from tests.builders.gateway import PARTNER

pytestmark = [pytest.mark.gateway, pytest.mark.recognition]


class FakeSender:
    """Sends nowhere; fails as told, for all or for single deliveries."""

    def __init__(self):
        self.sent, self.down, self.refused = [], None, set()

    def send(self, delivery):
        if self.down:
            raise self.down
        if delivery.id in self.refused:
            raise NotSent("HTTP 400", final=True)
        self.sent.append(delivery.id)


@pytest.fixture
def courier(door):
    settings = GatewaySettings(**{**vars(door.settings), "delivery_attempts": 4})
    return Courier(
        engine=door.engine,
        sender=FakeSender(),
        settings=settings,
        clock=door.clock,
        spawn=lambda send: send(),
    )


def wait_for(door, subject, recipient=PARTNER):
    event = NoticeReady(notice_id=uuid4(), recipient=recipient, token="a.b.c", subject=subject)
    with door.engine.begin() as connection:
        intake.take_notice(connection, event, now=door.clock())
    return event.notice_id


def states(door):
    return {each.id: each.state for each in upkeep.listed(door.engine)}


def test_notices_of_one_subject_go_out_in_the_order_of_their_making(door, courier):
    ids = [wait_for(door, "attestation-1") for _ in range(20)]

    courier.start_due()

    assert courier.sender.sent == ids


def test_a_failing_notice_holds_back_later_ones_of_its_subject_only(door, courier):
    first, second = wait_for(door, "a"), wait_for(door, "a")
    other, elsewhere, none = (
        wait_for(door, "b"),
        wait_for(door, "a", "350100"),
        wait_for(door, None),
    )
    courier.sender.refused = {first}

    courier.start_due()

    assert set(courier.sender.sent) == {other, elsewhere, none}
    assert (states(door)[first], states(door)[second]) == (State.PARKED, State.WAITING)
    assert upkeep.held_back(door.engine) == {first: 1}


def test_what_is_tried_again_later_is_not_overtaken_meanwhile(door, courier):
    first = wait_for(door, "a")
    courier.sender.down = NotSent("HTTP 503")
    courier.start_due()
    courier.sender.down = None
    second = wait_for(door, "a")

    courier.start_due()
    before = list(courier.sender.sent)
    door.clock.move(seconds=10)
    courier.start_due()

    assert before == []
    assert courier.sender.sent == [first, second]


def test_a_parked_notice_that_is_replayed_goes_before_those_it_held_back(door, courier):
    first, second = wait_for(door, "a"), wait_for(door, "a")
    courier.sender.refused = {first}
    courier.start_due()

    courier.sender.refused = set()
    upkeep.replay(door.engine, first, now=door.clock())
    courier.start_due()

    assert courier.sender.sent == [first, second]


def test_a_parked_notice_that_is_skipped_lets_the_next_go(door, courier):
    first, second = wait_for(door, "a"), wait_for(door, "a")
    courier.sender.refused = {first}
    courier.start_due()

    skipped = [upkeep.skip(door.engine, first, now=door.clock()) for _ in range(2)]
    courier.start_due()

    assert skipped == [True, False]
    assert courier.sender.sent == [second]
    assert states(door) == {first: State.SKIPPED, second: State.DELIVERED}


def test_what_was_skipped_is_forgotten_like_what_was_delivered(door):
    skipped = wait_for(door, "a")
    upkeep.skip(door.engine, skipped, now=door.clock())

    upkeep.forget_settled(door.engine, now=door.clock())
    before = states(door)
    door.clock.move(days=31)
    upkeep.forget_settled(door.engine, now=door.clock())

    assert before == {skipped: State.SKIPPED}
    assert states(door) == {}
