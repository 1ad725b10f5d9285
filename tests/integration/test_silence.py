"""Brokers that say nothing, replies that say nothing of use, starts that fail: nobody hangs."""

import signal
import socket
import time
import uuid

import pytest
from kombu.connection import Connection
from kombu.entity import Queue
from nameko.extensions import DependencyProvider

from contracts.errors import Internal, Unavailable
from contracts.recognition import RevokeAttestation
from contracts.words import RevocationReason
from services.plumbing.broker.transport import forget
from services.plumbing.bus import AWAY_SECONDS, Bus
from services.plumbing.clock import utc_now
from services.plumbing.database import close_database
from services.plumbing.green import eventlet
from services.plumbing.runner import Services, container_config, run_forever
from services.plumbing.topology import RPC, connection_to
from tests.integration.ledger import Node

TIMEOUT = 0.5
COMMAND = RevokeAttestation(attestation_id=uuid.UUID(int=1), reason=RevocationReason.CITY_DECISION)


@pytest.fixture
def silent():
    """Give a bus to a broker that lets everybody in and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        bus = Bus(f"amqp://127.0.0.1:{server.getsockname()[1]}//", utc_now, TIMEOUT)
        yield bus
        bus.close()


def seconds_of(bus):
    """Call in vain; return how long that took."""
    started = time.monotonic()
    with pytest.raises(Unavailable):
        bus.call(COMMAND)
    return time.monotonic() - started


def test_callers_of_a_silent_broker_wait_side_by_side_and_no_longer_than_their_time(silent):
    callers = [eventlet.spawn(seconds_of, silent) for _ in range(50)]

    assert max(caller.wait() for caller in callers) < 25 * TIMEOUT


def test_that_the_broker_is_away_is_found_out_once_and_told_to_the_others_at_once(silent):
    first, *others = (seconds_of(silent) for _ in range(5))
    eventlet.sleep(AWAY_SECONDS)
    after_a_while = seconds_of(silent)

    assert min(others) < TIMEOUT <= min(first, after_a_while)


@pytest.fixture
def bus():
    name = uuid.uuid4().hex
    bus = Bus(f"inprocess://localhost/{name}", utc_now, TIMEOUT)
    yield bus
    bus.close()
    forget(name)


@pytest.fixture
def babbler(bus):
    """Answer every command with something that is no JSON."""
    address = "recognition.revoke_attestation"
    with Connection(bus._url) as connection, connection.Producer() as producer:  # noqa: SLF001

        def babble(message):
            to, number = (message.properties[key] for key in ("reply_to", "correlation_id"))
            producer.publish(b"{", exchange=RPC, routing_key=to, correlation_id=number)

        queue = Queue(address, exchange=RPC, routing_key=address, auto_delete=True)
        with connection.Consumer([queue], on_message=babble, no_ack=True):
            thread = eventlet.spawn(drain, connection)
            yield
            thread.kill()


def drain(connection):
    while True:
        connection.drain_events()


@pytest.mark.usefixtures("babbler")
def test_a_reply_that_is_no_json_is_an_error_of_its_service_and_ends_no_other_call(bus):
    for _ in range(2):
        with pytest.raises(Internal):
            bus.call(COMMAND)


@pytest.mark.usefixtures("babbler")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_whatever_ends_the_thread_that_takes_replies_the_next_call_has_a_new_one(bus, monkeypatch):
    with pytest.raises(Internal):
        bus.call(COMMAND)
    calls = bus._calls  # noqa: SLF001  there is no other way to make it fail

    monkeypatch.setattr(calls._replies, "heartbeat_check", lambda: 1 / 0)  # noqa: SLF001
    with eventlet.Timeout(60):
        while calls.alive:
            eventlet.sleep(0.05)

    with pytest.raises(Internal):
        bus.call(COMMAND)


def test_a_peer_that_is_gone_without_a_word_is_noticed_in_seconds(rabbitmq):
    with connection_to(rabbitmq.url) as connection:
        peer = connection.connection.transport.sock

        assert peer.getsockopt(socket.SOL_TCP, socket.TCP_USER_TIMEOUT) == 10_000
        assert peer.getsockopt(socket.SOL_TCP, socket.TCP_KEEPIDLE) == 10


class Unwilling(DependencyProvider):
    def start(self):
        raise RuntimeError("it cannot start")


class Unfortunate:
    name = "unfortunate"

    unwilling = Unwilling()


def test_a_service_that_cannot_start_ends_the_process_with_its_error(bus):
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    config = container_config(
        bus_url=bus._url,  # noqa: SLF001
        settings=None,
        database_url="none",
        subscriptions={},
    )

    with eventlet.Timeout(5), pytest.raises(RuntimeError, match="it cannot start"):
        run_forever(Services().add(Unfortunate, config))

    for number, handler in handlers.items():
        signal.signal(number, handler)


def test_a_service_that_is_ended_while_it_waits_for_its_broker_never_starts(tmp_path):
    node = Node("amqp://127.0.0.1:1//", f"sqlite:///{tmp_path}/ledger.db", "ledger.nowhere")
    services = node.services()
    starting = eventlet.spawn(services.start)
    eventlet.sleep(TIMEOUT)

    services.stop()
    starting.wait()

    assert not any(container.started for container in services.containers)
    close_database(node.database_url)
