"""Nothing announced is lost, nothing is done twice: on both pairs of bus and database."""

import io
import json
import logging
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import structlog
from kombu.connection import Connection
from prometheus_client import REGISTRY
from sqlalchemy import event as listening

from contracts import wire
from contracts.errors import Internal, Malformed, Refused, Unavailable
from contracts.recognition import RecognitionEnded, RevokeAttestation
from contracts.words import RevocationReason
from services.plumbing import parked
from services.plumbing.broker.transport import forget
from services.plumbing.bus import Bus
from services.plumbing.clock import utc_now
from services.plumbing.database import close_database
from services.plumbing.green import eventlet
from services.plumbing.log import configure_logs
from services.plumbing.message_tables import MESSAGES
from services.plumbing.relay import Relay
from services.plumbing.topology import DELIVERY_LIMIT, Subscriptions, declare_topology
from tests.integration.ledger import Node, an_event
from tests.servers import postgresql as postgresql_server
from tests.servers import rabbitmq as rabbitmq_server
from tests.servers.process import Server

PATIENCE = 60.0
# RabbitMQ 3.10 writes down the name of a new quorum queue about a second after it declared it; a
# crash before leaves a queue that never elects a leader (rabbitmq-server issue 10070).
SECONDS_TO_DISK = 3.0


