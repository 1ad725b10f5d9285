"""The courier over real HTTP: destinations that fail, hang, recover, and a courier that dies."""

import json
import threading
import uuid
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from joserfc.jwk import OKPKey
from kombu.connection import Connection

from contracts import wire
from contracts.errors import Unavailable
from contracts.recognition import NoticeReady
from contracts.subscriptions import EXCHANGE
from services.gateway.adapters.webhooks import Webhooks
from services.gateway.courier import upkeep
from services.gateway.courier.deliveries import State
from services.gateway.courier.service import CourierService
from services.gateway.eligibility.service import EligibilityService
from services.plumbing.broker.transport import forget
from services.plumbing.clock import utc_now
from services.plumbing.database import close_database, open_database
from services.plumbing.migrate import upgrade
from services.plumbing.runner import Services, container_config
from tests.builders.gateway import HOLDER, a_door, a_roster, an_incentive, gateway_settings
from tests.builders.gateway_events import recognised, redeemed
from tests.integration import test_durability

pytestmark = pytest.mark.gateway

until = partial(test_durability.until, patience=60)
FAST = {
    "delivery_first_delay": 0.05,
    "delivery_longest_delay": 0.1,
    "delivery_poll": 0.05,
    "delivery_timeout": 2.0,
    "breaker_failures": 3,
    "breaker_rest": 0.5,
    "webhooks_to_private_addresses": True,
}


class Receiver:
    """A partner's gateway or an operator's system, on a port of its own."""

    def __init__(self):
        receiver = self
        self.status, self.received, self.hold, self.polls = 200, [], None, 0

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path == "/v1/notices/poll":
                    receiver.polls += 1
                    return self.answer(b'{"sets": {}}')
                receiver.received.append((self.path, dict(self.headers), body))
                if receiver.hold is not None:
                    receiver.hold.wait(60)
                return self.answer(b"")

            def answer(self, body):
                self.send_response(receiver.status)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Node:
    """The gateway's two consumers on a bus and a database of their own."""

    def __init__(self, directory, **settings):
        self.key = OKPKey.generate_key("Ed25519")
        (directory / "transport.jwk").write_text(json.dumps(self.key.as_dict(private=True)))
        self.bus_name = uuid.uuid4().hex
        self.bus_url = f"inprocess://localhost/{self.bus_name}"
        self.settings = gateway_settings(directory, bus_url=self.bus_url, **FAST | settings)
        self.engine = open_database(self.settings.gateway_database)
        upgrade(self.engine, "services.gateway")
        self.start()

    def start(self):
        config = container_config(
            bus_url=self.bus_url,
            settings=self.settings,
            database_url=self.settings.gateway_database,
        )
        self.services = Services().add(CourierService, config).add(EligibilityService, config)
        self.services.start()

    def close(self):
        self.services.stop()
        close_database(self.settings.gateway_database)
        forget(self.bus_name)

    def announce(self, event, id=None):
        name = wire.contract_of(type(event)).name
        with Connection(self.bus_url) as connection, connection.Producer() as producer:
            producer.publish(
                wire.encode(event, at=utc_now(), id=id),
                exchange=EXCHANGE,
                routing_key=name,
                serializer="json",
            )

    def states(self):
        return {each.id: each.state for each in upkeep.listed(self.engine)}


@pytest.fixture
def node(tmp_path):
    node = Node(tmp_path)
    yield node
    node.close()


@pytest.fixture
def wary_node(tmp_path):
    """Run one that soon gives up waiting, and lets who failed rest for longer than a test takes."""
    node = Node(tmp_path, delivery_timeout=0.5, breaker_rest=3600)
    yield node
    node.close()


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.stop()


@pytest.fixture
def other():
    other = Receiver()
    yield other
    other.stop()


def a_notice(recipient="410100"):
    return NoticeReady(notice_id=uuid.uuid4(), recipient=recipient, token="a.b.c")


