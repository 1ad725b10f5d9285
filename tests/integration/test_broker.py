"""What every broker does for us, checked on RabbitMQ and on the broker inside the process."""

import time

import pytest
from amqp.exceptions import (
    ChannelError,
    ConsumerCancelled,
    MessageNacked,
    NotFound,
    PreconditionFailed,
    ResourceLocked,
)

from tests.integration.bus import Inbox, drain, until

TOPICS = {
    "grant.issued": ["grant.issued"],
    "grant.*": ["grant.issued", "grant.revoked"],
    "*.issued": ["grant.issued", "pass.issued"],
    "grant.#": ["grant", "grant.issued", "grant.revoked", "grant.issued.v1"],
    "#.v1": ["grant.issued.v1"],
    "*": ["grant"],
    "*.*.v1": ["grant.issued.v1"],
    "#.issued.#": ["grant.issued", "pass.issued", "grant.issued.v1"],
    "#": ["grant", "grant.issued", "grant.revoked", "pass.issued", "grant.issued.v1"],
}


# Credit and turns


def test_a_consumer_holds_no_more_than_its_credit(bus):
    queue = bus.queue("work")
    bus.publish(queue, *range(6))

    inbox = bus.inbox(queue, prefetch_count=3)

    assert inbox.receive(3) == [0, 1, 2]


def test_an_acknowledgement_frees_credit_for_one_more(bus):
    queue = bus.queue("work")
    bus.publish(queue, *range(6))
    inbox = bus.inbox(queue, prefetch_count=3)
    inbox.receive(3)

    inbox.messages[0].ack()

    assert inbox.receive(4) == [0, 1, 2, 3]


def test_one_acknowledgement_can_answer_for_all_before_it(bus):
    queue = bus.queue("work")
    bus.publish(queue, *range(6))
    inbox = bus.inbox(queue, prefetch_count=3)
    inbox.receive(3)

    inbox.messages[1].ack(multiple=True)

    assert inbox.receive(5) == [0, 1, 2, 3, 4]


def test_credit_is_counted_for_each_consumer_on_a_channel(bus):
    first, second = bus.queue("first"), bus.queue("second")
    bus.publish(first, 1, 2)
    bus.publish(second, 3, 4)
    inbox = bus.inbox(first, prefetch_count=1)

    inbox.consumer.add_queue(second)
    inbox.consumer.consume()

    assert sorted(inbox.receive(2)) == [1, 3]


def test_consumers_take_turns(bus):
    queue = bus.queue("work")
    inboxes = [bus.inbox(queue), bus.inbox(queue)]

    bus.publish(queue, *range(10))

    assert [len(inbox.receive(5)) for inbox in inboxes] == [5, 5]


def test_a_consumer_without_credit_loses_its_turn_to_another(bus):
    queue = bus.queue("work")
    busy, idle = bus.inbox(queue, prefetch_count=1), bus.inbox(queue)

    bus.publish(queue, *range(6))

    assert len(busy.receive(1)) == 1
    assert len(idle.receive(5)) == 5


# Returns


def test_a_lost_consumer_gives_its_messages_back_in_order_marked_redelivered(bus):
    queue = bus.queue("work")
    bus.publish(queue, *range(5))
    lost = bus.inbox(queue, prefetch_count=3)
    lost.receive(3)
    lost.messages[0].ack()
    lost.receive(4)

    lost.connection.close()

    inbox = bus.inbox(queue)
    assert inbox.receive(4) == [1, 2, 3, 4]
    redelivered = [message.delivery_info["redelivered"] for message in inbox.messages]
    assert redelivered == [True, True, True, False]


def test_a_requeued_message_goes_back_to_its_place(bus):
    queue = bus.queue("work")
    bus.publish(queue, *range(4))
    inbox = bus.inbox(queue, prefetch_count=2)
    inbox.receive(2)

    inbox.consumer.cancel()
    for message in inbox.messages:
        message.requeue()

    assert [bus.get(queue).payload for _ in range(4)] == [0, 1, 2, 3]


