"""What an operator does about its webhook: see how it fares, change its secret, send again."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event as database_event

from services.gateway.adapters.webhooks import Webhooks, webhook_of
from services.gateway.courier import intake
from services.gateway.courier.round import Courier
from services.gateway.courier.sending import NotSent
from services.gateway.courier.signing import webhook_headers
from services.gateway.settings import GatewaySettings
from tests.builders.gateway import CITY
from tests.builders.gateway_events import issued, redeemed

pytestmark = pytest.mark.gateway

URL = "https://operator.example/hook"
LOG = "/v1/webhook/deliveries"


class FakeSender:
    """Keeps what is sent; fails while it has an error, or one for a delivery."""

    def __init__(self):
        self.sent, self.error, self.errors = [], None, {}

    def send(self, delivery):
        self.sent.append(delivery.id)
        if error := self.errors.get(delivery.id, self.error):
            raise error


@pytest.fixture
def sender():
    return FakeSender()


@pytest.fixture
def courier(door, sender):
    settings = GatewaySettings(**{**vars(door.settings), "delivery_attempts": 2})
    return Courier(
        engine=door.engine,
        sender=sender,
        settings=settings,
        clock=door.clock,
        spawn=lambda send: send(),
    )


@pytest.fixture
def hooked(door):
    """Give the operator a webhook, and return its record."""
    return ask(door, "PUT", "/v1/webhook", json={"url": URL}).json


def ask(door, method, path, operator_id="hello-bike", **options):
    return door.ask(method, path, door.operator(operator_id), **options)


def tell(door, event=None):
    """Let the courier take in an event of a grant; return the delivery's id."""
    delivery_id = uuid4()
    with door.engine.begin() as connection:
        intake.take_grant_event(
            connection, event or redeemed(), id=delivery_id, city=CITY, now=door.clock()
        )
    door.clock.move(seconds=1)
    return delivery_id


def rounds(door, courier, number=6):
    for _ in range(number):
        courier.start_due()
        door.clock.move(hours=2)


def log(door, **query):
    return ask(door, "GET", LOG, params=query).json


# --- the address and its secret --------------------------------------------------------------


@pytest.mark.usefixtures("hooked")
def test_an_operator_sees_how_its_webhook_fares(door):
    tell(door)

    standing = ask(door, "GET", "/v1/webhook").json

    assert standing == {
        "url": URL,
        "disabled_at": None,
        "disabled_reason": None,
        "old_secret_until": None,
        "waiting": 1,
        "parked": 0,
    }


def test_who_has_no_webhook_is_told_so(door):
    for method, path in [("GET", "/v1/webhook"), ("PUT", f"/v1/webhook/secrets/{uuid4()}")]:
        assert ask(door, method, path).status_code == 404


@pytest.mark.usefixtures("hooked")
def test_a_webhook_that_is_removed_is_told_nothing_more(door):
    for _ in range(2):
        assert ask(door, "DELETE", "/v1/webhook").status_code == 204

    tell(door)

    assert log(door)["deliveries"] == []


def test_for_a_day_both_secrets_sign(door, hooked):
    rotated = ask(door, "PUT", f"/v1/webhook/secrets/{uuid4()}").json

    with door.engine.connect() as connection:
        webhook = webhook_of(connection, "hello-bike")
    assert rotated["secret"] != hooked["secret"]
    assert webhook.signing(door.clock()) == (rotated["secret"], hooked["secret"])
    door.clock.move(hours=24)
    assert webhook.signing(door.clock()) == (rotated["secret"],)


def test_a_body_signed_by_two_secrets_bears_two_signatures():
    said = {"message_id": "m", "sent_at": issued(grant_id=UUID(int=2)).issued_at, "body": b"{}"}
    secrets = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"

    both = webhook_headers(*secrets, **said)["webhook-signature"]

    assert both.split(" ") == [
        webhook_headers(each, **said)["webhook-signature"] for each in secrets
    ]


@pytest.mark.usefixtures("hooked")
def test_a_rotation_that_is_repeated_is_one(door):
    path = f"/v1/webhook/secrets/{uuid4()}"

    first, again = ask(door, "PUT", path).json, ask(door, "PUT", path).json

    assert first == again


def test_no_secret_takes_the_place_of_one_that_still_has_its_day(door, hooked):
    path = f"/v1/webhook/secrets/{uuid4()}"
    first = ask(door, "PUT", path).json
    door.clock.move(hours=23)

    hasty, repeated = ask(door, "PUT", f"/v1/webhook/secrets/{uuid4()}"), ask(door, "PUT", path)
    with door.engine.connect() as connection:
        signing = webhook_of(connection, "hello-bike").signing(door.clock())
    door.clock.move(hours=1)
    later = ask(door, "PUT", f"/v1/webhook/secrets/{uuid4()}")

    assert (hasty.status_code, hasty.json["code"]) == (422, "limit_reached")
    assert signing == (first["secret"], hooked["secret"])
    assert repeated.json == first
    assert later.json["secret"] != first["secret"]