def test_a_notice_reaches_a_city_signed_so_that_its_gateway_believes_it(node, receiver, tmp_path):
    node.announce(a_roster(node.key, url=receiver.url))
    notice = a_notice()

    node.announce(notice)
    until(lambda: node.states() == {notice.notice_id: State.DELIVERED})

    (path, headers, body) = receiver.received[0]
    assert (path, body) == ("/v1/notices", b"a.b.c")
    partner = a_gateway_that_knows(node.key, tmp_path / "partner", receiver.url)
    answer = partner.ask("POST", path, headers=headers, body=body)
    assert (answer.status_code, answer.json["code"]) == (503, Unavailable("unavailable").code)
    assert partner.bus.sent[0].token == "a.b.c"
    close_database(partner.settings.gateway_database)


def a_gateway_that_knows(key, directory, url):
    directory.mkdir()
    door = a_door(directory, gateway_url=url)
    door.partner, door.clock.now = key, utc_now()
    door.adopt()
    return door


def test_an_operator_gets_each_event_under_its_own_id(node, receiver):
    Webhooks(node.engine).put("hello-bike", f"{receiver.url}/hook?a=b")
    event_id = uuid.uuid4()

    node.announce(redeemed(), event_id)
    node.announce(redeemed(), event_id)
    until(lambda: node.states() == {event_id: State.DELIVERED})

    [(path, headers, body)] = receiver.received
    assert path == "/hook?a=b"
    assert headers["webhook-id"] == str(event_id)
    assert headers["webhook-signature"].startswith("v1,")
    assert json.loads(body)["type"] == "grant.redeemed"


def test_a_destination_that_recovers_gets_what_waited(node, receiver):
    receiver.status = 503
    node.announce(a_roster(node.key, url=receiver.url))
    notices = [a_notice() for _ in range(3)]
    for notice in notices:
        node.announce(notice)
    until(lambda: len(receiver.received) >= 3)

    receiver.status = 202
    ids = {notice.notice_id for notice in notices}
    until(lambda: node.states() == dict.fromkeys(ids, State.DELIVERED))


def test_a_resting_destination_is_not_hammered_and_does_not_hold_up_others(
    wary_node, receiver, other
):
    node = wary_node
    receiver.hold = threading.Event()
    Webhooks(node.engine).put("hello-bike", other.url)
    node.announce(a_roster(node.key, url=receiver.url))
    for _ in range(20):
        node.announce(a_notice())
    until(lambda: len(receiver.received) == FAST["breaker_failures"])

    node.announce(redeemed())
    until(lambda: other.received)

    assert len(receiver.received) == FAST["breaker_failures"]
    receiver.hold.set()


def test_what_waits_survives_the_courier(node, receiver):
    receiver.status = 500
    notice = a_notice()
    node.announce(a_roster(node.key, url=receiver.url))
    node.announce(notice)
    until(lambda: receiver.received)
    node.services.stop()
    before = node.states()

    receiver.status = 202
    node.start()
    until(lambda: node.states() == {notice.notice_id: State.DELIVERED})

    assert before == {notice.notice_id: State.WAITING}


def test_a_city_is_polled_when_its_roster_is_adopted_and_at_each_start(node, receiver):
    node.announce(a_roster(node.key, url=receiver.url))
    until(lambda: receiver.polls == 1)

    node.services.stop()
    node.start()
    until(lambda: receiver.polls == 2)


def test_a_redirection_is_not_followed(node, receiver):
    receiver.status = 307
    node.announce(a_roster(node.key, url=receiver.url))

    node.announce(a_notice())
    until(lambda: len(receiver.received) >= 2)

    [delivery] = upkeep.listed(node.engine)
    assert (delivery.state, delivery.error) == (State.WAITING, "HTTP 307")


def test_the_read_side_hears_what_it_answers_from(node, tmp_path):
    node.announce(recognised())
    node.announce(an_incentive())
    until(lambda: projected(node))

    door = a_door(tmp_path)
    answer = door.ask("GET", "/v1/eligibility", door.holder(holder=HOLDER))

    assert [offer["eligible"] for offer in answer.json["offers"]] == [True]


def projected(node):
    with node.engine.connect() as connection:
        return connection.exec_driver_sql(
            "SELECT 1 FROM holders, incentives WHERE tier IS NOT NULL"
        ).first()
