"""What the courier takes in, how it signs, and when it gives up; without a network."""

import json
from datetime import timedelta
from random import seed
from uuid import UUID, uuid4

import pytest
from joserfc.jwk import OKPKey

from contracts.recognition import NoticeReady
from contracts.scenarios import GrantEnded
from contracts.words import GrantState
from services.gateway.adapters.clients import Webhooks
from services.gateway.courier import deliveries, intake
from services.gateway.courier.bodies import webhook_body
from services.gateway.courier.breaker import Breaker
from services.gateway.courier.deliveries import Kind, State
from services.gateway.courier.round import Courier
from services.gateway.courier.sending import NotSent, Sender
from services.gateway.courier.signing import webhook_headers
from services.gateway.settings import GatewaySettings
from tests.builders.gateway import CITY, PARTNER
from tests.builders.gateway_events import issued, redeemed
from tests.fakes.gateway import FakeClock

pytestmark = pytest.mark.gateway

NOW = FakeClock.START
SECOND = timedelta(seconds=1)


class FakeSender:
    """Sends nowhere; fails as told, destination by destination."""

    def __init__(self):
        self.sent, self.failures = [], {}

    def send(self, delivery):
        self.sent.append(delivery.id)
        if failure := self.failures.get(delivery.recipient):
            raise failure


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


def wait_for(door, recipient=PARTNER, id=None):
    event = NoticeReady(notice_id=id or uuid4(), recipient=recipient, token="a.b.c")
    with door.engine.begin() as connection:
        intake.take_notice(connection, event, now=door.clock())
    return event.notice_id


def states(door):
    return {each.id: each.state for each in deliveries.listed(door.engine)}


EVENT = UUID(int=9)


def take(door, event, id=EVENT):
    with door.engine.begin() as connection:
        intake.take_grant_event(connection, event, id=id, city=CITY, now=door.clock())


def test_a_webhook_is_signed_as_the_specification_shows():
    headers = webhook_headers(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        sent_at=NOW.fromtimestamp(1614265330, NOW.tzinfo),
        body=b'{"test": 2432232314}',
    )

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_an_operator_is_told_of_a_redemption_but_not_whose(door):
    Webhooks(door.engine).put("hello-bike", "https://operator.example/hook")

    take(door, redeemed())

    [delivery] = deliveries.listed(door.engine)
    assert (delivery.id, delivery.kind, delivery.recipient) == (
        UUID(int=9),
        Kind.WEBHOOK,
        "hello-bike",
    )
    assert json.loads(delivery.body) == {
        "type": "grant.redeemed",
        "timestamp": "2026-11-05T02:00:00Z",
        "data": {
            "grant_id": str(UUID(int=2)),
            "redemption_id": str(UUID(int=4)),
            "incentive_id": "long-ride",
            "scenario_id": "bikes",
            "operator_id": "hello-bike",
            "value_fen": 0,
            "uses_left": 0,
            "redeemed_at": "2026-11-05T02:00:00Z",
        },
    }


def an_end(state, reason):
    end = {name: value for name, value in vars(redeemed()).items() if name in vars_of(GrantEnded)}
    return GrantEnded(**end, state=state, reason=reason, ended_at=NOW)


def test_no_webhook_tells_why_a_grant_ended():
    ends = [
        (GrantState.EXPIRED, "over"),
        (GrantState.REVOKED, "consent_withdrawn"),
        (GrantState.REVOKED, "score_changed"),
    ]

    bodies = {webhook_body(an_end(*end), city=CITY) for end in ends}

    assert len(bodies) == 1


def test_no_webhook_names_a_person_or_their_home(door):
    Webhooks(door.engine).put("hello-bike", "https://operator.example/hook")

    for event in (issued(), redeemed(), an_end(GrantState.EXPIRED, "over")):
        take(door, event, uuid4())

    bodies = [json.loads(each.body) for each in deliveries.listed(door.engine)]
    assert {body["type"] for body in bodies} == {"grant.issued", "grant.redeemed", "grant.ended"}
    hidden = {"holder", "home", "attestation_id", "holder_issued", "holder_period"}
    assert not any(hidden & body["data"].keys() for body in bodies)


def vars_of(message):
    return message.__dataclass_fields__


def test_an_operator_without_a_webhook_is_told_nothing(door):
    take(door, redeemed())

    assert deliveries.listed(door.engine) == []


def test_an_event_that_comes_twice_is_delivered_once(door, courier):
    waiting = wait_for(door)
    wait_for(door, id=waiting)

    courier.start_due()
    courier.start_due()

    assert courier.sender.sent == [waiting]
    assert states(door) == {waiting: State.DELIVERED}


