"""Exchanges and queues, declared alike by everyone who publishes or listens.

Each consumer has one durable queue and, beside it, `<queue>.dead` for messages that were handed out
too often without an answer: their handler takes the whole process down.
"""

import socket
from collections.abc import Mapping
from typing import Any

from amqp.exceptions import AMQPError
from kombu.connection import Connection
from kombu.entity import Exchange, Queue
from kombu.exceptions import KombuError
from kombu.transport import TRANSPORT_ALIASES

from contracts.subscriptions import EXCHANGE, SUBSCRIPTIONS
from contracts.wire import contract_of

DELIVERY_LIMIT = 10  # hand-outs without an answer; queue arguments can never be changed again
NO_LIMIT = 1_000_000  # RabbitMQ 4 has a limit of 20 where none is given

# A peer that is gone without a word is noticed after 20 s of silence, or 10 s after it was sent
# something, which was lost.  Only Linux has the second; the first two are enough elsewhere.
SOCKET_SETTINGS = {
    getattr(socket, name): value
    for name, value in {
        "TCP_KEEPIDLE": 10,
        "TCP_KEEPINTVL": 5,
        "TCP_KEEPCNT": 2,
        "TCP_USER_TIMEOUT": 10_000,
    }.items()
    if hasattr(socket, name)
}

CONNECTION_LOST = (AMQPError, OSError)
BROKER_AWAY = (KombuError, *CONNECTION_LOST)

# by name, so that only a process that uses it loads it
TRANSPORT_ALIASES["inprocess"] = "services.plumbing.broker.transport:Transport"

EVENTS = Exchange(EXCHANGE, type="topic", durable=True)
RPC = Exchange("nameko-rpc", type="topic", durable=True)

Subscriptions = Mapping[str, tuple[type, ...]]


def is_inprocess(url: str) -> bool:
    """Say whether a bus is the one within this process."""
    return url.startswith("inprocess:")


def connection_to(url: str, *, confirm: bool = False, **options: Any) -> Connection:
    """Return a connection that is opened when used, and fails at once without a broker.

    With `confirm`, publishing waits until the broker has the message.
    """
    at_once = {"interval_start": 0, "interval_step": 0, "interval_max": 0}
    transport_options = {
        "confirm_publish": confirm,
        "socket_settings": SOCKET_SETTINGS,
        **at_once,
    }
    return Connection(url, transport_options=transport_options, **options)


def open_within(connection: Connection, seconds: float) -> None:
    """Open a connection; from then on a single read or write lasts at most so long, too.

    Raise BROKER_AWAY.  Without it a broker that fell silent would be waited for without end.
    """
    connection.connect_timeout = seconds  # type: ignore[assignment]  # kombu says int of its default
    connection.ensure_connection(max_retries=0)
    transport = getattr(connection.connection, "transport", None)
    if transport is not None:  # the in-process broker has no socket, and does not fall silent
        transport.sock.settimeout(seconds)


def consumer_queue(name: str) -> Queue:
    """Return the declaration of a consumer's queue, without its bindings."""
    arguments = {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": f"{name}.dead",
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",  # what at-least-once asks for
    }
    return Queue(name, durable=True, queue_arguments=arguments)


def dead_queue(name: str) -> Queue:
    """Return the declaration of the queue for what its consumer could not answer."""
    arguments = {"x-queue-type": "quorum", "x-delivery-limit": NO_LIMIT}
    return Queue(f"{name}.dead", durable=True, queue_arguments=arguments)


def declare_topology(url: str, subscriptions: Subscriptions = SUBSCRIPTIONS) -> None:
    """Declare every exchange and queue.  Safe to repeat; raise kombu's errors without a broker."""
    with connection_to(url) as connection:
        channel = connection.channel()
        EVENTS(channel).declare()
        RPC(channel).declare()
        for name, events in subscriptions.items():
            dead_queue(name)(channel).declare()
            queue = consumer_queue(name)(channel)
            queue.declare()
            for event in events:
                queue.bind_to(EVENTS, routing_key=contract_of(event).name)