def test_a_message_that_comes_back_too_often_goes_to_the_dead_letters(bus):
    dead = bus.queue("dead")
    arguments = {**to_dead_letters(dead), "x-queue-type": "quorum", "x-delivery-limit": 2}
    queue = bus.queue("work", arguments)
    bus.publish(queue, "poison")

    inbox = bus.inbox(queue)
    for deliveries in (1, 2, 3):
        inbox.receive(deliveries)
        inbox.messages[-1].requeue()

    letter = bus.get(dead)
    assert letter.headers["x-death"][0]["reason"] == "delivery_limit"
    counts = [message.headers.get("x-delivery-count", 0) for message in inbox.messages]
    assert counts == [0, 1, 2]


def test_a_rejected_message_without_dead_letters_is_gone(bus):
    queue = bus.queue("work")
    bus.publish(queue, "unwanted")
    inbox = bus.inbox(queue)
    inbox.receive(1)

    inbox.messages[0].reject()

    inbox.connection.close()
    assert bus.is_empty(queue)


def test_a_rejected_message_goes_to_the_dead_letters_with_its_history(bus):
    dead = bus.queue("dead")
    queue = bus.queue("work", to_dead_letters(dead))
    bus.publish(queue, "unwanted", headers={"cause": "c1"})
    inbox = bus.inbox(queue)
    inbox.receive(1)

    inbox.messages[0].reject()

    letter = bus.get(dead)
    [death] = letter.headers["x-death"]
    assert (letter.payload, letter.headers["cause"]) == ("unwanted", "c1")
    assert (death["reason"], death["queue"], death["count"]) == ("rejected", queue.name, 1)
    assert (death["exchange"], death["routing-keys"]) == ("", [queue.name])


def test_a_dead_letter_exchange_can_keep_the_routing_key(bus):
    dead = bus.queue("dead")
    exchange = bus.exchange("parking", "direct")
    queue = bus.queue("work", {"x-dead-letter-exchange": exchange})
    bus.channel.queue_bind(dead.name, exchange, queue.name)
    bus.publish(queue, "unwanted")
    inbox = bus.inbox(queue)
    inbox.receive(1)

    inbox.messages[0].reject()

    assert bus.get(dead).delivery_info["routing_key"] == queue.name


def test_an_unknown_delivery_cannot_be_acknowledged(bus):
    channel = bus.connect().channel()

    with pytest.raises(PreconditionFailed):
        acknowledge_nothing(channel)


def acknowledge_nothing(channel):
    channel.basic_ack(7)
    drain(channel.connection)


# Time


def test_an_expired_message_goes_to_the_dead_letters(bus):
    dead = bus.queue("dead")
    queue = bus.queue("brief", {**to_dead_letters(dead), "x-message-ttl": 50})

    bus.publish(queue, "late")

    assert bus.get(dead).headers["x-death"][0]["reason"] == "expired"


def test_a_publisher_can_give_a_message_a_shorter_life_than_its_queue_does(bus):
    dead = bus.queue("dead")
    queue = bus.queue("brief", {**to_dead_letters(dead), "x-message-ttl": 60_000})

    bus.publish(queue, "late", expiration=0.05)

    letter = bus.get(dead)
    assert letter.headers["x-death"][0]["reason"] == "expired"
    assert "expiration" not in letter.properties


def test_a_short_lived_message_waits_behind_a_long_lived_one(bus):
    dead = bus.queue("dead")
    queue = bus.queue("brief", to_dead_letters(dead))
    bus.publish(queue, "long", expiration=0.4)

    bus.publish(queue, "short", expiration=0.01)

    assert [bus.get(dead).payload, bus.get(dead).payload] == ["long", "short"]


def test_a_delayed_message_comes_back_again_and_again(bus):
    queue = bus.queue("work")
    delay = bus.queue("delay", {**to_dead_letters(queue), "x-message-ttl": 20})
    bus.publish(delay, "again")

    for _ in range(3):
        message = bus.get(queue)
        bus.publish(delay, message.payload, headers={"attempts": 1})

    assert bus.get(queue).payload == "again"


def test_a_queue_that_nobody_uses_deletes_itself(bus):
    queue = bus.queue("brief", {"x-expires": 100})

    assert expires(bus, queue)