def test_a_failure_is_tried_again_after_twice_the_delay(door, courier):
    seed(7)
    waiting = wait_for(door)
    courier.sender.failures[PARTNER] = NotSent("HTTP 503")
    waits = []

    for _ in range(3):
        courier.start_due()
        [delivery] = deliveries.listed(door.engine)
        waits.append((delivery.due_at - door.clock()).total_seconds())
        door.clock.now = delivery.due_at

    assert delivery.error == "HTTP 503"
    assert [wait / 2**n for n, wait in enumerate(waits)] == pytest.approx([1.5] * 3, abs=0.5)
    assert courier.sender.sent == [waiting] * 3


def test_after_the_limit_a_delivery_is_parked_until_it_is_replayed(door, courier):
    waiting = wait_for(door)
    courier.sender.failures[PARTNER] = NotSent("HTTP 503")
    for _ in range(6):
        courier.start_due()
        door.clock.move(hours=2)
    parked = states(door)

    courier.sender.failures.clear()
    replayed = deliveries.replay(door.engine, waiting, now=door.clock())
    courier.start_due()

    assert parked == {waiting: State.PARKED}
    assert replayed
    assert states(door) == {waiting: State.DELIVERED}
    assert not deliveries.replay(door.engine, waiting, now=door.clock())


def test_a_body_that_will_never_do_is_parked_at_once(door, courier):
    waiting = wait_for(door)
    courier.sender.failures[PARTNER] = NotSent("HTTP 410", final=True)

    courier.start_due()

    assert states(door) == {waiting: State.PARKED}
    assert len(courier.sender.sent) == 1


def test_a_destination_that_keeps_failing_rests_and_others_do_not(door, courier):
    for _ in range(9):
        wait_for(door)
    other = wait_for(door, "350100")
    courier.sender.failures[PARTNER] = NotSent("ConnectTimeout")

    courier.start_due()
    courier.start_due()
    tried = len(courier.sender.sent)
    door.clock.move(seconds=31)
    courier.start_due()

    assert tried == 5 + 1
    assert len(courier.sender.sent) == tried + 1
    assert states(door)[other] == State.DELIVERED


def test_a_rested_destination_that_answers_gets_everything(door, courier):
    ids = {wait_for(door) for _ in range(9)}
    courier.sender.failures[PARTNER] = NotSent("ConnectTimeout")
    courier.start_due()

    courier.sender.failures.clear()
    door.clock.move(seconds=31)
    courier.start_due()

    assert states(door) == dict.fromkeys(ids, State.DELIVERED)


def test_what_somebody_else_is_sending_is_left_alone_until_their_lease_is_over(door, courier):
    waiting = wait_for(door)
    [delivery] = deliveries.listed(door.engine)
    lease = 30 * SECOND

    first = deliveries.claim(door.engine, delivery, now=door.clock(), lease=lease)
    second = deliveries.claim(door.engine, delivery, now=door.clock(), lease=lease)
    courier.start_due()
    before = list(courier.sender.sent)
    door.clock.move(seconds=30)
    courier.start_due()

    assert (first, second) == (True, False)
    assert (before, courier.sender.sent) == ([], [waiting])


def test_deliveries_are_counted_by_state(door, courier):
    wait_for(door)
    wait_for(door, "350100")
    courier.sender.failures["350100"] = NotSent("HTTP 400", final=True)
    courier.start_due()
    wait_for(door)

    assert deliveries.counted(door.engine) == {
        State.WAITING: 1,
        State.DELIVERED: 1,
        State.PARKED: 1,
    }


def test_a_breaker_opens_after_failures_in_a_row_only():
    breaker = Breaker(2, SECOND)

    breaker.failed(NOW)
    breaker.succeeded()
    breaker.failed(NOW)
    closed = breaker.allows(NOW)
    breaker.failed(NOW)

    assert closed
    assert not breaker.allows(NOW)
    assert breaker.allows(NOW + SECOND)


def a_sender(door):
    return Sender(
        engine=door.engine,
        sessions={},
        transport_key=OKPKey.generate_key("Ed25519"),
        clock=door.clock,
        timeout=1,
    )


@pytest.mark.parametrize("url", ["ftp://a.example/", "file:///etc/passwd", "a.example", "http://"])
def test_nothing_is_sent_to_what_is_no_web_address(door, url):
    Webhooks(door.engine).put("hello-bike", url)
    take(door, redeemed())
    [delivery] = deliveries.listed(door.engine)

    with pytest.raises(NotSent) as refused:
        a_sender(door).send(delivery)

    assert refused.value.final


def test_a_city_that_is_not_in_the_roster_is_waited_for(door):
    wait_for(door)
    [delivery] = deliveries.listed(door.engine)

    with pytest.raises(NotSent, match="roster") as waited:
        a_sender(door).send(delivery)

    assert not waited.value.final
