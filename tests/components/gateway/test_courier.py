"""What the courier takes in, how it signs, and when it gives up; without a network."""

import io
import json
from dataclasses import replace
from datetime import timedelta
from random import seed
from uuid import UUID, uuid4

import pytest
import requests
from joserfc.jwk import OKPKey

from contracts.recognition import NoticeReady
from contracts.scenarios import GrantEnded
from contracts.words import GrantState
from services.gateway.adapters.webhooks import Webhooks
from services.gateway.courier import deliveries, intake, upkeep
from services.gateway.courier.bodies import webhook_body
from services.gateway.courier.breaker import Breaker
from services.gateway.courier.deliveries import Kind, State
from services.gateway.courier.round import BATCH, Courier
from services.gateway.courier.sending import NotSent, Sender
from services.gateway.courier.signing import webhook_headers
from services.gateway.settings import GatewaySettings
from tests.builders.gateway import CITY, PARTNER
from tests.builders.gateway_events import issued, redeemed, restored
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


def wait_for(door, recipient=PARTNER, id=None, subject=None):
    event = NoticeReady(
        notice_id=id or uuid4(), recipient=recipient, token="a.b.c", subject=subject
    )
    with door.engine.begin() as connection:
        intake.take_notice(connection, event, now=door.clock())
    return event.notice_id


def states(door):
    return {each.id: each.state for each in upkeep.listed(door.engine)}


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

    [delivery] = upkeep.listed(door.engine)
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


def test_a_webhook_tells_that_a_grant_is_open_again_and_not_why():
    body = json.loads(webhook_body(restored(), city=CITY))

    assert body == {
        "type": "grant.restored",
        "timestamp": "2026-11-05T02:00:00Z",
        "data": {
            "grant_id": str(UUID(int=2)),
            "incentive_id": "long-ride",
            "scenario_id": "bikes",
            "operator_id": "hello-bike",
            "value_fen": 0,
            "uses_left": 1,
            "restored_at": "2026-11-05T02:00:00Z",
            "until": "2026-11-06T02:00:00Z",
        },
    }


def test_no_webhook_names_a_person_or_their_home(door):
    Webhooks(door.engine).put("hello-bike", "https://operator.example/hook")

    for event in (issued(), redeemed(), an_end(GrantState.EXPIRED, "over"), restored()):
        take(door, event, uuid4())

    bodies = [json.loads(each.body) for each in upkeep.listed(door.engine)]
    kinds = {"grant.issued", "grant.redeemed", "grant.ended", "grant.restored"}
    assert {body["type"] for body in bodies} == kinds
    hidden = {"holder", "home", "attestation_id", "holder_issued", "holder_period"}
    assert not any(hidden & body["data"].keys() for body in bodies)


def vars_of(message):
    return message.__dataclass_fields__


def test_an_operator_without_a_webhook_is_told_nothing(door):
    take(door, redeemed())

    assert upkeep.listed(door.engine) == []


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
        [delivery] = upkeep.listed(door.engine)
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
    replayed = upkeep.replay(door.engine, waiting, now=door.clock())
    courier.start_due()

    assert parked == {waiting: State.PARKED}
    assert replayed
    assert states(door) == {waiting: State.DELIVERED}
    assert not upkeep.replay(door.engine, waiting, now=door.clock())


def test_a_body_that_will_never_do_is_parked_at_once(door, courier):
    waiting = wait_for(door)
    courier.sender.failures[PARTNER] = NotSent("HTTP 400", final=True)

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


def test_a_dead_destinations_backlog_keeps_nothing_from_the_others(door, courier):
    backlog = [wait_for(door) for _ in range(BATCH + 1)]
    courier.sender.failures[PARTNER] = NotSent("ConnectTimeout")
    courier.start_due()
    others = {wait_for(door, city) for city in ("350100", "440100")}

    courier.start_due()

    arrived = {one for one, state in states(door).items() if state is State.DELIVERED}
    assert arrived == others
    assert len(courier.sender.sent) == 5 + len(others) < len(backlog)


def test_what_was_given_up_starts_over_when_its_city_answers_again(door, courier):
    given_up = wait_for(door)
    courier.sender.failures[PARTNER] = NotSent("HTTP 503")
    for _ in range(4):
        courier.start_due()
        door.clock.move(hours=2)
    parked = states(door)

    courier.sender.failures.clear()
    news = wait_for(door)
    courier.start_due()
    courier.start_due()

    assert parked == {given_up: State.PARKED}
    assert states(door) == {given_up: State.DELIVERED, news: State.DELIVERED}


def test_what_will_never_do_stays_parked_when_its_city_answers_again(door, courier):
    hopeless = wait_for(door)
    courier.sender.failures[PARTNER] = NotSent("HTTP 400", final=True)
    courier.start_due()

    courier.sender.failures.clear()
    news = wait_for(door)
    courier.start_due()

    assert states(door) == {hopeless: State.PARKED, news: State.DELIVERED}


def replay_unread(door, courier):
    upkeep.replay_unread(
        door.engine, given_up_after=courier.settings.delivery_attempts, now=door.clock()
    )
    courier.start_due()


def test_what_a_city_cannot_read_is_tried_again_until_it_has_been_upgraded(door, courier):
    Webhooks(door.engine).put("hello-bike", "https://operator.example/hook")
    take(door, redeemed())
    notice, webhook = wait_for(door), EVENT
    courier.sender.failures |= dict.fromkeys(
        ("hello-bike", PARTNER), NotSent("HTTP 400", final=True)
    )
    courier.start_due()
    door.clock.move(hours=5)
    replay_unread(door, courier)
    too_early = len(courier.sender.sent)
    door.clock.move(hours=1)
    replay_unread(door, courier)
    still_unread = states(door)

    courier.sender.failures.clear()
    door.clock.move(hours=6)
    replay_unread(door, courier)

    assert too_early == 2
    assert still_unread == {notice: State.PARKED, webhook: State.PARKED}
    assert courier.sender.sent.count(notice) == 3
    assert states(door) == {notice: State.DELIVERED, webhook: State.PARKED}


