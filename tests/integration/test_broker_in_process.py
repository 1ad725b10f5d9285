"""What only the broker inside the process does: it is not durable, so its confirms mean more."""

import threading
import uuid

import pytest
from amqp.exceptions import PreconditionFailed, RecoverableConnectionError
from eventlet import patcher
from kombu.pools import producers

from services.plumbing.broker.broker import WrongThread
from services.plumbing.broker.transport import forget
from tests.integration.bus import Bus, drain


@pytest.fixture
def name():
    name = uuid.uuid4().hex
    yield name
    forget(name)


@pytest.fixture
def bus(name):
    bus = Bus(f"inprocess://localhost/{name}")
    yield bus
    forget(name)


@pytest.fixture
def dead(bus):
    return bus.queue("dead")


@pytest.fixture
def queue(bus, dead):
    arguments = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": dead.name}
    return bus.queue("work", arguments)


def is_confirmed(publisher):
    drain(publisher.connection)
    return publisher.confirmed == {1}


def test_a_message_is_not_confirmed_until_its_consumer_acknowledges_it(bus, queue):
    publisher, inbox = bus.publisher(), bus.inbox(queue)
    publisher.publish(queue.name)
    inbox.receive(1)
    assert not is_confirmed(publisher)

    inbox.ack_all()

    assert is_confirmed(publisher)


def test_a_message_to_two_queues_waits_for_both(bus, queue, dead):
    exchange = bus.exchange("events", "fanout")
    for bound in (queue, dead):
        bus.channel.queue_bind(bound.name, exchange, "")
    publisher, first, second = bus.publisher(), bus.inbox(queue), bus.inbox(dead)
    publisher.publish("", exchange)

    first.receive(1)
    first.ack_all()
    assert not is_confirmed(publisher)
    second.receive(1)
    second.ack_all()

    assert is_confirmed(publisher)


def test_a_dead_letter_inherits_the_duty_to_confirm(bus, queue, dead):
    publisher, inbox, parked = bus.publisher(), bus.inbox(queue), bus.inbox(dead)
    publisher.publish(queue.name)

    inbox.receive(1)
    inbox.messages[0].reject()
    parked.receive(1)
    assert not is_confirmed(publisher)
    parked.ack_all()

    assert is_confirmed(publisher)


def test_a_message_dropped_by_the_rules_of_its_queue_is_confirmed(bus, dead):
    publisher, inbox = bus.publisher(), bus.inbox(dead)
    publisher.publish(dead.name)
    inbox.receive(1)

    inbox.messages[0].reject()

    assert is_confirmed(publisher)


def test_a_lost_consumer_confirms_nothing(bus, queue):
    publisher, lost = bus.publisher(), bus.inbox(queue)
    publisher.publish(queue.name)
    lost.receive(1)

    lost.connection.close()
    assert not is_confirmed(publisher)
    again = bus.inbox(queue)
    again.receive(1)
    again.ack_all()

    assert is_confirmed(publisher)


def test_a_deleted_queue_settles_what_was_ready_in_it(bus, queue):
    publisher = bus.publisher()
    publisher.publish(queue.name)

    bus.channel.queue_delete(queue.name)

    assert is_confirmed(publisher)


def test_a_deleted_queue_leaves_what_a_consumer_holds_to_that_consumer(bus, queue):
    publisher, inbox = bus.publisher(), bus.inbox(queue)
    publisher.publish(queue.name)
    inbox.receive(1)

    bus.channel.queue_delete(queue.name)
    assert not is_confirmed(publisher)
    inbox.ack_all()

    assert is_confirmed(publisher)


def test_a_forgotten_broker_confirms_nothing_and_ends_its_connections(bus, name, queue):
    publisher = bus.publisher()
    publisher.publish(queue.name)

    forget(name)

    with pytest.raises(RecoverableConnectionError):
        publisher.channel.basic_get(queue.name)
    assert not publisher.said


def test_after_forgetting_the_same_name_is_a_new_and_empty_broker(bus, name, queue):
    bus.publish(queue, "old")

    forget(name)

    assert not Bus(bus.url).exists(queue.name)


def test_a_pooled_connection_reaches_the_new_broker_of_the_same_name(bus, name, queue):
    connection = bus.connect(confirm_publish=True)
    with producers[connection].acquire() as producer:
        producer.publish("old", routing_key=queue.name, declare=[queue])

    forget(name)
    with producers[connection].acquire() as producer:
        producer.publish("new", routing_key=queue.name, declare=[queue], retry=True)

    anew = Bus(bus.url)
    assert anew.get(queue(anew.channel)).payload == "new"


def test_another_thread_of_the_operating_system_is_refused(bus, queue):
    refusals = []

    def publish():
        try:
            bus.channel.basic_publish(bus.channel.prepare_message(b"{}"), routing_key=queue.name)
        except WrongThread as refusal:
            refusals.append(refusal)

    thread = patcher.original("threading").Thread(target=publish)
    thread.start()
    thread.join()

    assert refusals


def test_green_threads_share_a_connection(bus, queue):
    inbox = bus.inbox(queue)
    drainers = [threading.Thread(target=inbox.receive, args=(2,)) for _ in range(2)]
    for drainer in drainers:
        drainer.start()

    bus.publish(queue, 1, 2)
    for drainer in drainers:
        drainer.join()

    assert inbox.bodies == [1, 2]


@pytest.mark.parametrize(
    "terms",
    [
        {"durable": False},
        {"durable": True, "arguments": {"x-max-priority": 5}},
        {"durable": True, "arguments": {"x-queue-type": "stream"}},
        {"durable": True, "arguments": {"x-message-ttl": "5"}},
    ],
)
def test_terms_that_cannot_be_kept_are_refused(bus, terms):
    with pytest.raises(PreconditionFailed):
        bus.channel.queue_declare(bus.name("odd"), auto_delete=False, **terms)
