"""When a broker confirms: the outbox relay deletes a row only on this word."""

from tests.integration.bus import drain


def test_a_batch_is_confirmed_once_its_consumer_has_acknowledged_it(bus):
    queue = bus.queue("work")
    publisher, inbox = bus.publisher(), bus.inbox(queue)

    published = {publisher.publish(queue.name, mandatory=True) for _ in range(100)}
    inbox.receive(100)
    inbox.ack_all()
    publisher.hear(100)

    assert publisher.confirmed == published == set(range(1, 101))
    assert not publisher.refused


def test_a_message_to_two_queues_is_confirmed_once_when_both_have_settled_it(bus):
    queues = [bus.queue("first"), bus.queue("second")]
    exchange = bus.exchange("events", "fanout")
    for queue in queues:
        bus.channel.queue_bind(queue.name, exchange, "")
    publisher, inboxes = bus.publisher(), [bus.inbox(queue) for queue in queues]

    publisher.publish("", exchange)
    for inbox in inboxes:
        inbox.receive(1)
        inbox.ack_all()
    publisher.hear(1)

    assert publisher.said == ["ack"]


def test_a_mandatory_message_without_a_route_is_returned_and_then_confirmed(bus):
    publisher = bus.publisher()

    publisher.publish(bus.name("nowhere"), mandatory=True)
    publisher.hear(1)

    [returned, confirmed] = publisher.said
    assert "NO_ROUTE" in returned
    assert confirmed == "ack"


def test_a_message_that_a_full_queue_refuses_is_not_confirmed(bus):
    queue = bus.queue("short", {"x-max-length": 1, "x-overflow": "reject-publish"})
    bus.publish(queue, "full")
    publisher = bus.publisher()

    publisher.publish(queue.name)
    publisher.hear(1)

    assert publisher.refused == {1}
    assert not publisher.confirmed


def test_a_parked_message_is_confirmed(bus):
    dead = bus.queue("dead")
    queue = bus.queue(
        "work", {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": dead.name}
    )
    publisher, inbox = bus.publisher(), bus.inbox(queue)

    publisher.publish(queue.name)
    inbox.receive(1)
    inbox.messages[0].reject()
    parked = bus.inbox(dead)
    parked.receive(1)
    parked.ack_all()
    publisher.hear(1)

    assert publisher.confirmed == {1}


def test_a_message_delivered_without_acknowledgement_is_confirmed(bus):
    queue = bus.queue("work")
    publisher, inbox = bus.publisher(), bus.inbox(queue, no_ack=True)

    publisher.publish(queue.name)
    inbox.receive(1)
    publisher.hear(1)

    assert publisher.confirmed == {1}


def test_a_channel_confirms_nothing_until_it_is_asked_to(bus):
    queue = bus.queue("work")
    connection = bus.connect()
    confirmed = []
    channel = connection.channel()
    channel.events["basic_ack"].add(lambda tag, _multiple: confirmed.append(tag))

    channel.basic_publish(channel.prepare_message(b"{}"), routing_key=queue.name)
    bus.get(queue)
    drain(connection)

    assert not confirmed