def test_a_queue_with_a_consumer_outlives_its_expiry(bus):
    connection = bus.connect()
    connection.channel()
    queue = bus.queue("brief", {"x-expires": 1000})
    inbox = Inbox(connection, queue)

    time.sleep(1.5)

    assert bus.exists(queue.name)
    inbox.connection.close()
    assert expires(bus, queue)


def expires(bus, queue):
    """Ask seldom whether a queue is still there: to ask for it is a use of it."""
    for _ in range(30):
        time.sleep(1.5 * queue.queue_arguments["x-expires"] / 1000)
        if not bus.exists(queue.name):
            return True
    return False


# Declarations


def test_an_exclusive_queue_is_locked_to_its_connection(bus):
    owner = bus.connect()
    owner.channel().queue_declare(bus.name("mine"), exclusive=True, auto_delete=False)

    with pytest.raises(ResourceLocked):
        bus.connect().channel().queue_declare(bus.name("mine"), exclusive=True, auto_delete=False)


def test_an_exclusive_queue_goes_with_its_connection(bus):
    owner = bus.connect()
    owner.channel().queue_declare(bus.name("mine"), exclusive=True, auto_delete=False)

    owner.close()

    until(lambda: not bus.exists(bus.name("mine")))


def test_an_auto_delete_queue_goes_with_its_last_consumer(bus):
    queue = bus.queue("passing", auto_delete=True)
    first, last = bus.inbox(queue), bus.inbox(queue)

    first.consumer.cancel()
    assert bus.exists(queue.name)
    last.consumer.cancel()

    until(lambda: not bus.exists(queue.name))


def test_a_queue_cannot_be_declared_again_on_other_terms(bus):
    queue = bus.queue("fixed")

    with pytest.raises(PreconditionFailed):
        bus.connect().channel().queue_declare(
            queue.name, durable=True, auto_delete=False, arguments={"x-message-ttl": 5}
        )


def test_a_queue_can_be_declared_again_on_the_same_terms(bus):
    queue = bus.queue("fixed", {"x-message-ttl": 60_000})
    bus.publish(queue, 1)

    name, messages, consumers = bus.channel.queue_declare(
        queue.name, durable=True, auto_delete=False, arguments={"x-message-ttl": 60_000}
    )

    assert (name, messages, consumers) == (queue.name, 1, 0)


def test_a_quorum_queue_cannot_be_exclusive(bus):
    with pytest.raises(PreconditionFailed):
        bus.connect().channel().queue_declare(
            bus.name("mine"),
            durable=True,
            exclusive=True,
            auto_delete=False,
            arguments={"x-queue-type": "quorum"},
        )


def test_an_exchange_cannot_be_declared_again_as_another_kind(bus):
    exchange = bus.exchange("events", "topic")

    with pytest.raises(PreconditionFailed):
        bus.connect().channel().exchange_declare(
            exchange, "direct", durable=True, auto_delete=False
        )


def test_what_was_never_declared_is_not_found(bus):
    with pytest.raises(NotFound):
        bus.connect().channel().queue_declare(bus.name("nowhere"), passive=True)
    with pytest.raises(NotFound):
        bus.connect().channel().exchange_declare(bus.name("nowhere"), "topic", passive=True)
    with pytest.raises(NotFound):
        bus.connect().channel().basic_consume(bus.name("nowhere"))
    with pytest.raises(NotFound):
        bus.connect().channel().basic_get(bus.name("nowhere"))


def test_the_consumers_of_a_deleted_queue_are_told(bus):
    queue = bus.queue("doomed")
    inbox = bus.inbox(queue)

    bus.channel.queue_delete(queue.name)

    with pytest.raises(ConsumerCancelled):
        inbox.receive(1)


# Routes


@pytest.mark.parametrize("pattern", TOPICS)
def test_a_topic_pattern_matches_word_by_word(bus, pattern):
    queue = bus.queue("subscriber")
    exchange = bus.exchange("events", "topic")
    bus.channel.queue_bind(queue.name, exchange, pattern)

    with bus.connect(confirm_publish=True).Producer() as producer:
        for key in TOPICS["#"]:
            producer.publish(key, exchange=exchange, routing_key=key)

    assert bus.inbox(queue).receive(len(TOPICS[pattern])) == TOPICS[pattern]