def test_a_secret_stays_while_the_address_changes(door, hooked):
    moved = ask(door, "PUT", "/v1/webhook", json={"url": f"{URL}/2"}).json

    assert (moved["url"], moved["secret"]) == (f"{URL}/2", hooked["secret"])


# --- the log ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("hooked")
def test_the_log_tells_what_became_of_each_delivery(door, courier):
    arrived = tell(door, issued(grant_id=UUID(int=2)))
    courier.start_due()
    waiting = tell(door)

    newest, oldest = log(door)["deliveries"]

    assert newest["delivery_id"] == str(waiting)
    assert (newest["type"], newest["state"]) == ("grant.redeemed", "waiting")
    assert newest["next_attempt_at"] is not None
    assert oldest["delivery_id"] == str(arrived)
    assert (oldest["type"], oldest["state"]) == ("grant.issued", "delivered")
    assert (oldest["attempts"], oldest["next_attempt_at"]) == (1, None)
    assert oldest["grant_id"] == str(UUID(int=2))


@pytest.mark.usefixtures("hooked")
def test_the_log_is_read_page_by_page(door):
    ids = [str(tell(door)) for _ in range(5)]

    read, cursor = [], None
    while True:
        page = log(door, limit=2, **({"after": cursor} if cursor else {}))
        read += [each["delivery_id"] for each in page["deliveries"]]
        if (cursor := page["next"]) is None:
            break

    assert read == ids[::-1]


@pytest.mark.usefixtures("hooked")
def test_the_log_can_be_of_one_state(door, courier):
    tell(door)
    courier.start_due()
    waiting = tell(door)

    [only] = log(door, state="waiting")["deliveries"]

    assert only["delivery_id"] == str(waiting)


@pytest.mark.usefixtures("hooked")
def test_a_cursor_that_is_none_is_named(door):
    answer = ask(door, "GET", LOG, params={"after": str(uuid4())})

    assert answer.status_code == 400
    assert answer.json["errors"][0]["field"] == "query.after"


@pytest.mark.usefixtures("hooked")
def test_no_operator_sees_or_repeats_anothers_deliveries(door):
    sent_id = tell(door)

    assert ask(door, "GET", LOG, "other-bike").json["deliveries"] == []
    for method, path in [("GET", f"{LOG}/{sent_id}"), ("PUT", f"{LOG}/{sent_id}/replay")]:
        assert ask(door, method, path, "other-bike").status_code == 404
    assert ask(door, "POST", "/v1/webhook/replay", "other-bike").json == {"replayed": 0}


@pytest.mark.usefixtures("hooked")
def test_what_arrived_is_sent_again_under_the_same_id(door, courier, sender):
    sent_id = tell(door)
    courier.start_due()

    again = ask(door, "PUT", f"{LOG}/{sent_id}/replay").json
    courier.start_due()

    assert again["state"] == "waiting"
    assert sender.sent == [sent_id, sent_id]
    assert ask(door, "GET", f"{LOG}/{sent_id}").json["state"] == "delivered"


@pytest.mark.usefixtures("hooked")
def test_what_a_grant_tells_arrives_in_order(door, courier, sender):
    sender.error = NotSent("the address cannot be used", final=True)
    first = tell(door, issued(grant_id=UUID(int=2)))
    courier.start_due()
    second, elsewhere = tell(door), tell(door, redeemed(grant_id=UUID(int=77)))
    sender.error = None

    rounds(door, courier)
    assert sender.sent == [first, elsewhere]
    assert ask(door, "POST", "/v1/webhook/replay").json == {"replayed": 1}
    rounds(door, courier)

    assert sender.sent == [first, elsewhere, first, second]


# --- rest ------------------------------------------------------------------------------------


@pytest.fixture
def rested(door, hooked, courier, sender):  # noqa: ARG001  a webhook must be there
    """Let nothing arrive for so long that the webhook rests; return the delivery's id."""
    sender.error = NotSent("HTTP 500")
    sent_id = tell(door)
    rounds(door, courier)
    sender.error = None
    return sent_id


@pytest.mark.usefixtures("rested")
def test_after_long_failure_a_webhook_rests_and_says_why(door):
    standing = ask(door, "GET", "/v1/webhook").json

    assert standing["disabled_at"] is not None
    assert standing["disabled_reason"] == "HTTP 500"
    assert standing["parked"] == 1


@pytest.mark.usefixtures("rested")
def test_while_it_rests_events_are_kept_and_nothing_is_sent(door, courier, sender):
    sent = len(sender.sent)
    tell(door, redeemed(grant_id=UUID(int=77)))
    rounds(door, courier)

    assert len(sender.sent) == sent
    assert ask(door, "GET", "/v1/webhook").json["waiting"] == 1