def until(what: Callable[[], object], patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while not what():
        assert time.monotonic() < deadline, "it did not happen"
        eventlet.sleep(0.02)


@contextmanager
def a_node(bus_url: str, database_url: str) -> Iterator[Node]:
    node = Node(bus_url, database_url, f"ledger.{uuid.uuid4().hex[:8]}")
    try:
        yield node
    finally:
        close_database(database_url)
        with Connection(bus_url) as connection:
            for name in (node.queue, f"{node.queue}.dead"):
                connection.channel().queue_delete(name)


@contextmanager
def an_inprocess_node(directory: Path) -> Iterator[Node]:
    name = uuid.uuid4().hex
    with a_node(f"inprocess://localhost/{name}", f"sqlite:///{directory}/ledger.db") as node:
        yield node
    forget(name)


@contextmanager
def a_rabbitmq_node(bus_url: str, server_url: str) -> Iterator[Node]:
    database = postgresql_server.create_database(server_url, "ledger")
    with a_node(bus_url, database) as node:
        yield node
    postgresql_server.drop_database(server_url, database)


@pytest.fixture(
    params=[
        "inprocess",
        pytest.param("rabbitmq", marks=[pytest.mark.rabbitmq, pytest.mark.postgresql]),
    ]
)
def node(request, tmp_path) -> Iterator[Node]:
    if request.param == "inprocess":
        with an_inprocess_node(tmp_path) as node:
            yield node
    else:
        bus, database = (request.getfixturevalue(name).url for name in ("rabbitmq", "postgresql"))
        with a_rabbitmq_node(bus, database) as node:
            yield node


@pytest.fixture
def rabbitmq_node(rabbitmq, postgresql) -> Iterator[Node]:
    with a_rabbitmq_node(rabbitmq.url, postgresql.url) as node:
        yield node


@pytest.fixture
def logged() -> Iterator[Callable[[], list[dict[str, str]]]]:
    """Log as a service does; give the lines."""
    handlers, level, stream = logging.root.handlers, logging.root.level, io.StringIO()
    configure_logs("info", stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.root.handlers, logging.root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture(scope="module")
def mortal() -> Iterator[Server]:
    """Run a broker apart from the others' that tests may kill."""
    broker = rabbitmq_server.start()
    yield broker
    broker.stop()


@contextmanager
def a_bus(node: Node, timeout: float = 5.0) -> Iterator[Bus]:
    bus = Bus(node.bus_url, utc_now, timeout)
    yield bus
    bus.close()


def a_command(reason: RevocationReason = RevocationReason.CITY_DECISION) -> RevokeAttestation:
    return RevokeAttestation(attestation_id=uuid.uuid4(), reason=reason)


def publish(node: Node, body: bytes | str, **properties: object) -> None:
    """Put a message into the node's queue past everything that checks it."""
    with Connection(node.bus_url) as connection:
        channel = connection.channel()
        body = body if isinstance(body, bytes) else body.encode()
        kind = properties.pop("content_type", "application/json")
        message = channel.prepare_message(
            body, content_type=kind, headers={}, properties=properties
        )
        channel.basic_publish(message, exchange="", routing_key=node.queue)
        eventlet.sleep(0.05)


def rows(node: Node) -> list[parked.ParkedMessage]:
    return parked.list_parked(node.engine, MESSAGES)


# --- announcing ------------------------------------------------------------------------------


def test_an_announcement_reaches_its_hearer_once_and_leaves_the_outbox(node):
    event = an_event()

    with node.services():
        node.announce(event)
        until(lambda: done(node, 1))

    assert node.effects() == [event.recognition_id]


def test_announcements_are_heard_in_their_order(node):
    events = [an_event() for _ in range(50)]

    with node.services():
        node.announce(*events)
        until(lambda: done(node, len(events)))

    assert node.effects() == [event.recognition_id for event in events]


def test_what_was_committed_before_a_crash_leaves_after_it(node):
    dead = run(node, "announce")

    assert dead.wait(PATIENCE) == 9
    assert node.waiting() == 1
    with node.services():
        until(lambda: done(node, 1))
    assert len(node.effects()) == 1


def test_a_service_that_stops_amid_its_queue_goes_on_there(node):
    events = [an_event() for _ in range(500)]
    node.announce(*events)

    with node.services():
        until(lambda: len(node.effects()) > 10)
    stopped_after = len(node.effects())
    with node.services():
        until(lambda: done(node, len(events)))

    assert stopped_after < len(events)
    assert node.effects() == [event.recognition_id for event in events]


def test_a_service_that_stops_twice_amid_what_it_was_given_keeps_the_order(node):
    first, second = slow = [an_event("slow"), an_event("slow")]
    events = [*slow, *(an_event() for _ in range(40))]
    declare_topology(node.bus_url, node.subscriptions)
    node.announce(*events)

    for event in (first, second):
        with node.services():
            until(lambda event=event: node.behaviour.runs[event.recognition_id])
            eventlet.sleep(0.1)  # more has come meanwhile
    with node.services():
        until(lambda: done(node, len(events)))

    assert node.effects() == [event.recognition_id for event in events]


def test_an_unroutable_announcement_is_noticed_and_kept_until_somebody_hears(node):
    event = an_event()
    name = wire.contract_of(type(event)).name
    before = counted("huxin_outbox_unroutable_total", name=name)
    node.announce(event)

    with a_relay(node, subscriptions={}):
        until(lambda: counted("huxin_outbox_unroutable_total", name=name) > before)
        assert node.waiting() == 1
    with node.services():
        until(lambda: done(node, 1))

    assert node.effects() == [event.recognition_id]


# --- hearing ---------------------------------------------------------------------------------


def test_a_second_delivery_has_no_second_effect(node):
    event = an_event()
    envelope = json.dumps(wire.encode(event, at=utc_now()))

    with node.services():
        publish(node, envelope)
        publish(node, envelope)
        until(node.effects)
        until(lambda: handled(node, "duplicate"))

    assert node.effects() == [event.recognition_id]


def test_a_handler_that_fails_twice_has_its_effect_once(node):
    event = an_event("fails_twice")

    with node.services():
        node.announce(event)
        until(lambda: node.effects() and not rows(node))

    assert node.effects() == [event.recognition_id]
    assert node.behaviour.runs[event.recognition_id] == 3


def test_what_always_fails_is_parked_with_its_error_and_can_be_replayed(node):
    event = an_event("always_fails")

    with node.services():
        node.announce(event)
        until(lambda: [row for row in rows(node) if row.due_at is None])
        [row] = rows(node)
        runs = node.behaviour.runs[event.recognition_id]
        node.behaviour.runs.clear()
        parked.replay(node.engine, MESSAGES, [row.id], utc_now())
        until(lambda: node.behaviour.runs[event.recognition_id])

    assert (row.error, row.attempts, runs) == ("RuntimeError: never", 3, 3)
    assert row.delivery.open().body == event
    assert node.effects() == []


def test_a_failure_does_not_hold_up_what_comes_after_it(node):
    failing, working = an_event("always_fails"), an_event()

    with node.services():
        node.announce(failing, working)
        until(node.effects)

    assert node.effects() == [working.recognition_id]


def test_what_the_handler_finds_malformed_is_parked_at_once(node):
    event = an_event("malformed")

    with node.services():
        node.announce(event)
        until(lambda: rows(node))

    [row] = rows(node)
    assert (row.due_at, node.behaviour.runs[event.recognition_id]) == (None, 1)


def test_a_service_stops_though_it_cannot_store_what_became_of_a_retry(rabbitmq_node, postgresql):
    event, node = an_event("always_fails"), rabbitmq_node
    fail = node.behaviour.act

    def fail_and_lose_the_database(event: RecognitionEnded) -> None:
        if node.behaviour.runs[event.recognition_id]:
            postgresql_server.shut_database(postgresql.url, node.database_url)
        fail(event)

    node.behaviour.act = fail_and_lose_the_database
    with node.services():
        node.announce(event)
        until(lambda: node.behaviour.runs[event.recognition_id] == 2)
        eventlet.sleep(0.2)

    postgresql_server.reopen_database(postgresql.url, node.database_url)
    [row] = rows(node)
    assert row.due_at is not None  # it is tried again


@pytest.mark.parametrize(
    ("body", "properties"),
    [
        (b"{not json", {}),
        (b'"no envelope"', {}),
        (b"\xff\xfe\x00", {}),
        (b"{}", {"content_type": "text/plain"}),
        (json.dumps({"id": str(uuid.uuid4()), "name": "no.such.name.v1"}).encode(), {}),
    ],
)
def test_what_cannot_be_read_is_parked_at_once_as_it_came(node, body, properties):
    with node.services():
        publish(node, body, **properties)
        until(lambda: rows(node))

    [row] = rows(node)
    assert row.due_at is None
    assert row.error.startswith("Malformed: malformed")
    assert row.delivery.raw == body


def test_events_that_wait_share_transactions(rabbitmq_node):
    node, events = rabbitmq_node, [an_event() for _ in range(60)]
    node.announce(*events)

    with transactions(node) as begun, node.services():
        until(lambda: done(node, len(events)))

    assert node.effects() == [event.recognition_id for event in events]
    assert handled(node, "handled") == len(events)
    assert len(begun) < len(events) / 2


def test_in_one_process_no_events_share_a_transaction(tmp_path):
    events = [an_event() for _ in range(60)]

    with an_inprocess_node(tmp_path) as node, transactions(node) as begun:
        node.announce(*events)
        with node.services(linger=1.0):
            until(lambda: done(node, len(events)))

    assert len(begun) == len(events)


def test_events_that_come_fast_share_transactions_where_a_service_lingers(rabbitmq_node):
    node, events = rabbitmq_node, [an_event() for _ in range(20)]

    with transactions(node) as begun, node.services(linger=1.0):
        for event in events:
            node.announce(event)
            eventlet.sleep(0.01)
        until(lambda: done(node, len(events)))

    assert node.effects() == [event.recognition_id for event in events]
    assert len(begun) < len(events) / 2


@pytest.mark.parametrize("reason", ["always_fails", "malformed"])
def test_one_that_fails_is_kept_and_those_around_it_are_not(node, reason):
    events = [an_event() for _ in range(20)]
    node.announce(*events[:10], an_event(reason), *events[10:])

    with node.services():
        until(lambda: done(node, len(events)))
        until(lambda: [row for row in rows(node) if row.due_at is None])

    assert node.effects() == [event.recognition_id for event in events]
    assert len(rows(node)) == 1


def test_what_was_handled_before_has_no_second_effect_among_others(node):
    first, second = an_event(), an_event()
    envelopes = [json.dumps(wire.encode(each, at=utc_now())) for each in (first, second)]
    declare_topology(node.bus_url, node.subscriptions)

    with node.services():
        for _ in range(10):
            for envelope in envelopes:
                publish(node, envelope)
        until(lambda: handled(node, "duplicate") == 18)

    assert node.effects() == [first.recognition_id, second.recognition_id]
    assert handled(node, "handled") == 2


# --- crashes ---------------------------------------------------------------------------------


def test_a_process_killed_while_handling_has_its_effect_once_after_a_restart(rabbitmq_node):
    event, node = an_event("kills"), rabbitmq_node
    declare_topology(node.bus_url, node.subscriptions)
    node.announce(event)

    killed = run(node)
    assert killed.wait(PATIENCE) == -9
    node.behaviour.act = node.behaviour.order.append  # works from now on
    with node.services():
        until(lambda: done(node, 1))

    assert node.effects() == [event.recognition_id]


def test_a_process_killed_amid_several_has_each_effect_once_after_a_restart(rabbitmq_node):
    node = rabbitmq_node
    before, after = ([an_event() for _ in range(9)] for _ in range(2))
    deadly = an_event("kills")
    declare_topology(node.bus_url, node.subscriptions)
    node.announce(*before, deadly, *after)

    assert run(node).wait(PATIENCE) == -9
    node.behaviour.act = node.behaviour.order.append  # works from now on
    with node.services():
        until(lambda: done(node, 19))

    assert node.effects() == [event.recognition_id for event in (*before, deadly, *after)]


def test_a_message_that_takes_every_process_down_takes_no_others_along(rabbitmq_node):
    node, deadly = rabbitmq_node, an_event("kills")
    declare_topology(node.bus_url, node.subscriptions)
    for event in (an_event(), deadly, *(an_event() for _ in range(9))):
        publish(node, json.dumps(wire.encode(event, at=utc_now())), delivery_mode=2)

    for _ in range(3):
        assert run(node).wait(PATIENCE) == -9

    given_back = returns(node)
    assert given_back.pop(deadly.recognition_id) == 3
    assert len(node.effects()) + len(given_back) == 10
    assert all(times <= 1 for times in given_back.values())  # before it was known


def test_a_message_that_takes_every_process_down_is_parked(rabbitmq_node):
    event, node = an_event(), rabbitmq_node
    declare_topology(node.bus_url, node.subscriptions)
    publish(node, json.dumps(wire.encode(event, at=utc_now())), delivery_mode=2)

    for _ in range(DELIVERY_LIMIT + 1):
        take_and_vanish(node)
    with node.services():
        until(lambda: rows(node))

    [row] = rows(node)
    assert row.due_at is None
    assert row.error.startswith("Crashed")
    assert node.effects() == []


@pytest.mark.rabbitmq
@pytest.mark.postgresql
def test_a_broker_killed_under_load_costs_nothing_and_doubles_nothing(mortal, postgresql):
    events = [an_event() for _ in range(300)]

    with a_rabbitmq_node(mortal.url, postgresql.url) as node, node.services():
        eventlet.sleep(SECONDS_TO_DISK)
        for number, event in enumerate(events):
            node.announce(event)
            if number == 100:
                mortal.kill()
                restarting = eventlet.spawn(mortal.restart)
            eventlet.sleep(0.002)
        restarting.wait()
        until(lambda: done(node, len(events)))

        assert sorted(node.effects()) == sorted(event.recognition_id for event in events)


@pytest.mark.rabbitmq
@pytest.mark.postgresql
def test_a_service_stops_while_its_broker_is_away_and_starts_before_it(mortal, postgresql):
    event = an_event()
    with a_rabbitmq_node(mortal.url, postgresql.url) as node:
        first, second = node.services(), node.services()
        first.start()
        eventlet.sleep(SECONDS_TO_DISK)
        mortal.kill()

        began = time.monotonic()
        first.stop()
        took = time.monotonic() - began
        node.announce(event)
        starting = eventlet.spawn(second.start)
        mortal.restart()
        starting.wait()
        until(lambda: done(node, 1))
        second.stop()

        assert took < 30  # it does not wait for the broker to come back
        assert node.effects() == [event.recognition_id]


# --- calling ---------------------------------------------------------------------------------


def test_a_command_gets_its_reply(node):
    command = a_command()

    with node.services(), a_bus(node) as bus:
        reply = bus.call(command)

    assert reply.attestation_id == command.attestation_id


def test_an_error_of_the_contract_crosses_intact(node):
    with node.services(), a_bus(node) as bus:
        with pytest.raises(Refused) as refused:
            bus.call(a_command(RevocationReason.CONSENT_WITHDRAWN))
        with pytest.raises(Malformed) as malformed:
            bus.call(a_command(RevocationReason.FACT_DISPUTED))

    assert (refused.value.code, refused.value.detail) == ("consent_withdrawn", "said so")
    assert malformed.value.errors == {"reason": "Not this one."}


def test_an_internal_error_does_not_tell_its_text(node):
    with node.services(), a_bus(node) as bus, pytest.raises(Internal) as internal:
        bus.call(a_command(RevocationReason.KEY_COMPROMISED))

    assert internal.value.args == ("internal", "")


def test_what_is_logged_of_a_command_names_the_command(node, logged):
    cause = uuid.uuid4()

    with node.services(), a_bus(node) as bus, pytest.raises(Refused):
        bus.call(a_command(RevocationReason.CONSENT_WITHDRAWN), cause=cause)

    [line] = [line for line in logged() if line["event"] == "command_declined"]
    assert (line["service"], line["cause"], line["code"]) == (
        "recognition",
        str(cause),
        "consent_withdrawn",
    )
    assert uuid.UUID(line["message_id"])


def test_an_internal_error_is_logged_with_its_traceback(node, logged):
    with node.services(), a_bus(node) as bus, pytest.raises(Internal):
        bus.call(a_command(RevocationReason.KEY_COMPROMISED))

    [line] = [line for line in logged() if "exception" in line]
    assert "the text of an internal error" in line["exception"]
    assert uuid.UUID(line["message_id"])


def test_no_reply_in_time_is_unavailable(node):
    with node.services(), a_bus(node, timeout=0.2) as bus, pytest.raises(Unavailable):
        bus.call(a_command(RevocationReason.SCORE_CHANGED))


def test_a_service_that_nobody_started_is_unavailable_at_once(node):
    with Connection(node.bus_url) as connection:
        connection.channel().queue_delete("rpc-recognition")
    began = time.monotonic()

    with a_bus(node, timeout=120) as bus, pytest.raises(Unavailable):
        bus.call(a_command())

    assert time.monotonic() - began < 60  # it is not waited for until the time-out


def test_a_bus_without_a_broker_is_unavailable():
    bus = Bus("amqp://guest:guest@127.0.0.1:1//", utc_now)

    with pytest.raises(Unavailable):
        bus.call(a_command())


def test_idle_services_stop_without_waiting_for_anything(node):
    services = node.services()
    services.start()
    began = time.monotonic()

    services.stop()

    assert time.monotonic() - began < 10


# --- means -----------------------------------------------------------------------------------


def run(node: Node, *what: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.integration.ledger_process"]
    return subprocess.Popen([*command, node.bus_url, node.database_url, node.queue, *what])


def done(node: Node, number: int) -> bool:
    return len(node.effects()) >= number and not node.waiting()


def handled(node: Node, outcome: str) -> float:
    return counted("huxin_messages_total", consumer=node.queue, outcome=outcome)


def counted(name: str, /, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0


@contextmanager
def a_relay(node: Node, subscriptions: Subscriptions) -> Iterator[None]:
    relay = Relay(node.engine, node.bus_url, utc_now, service="ledger", subscriptions=subscriptions)
    running = eventlet.spawn(relay.run)
    yield
    relay.stop()
    running.wait()


def take_and_vanish(node: Node) -> None:
    """Take a message as a process does that dies before it answers."""
    with Connection(node.bus_url) as connection:
        channel = connection.channel()
        until(lambda: channel.basic_get(node.queue) or dead_letters(connection, node))


def returns(node: Node) -> dict[uuid.UUID, int]:
    """Say how often what is in the queue was given back."""
    found = {}
    with Connection(node.bus_url) as connection:
        channel = connection.channel()
        until(lambda: channel.queue_declare(node.queue, passive=True).message_count)
        while message := channel.basic_get(node.queue):
            event = wire.decode(json.loads(message.body)).body
            found[event.recognition_id] = message.headers.get("x-delivery-count", 0)
    return found


@contextmanager
def transactions(node: Node) -> Iterator[list[str]]:
    """Collect the statements that record events as handled: each transaction has one."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO inbox"):
            found.append(statement)

    listening.listen(node.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        listening.remove(node.engine, "before_cursor_execute", note)


def dead_letters(connection: Connection, node: Node) -> int:
    return connection.channel().queue_declare(f"{node.queue}.dead", passive=True).message_count
