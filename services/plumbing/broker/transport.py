"""The kombu transport `inprocess://localhost/<node>`; importing this module registers it.

One broker per name, made by the first connection and kept until `forget`.
"""

import time
from collections.abc import Callable
from typing import Any

from amqp import Connection as AmqpConnection
from kombu.connection import Connection as Client
from kombu.transport import TRANSPORT_ALIASES, base

from services.plumbing.broker.broker import Broker
from services.plumbing.broker.channel import Channel
from services.plumbing.broker.connection import Connection
from services.plumbing.broker.queues import Timer
from services.plumbing.green import eventlet

SCHEME = "inprocess"
_brokers: dict[str, Broker] = {}


class HubTimers:
    """Time as eventlet's hub keeps it."""

    def now(self) -> float:
        return time.monotonic()

    def after(self, seconds: float, action: Callable[[], None]) -> Timer:
        timer: Timer = eventlet.hubs.get_hub().schedule_call_global(seconds, action)
        return timer


def forget(name: str) -> None:
    """End the broker of this name with its queues and connections.  Safe to repeat.

    Whoever connects again, pooled or not, gets a new and empty broker.
    """
    broker = _brokers.pop(name, None)
    if broker is not None:
        broker.close()


class Transport(base.Transport):
    """Errors and capabilities are py-amqp's, so that callers need not tell the two apart."""

    client: Client
    driver_type = driver_name = SCHEME
    connection_errors = AmqpConnection.connection_errors
    channel_errors = AmqpConnection.channel_errors
    recoverable_connection_errors = AmqpConnection.recoverable_connection_errors
    recoverable_channel_errors = AmqpConnection.recoverable_channel_errors
    implements = base.Transport.implements.extend(
        exchange_type=frozenset(["direct", "topic", "fanout"])
    )

    def establish_connection(self) -> Connection:
        client = self.client
        name = client.virtual_host
        if name not in _brokers:
            _brokers[name] = Broker(HubTimers())
        confirm_publish = bool((client.transport_options or {}).get("confirm_publish"))
        return Connection(client, _brokers[name], confirm_publish=confirm_publish)

    def create_channel(self, connection: Connection) -> Channel:
        return connection.channel()

    def drain_events(self, connection: Connection, **options: Any) -> None:
        connection.drain_events(**options)

    def verify_connection(self, connection: Connection) -> bool:
        return connection.connected

    def close_connection(self, connection: Connection) -> None:
        connection.close()


TRANSPORT_ALIASES[SCHEME] = f"{__name__}:{Transport.__name__}"