def test_set_anew_it_gets_everything(door, courier, sender, rested):
    later = tell(door, redeemed(grant_id=UUID(int=77)))
    sender.sent.clear()

    ask(door, "PUT", "/v1/webhook", json={"url": URL})
    rounds(door, courier)

    assert sorted(sender.sent) == sorted([rested, later])
    assert ask(door, "GET", "/v1/webhook").json["disabled_at"] is None


@pytest.fixture
def failing(door, hooked, courier, sender):  # noqa: ARG001  a webhook must be there
    """Let five attempts fail in a row, so that the address rests."""
    sender.error = NotSent("HTTP 500")
    for number in range(5):
        tell(door, redeemed(grant_id=UUID(int=80 + number)))
    courier.start_due()
    sender.error = None
    sender.sent.clear()


@pytest.mark.usefixtures("failing")
def test_an_address_that_failed_again_and_again_rests(door, courier, sender):
    ask(door, "PUT", "/v1/webhook", json={"url": URL})

    courier.start_due()

    assert sender.sent == []


@pytest.mark.usefixtures("failing")
def test_a_new_address_gets_at_once_what_waits_for_its_next_attempt(door, courier, sender):
    ask(door, "PUT", "/v1/webhook", json={"url": URL + "/repaired"})

    courier.start_due()

    assert len(sender.sent) == 5


def test_where_webhooks_go_is_looked_up_once_in_a_round_for_all_that_wait(door, courier, sender):
    for operator_id in ("hello-bike", "other-bike", "third-bike"):
        ask(door, "PUT", "/v1/webhook", operator_id, json={"url": URL})
        tell(door, redeemed(operator_id=operator_id))
    asked = []
    database_event.listen(door.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))

    courier.start_due()

    assert len(sender.sent) == 3
    assert sum("FROM webhooks" in statement for statement in asked) == 1


@pytest.mark.usefixtures("hooked")
def test_what_one_grant_tells_and_never_arrives_lets_no_webhook_rest(door, courier, sender):
    stuck = tell(door, issued(grant_id=UUID(int=2)))
    sender.errors[stuck] = NotSent("HTTP 500")
    for number in range(3):
        tell(door, redeemed(grant_id=UUID(int=80 + number)))
        rounds(door, courier, 1)

    standing = ask(door, "GET", "/v1/webhook").json

    assert (standing["disabled_at"], standing["parked"], standing["waiting"]) == (None, 1, 0)


@pytest.mark.usefixtures("hooked")
def test_an_address_that_is_no_more_is_left_alone_at_once_and_nothing_is_lost(
    door, courier, sender
):
    waiting = [tell(door, redeemed(grant_id=UUID(int=80 + number))) for number in range(3)]
    sender.error = NotSent("HTTP 410", signs_off=True)

    rounds(door, courier)
    standing = ask(door, "GET", "/v1/webhook").json
    tried, sender.error = len(sender.sent), None
    ask(door, "PUT", "/v1/webhook", json={"url": URL})
    rounds(door, courier)

    assert tried == 1
    assert (standing["disabled_reason"], standing["waiting"]) == ("HTTP 410", 3)
    assert sorted(sender.sent[1:]) == sorted(waiting)


@pytest.mark.usefixtures("hooked")
@pytest.mark.parametrize(("asked", "waited"), [(600, 600), (86_400, 3600), (0, 2)])
def test_who_asks_to_be_left_alone_is_but_no_longer_than_the_longest_delay(
    door, courier, sender, asked, waited
):
    sent_id = tell(door)
    sender.error = NotSent("HTTP 429", pause=timedelta(seconds=asked))
    tried_at = door.clock()

    courier.start_due()

    next_at = datetime.fromisoformat(ask(door, "GET", f"{LOG}/{sent_id}").json["next_attempt_at"])
    assert waited / 2 <= (next_at - tried_at).total_seconds() <= waited


@pytest.mark.usefixtures("rested")
def test_anothers_deliveries_go_on(door, courier, sender):
    Webhooks(door.engine).put("other-bike", URL)
    sender.sent.clear()

    sent_id = tell(door, redeemed(operator_id="other-bike", grant_id=UUID(int=77)))
    rounds(door, courier)

    assert sender.sent == [sent_id]


@pytest.mark.parametrize("port", ["99999", "0"])
def test_a_webhook_at_no_port_is_refused(door, port):
    body = {"url": f"https://a.example:{port}/hook"}

    answer = door.ask("PUT", "/v1/webhook", door.operator(), json=body)

    assert answer.status_code == 400
    assert [each["field"] for each in answer.json["errors"]] == ["url"]