@pytest.mark.parametrize(
    ("kind", "received"), [("direct", ["a"]), ("fanout", ["a", "b"]), ("topic", ["a"])]
)
def test_a_queue_bound_twice_gets_one_copy(bus, kind, received):
    queue = bus.queue("subscriber")
    exchange = bus.exchange("events", kind)
    for pattern in ("a", "a", "#.a" if kind == "topic" else "c"):
        bus.channel.queue_bind(queue.name, exchange, pattern)

    with bus.connect(confirm_publish=True).Producer() as producer:
        for key in ("a", "b"):
            producer.publish(key, exchange=exchange, routing_key=key)

    assert bus.inbox(queue).receive(len(received)) == received


def test_every_bound_queue_gets_its_own_copy(bus):
    queues = [bus.queue("first"), bus.queue("second")]
    exchange = bus.exchange("events", "fanout")
    for queue in queues:
        bus.channel.queue_bind(queue.name, exchange, "")
    with bus.connect(confirm_publish=True).Producer() as producer:
        producer.publish("news", exchange=exchange)

    inbox = bus.inbox(queues[0])
    inbox.receive(1)
    inbox.messages[0].requeue()

    assert inbox.receive(2) == ["news", "news"]
    assert bus.inbox(queues[1]).receive(1) == ["news"]


def test_the_default_exchange_routes_by_queue_name(bus):
    queue = bus.queue("direct")

    bus.publish(queue, {"a": [1, "二"]}, correlation_id="c", reply_to="r", headers={"h": "1"})

    message = bus.get(queue)
    assert message.payload == {"a": [1, "二"]}
    assert message.content_type == "application/json"
    assert message.headers == {"h": "1"}
    assert message.properties["correlation_id"] == "c"
    assert message.properties["reply_to"] == "r"
    assert message.delivery_info["exchange"] == ""
    assert message.delivery_info["routing_key"] == queue.name


def test_publishing_to_a_missing_exchange_is_not_found(bus):
    producer = bus.connect(confirm_publish=True).Producer()

    with pytest.raises(NotFound):
        producer.publish(1, exchange=bus.name("nowhere"), routing_key="x")


def test_a_mandatory_message_without_a_route_is_an_error(bus):
    producer = bus.connect(confirm_publish=True).Producer()

    with pytest.raises(ChannelError, match="NO_ROUTE"):
        producer.publish(1, routing_key=bus.name("nowhere"), mandatory=True)


def test_a_mandatory_message_without_a_route_is_returned_to_whoever_listens(bus):
    returned = []
    connection = bus.connect()
    producer = connection.Producer(on_return=lambda *args: returned.append(args))

    producer.publish({"a": 1}, routing_key=bus.name("nowhere"), mandatory=True)

    until(lambda: returned, connection)
    [(error, exchange, routing_key, message)] = returned
    assert "NO_ROUTE" in str(error)
    assert (exchange, routing_key) == ("", bus.name("nowhere"))
    assert message.body in ('{"a": 1}', b'{"a": 1}')


def test_a_message_without_a_route_is_dropped_in_silence_when_it_is_not_mandatory(bus):
    producer = bus.connect(confirm_publish=True).Producer()

    producer.publish(1, routing_key=bus.name("nowhere"))

    drain(producer.connection)


# Limits


def test_a_full_queue_pushes_its_oldest_message_out(bus):
    dead = bus.queue("dead")
    queue = bus.queue("short", {**to_dead_letters(dead), "x-max-length": 2})

    bus.publish(queue, 1, 2, 3)

    letter = bus.get(dead)
    assert (letter.payload, letter.headers["x-death"][0]["reason"]) == (1, "maxlen")
    assert [bus.get(queue).payload, bus.get(queue).payload] == [2, 3]


def test_a_full_queue_may_refuse_instead(bus):
    queue = bus.queue("short", {"x-max-length": 2, "x-overflow": "reject-publish"})
    bus.publish(queue, 1, 2)

    with pytest.raises(MessageNacked):
        bus.publish(queue, 3)

    assert [bus.get(queue).payload, bus.get(queue).payload] == [1, 2]
    assert bus.is_empty(queue)


def to_dead_letters(dead):
    return {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": dead.name}