def test_what_no_city_takes_any_more_is_given_up_and_holds_back_nothing(door, courier):
    old, gone = wait_for(door, subject="usage"), wait_for(door, "350100")
    courier.sender.failures[PARTNER] = NotSent("HTTP 400", final=True)
    courier.sender.failures["350100"] = NotSent("the city is not in the roster")
    courier.start_due()
    door.clock.move(days=61)
    later = wait_for(door, subject="usage")
    too_early = upkeep.skip_too_old(door.engine, now=door.clock())
    door.clock.move(days=1)

    skipped = upkeep.skip_too_old(door.engine, now=door.clock())
    courier.sender.failures.clear()
    courier.start_due()

    assert (too_early, skipped) == (0, 2)
    assert states(door) == {
        old: State.SKIPPED,
        gone: State.SKIPPED,
        later: State.DELIVERED,
    }
    assert {each.body for each in upkeep.listed(door.engine)} == {""}


def test_what_was_given_up_is_not_taken_for_what_could_not_be_read(door, courier):
    wait_for(door)
    courier.sender.failures[PARTNER] = NotSent("HTTP 503")
    for _ in range(4):
        courier.start_due()
        door.clock.move(hours=2)
    door.clock.move(days=1)

    replay_unread(door, courier)

    assert len(courier.sender.sent) == 4


def test_what_a_notice_said_is_forgotten_when_it_has_arrived(door, courier):
    wait_for(door)
    waits = [each.body for each in upkeep.listed(door.engine)]

    courier.start_due()

    arrived = [each.body for each in upkeep.listed(door.engine)]
    assert (waits, arrived) == (["a.b.c"], [""])


def test_what_a_notice_said_is_forgotten_when_it_is_skipped(door):
    given_up = wait_for(door)

    assert upkeep.skip(door.engine, given_up, now=NOW)

    assert [each.body for each in upkeep.listed(door.engine)] == [""]


def test_what_was_delivered_long_ago_is_forgotten_and_nothing_else(door, courier):
    old, parked = wait_for(door), wait_for(door, "350100")
    courier.sender.failures["350100"] = NotSent("HTTP 400", final=True)
    courier.start_due()
    door.clock.move(days=1)
    recent = wait_for(door)
    courier.start_due()
    door.clock.move(days=30)

    more = upkeep.forget_settled(door.engine, now=door.clock())

    assert not more
    assert states(door) == {parked: State.PARKED, recent: State.DELIVERED}
    assert old not in states(door)


def test_what_somebody_else_is_sending_is_left_alone_until_their_lease_is_over(door, courier):
    waiting = wait_for(door)
    [delivery] = upkeep.listed(door.engine)
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

    assert upkeep.counted(door.engine) == {
        State.WAITING: 1,
        State.DELIVERED: 1,
        State.PARKED: 1,
        State.SKIPPED: 0,
        State.GONE: 0,
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
    [delivery] = upkeep.listed(door.engine)

    with pytest.raises(NotSent) as refused:
        a_sender(door).send(delivery)

    assert refused.value.final


class Answering:
    """Stands in for the network: every request gets the same answer."""

    def __init__(self, status, **headers):
        self.status, self.headers = status, headers

    def send(self, _request, **_options):
        response = requests.Response()
        response.status_code, response.raw = self.status, io.BytesIO()
        response.headers.update(self.headers)
        return response


@pytest.mark.parametrize(
    ("status", "final"), [(422, False), (403, False), (410, False), (400, True)]
)
def test_a_city_that_refuses_a_notice_is_asked_again_unless_it_cannot_read_it(door, status, final):
    door.adopt()
    wait_for(door)
    [delivery] = upkeep.listed(door.engine)
    sender = replace(a_sender(door), sessions={Kind.NOTICE: Answering(status)})

    with pytest.raises(NotSent) as refused:
        sender.send(delivery)

    assert refused.value.final is final


def answered_webhook(door, answering):
    Webhooks(door.engine).put("hello-bike", "https://operator.example/hook")
    take(door, redeemed())
    [delivery] = upkeep.listed(door.engine)
    with pytest.raises(NotSent) as refused:
        replace(a_sender(door), sessions={Kind.WEBHOOK: answering}).send(delivery)
    return refused.value


@pytest.mark.parametrize("status", [307, 400, 404, 413, 415, 422, 429, 500])
def test_an_operator_is_tried_again_whatever_its_answer(door, status):
    refused = answered_webhook(door, Answering(status))

    assert (refused.final, refused.signs_off) == (False, False)


def test_an_operator_whose_address_is_gone_signs_off(door):
    refused = answered_webhook(door, Answering(410))

    assert (refused.final, refused.signs_off) == (False, True)


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("120", 120),
        ("9" * 30, 999_999_999),
        ("Thu, 05 Nov 2026 02:10:00 GMT", 600),
        ("Thu, 05 Nov 2020 02:10:00 GMT", 0),
        ("soon", 0),
        ("-5", 0),
        ("", 0),
    ],
)
def test_whoever_asks_for_time_is_heard(door, asked, seconds):
    refused = answered_webhook(door, Answering(503, **{"Retry-After": asked}))

    assert refused.pause == seconds * SECOND


def test_a_city_that_is_not_in_the_roster_is_waited_for(door):
    wait_for(door)
    [delivery] = upkeep.listed(door.engine)

    with pytest.raises(NotSent, match="roster") as waited:
        a_sender(door).send(delivery)

    assert not waited.value.final
