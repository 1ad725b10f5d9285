"""A client for tests of a broker; the same for every kind of broker."""

import contextlib
import time
import uuid
from collections.abc import Callable
from typing import Any

from amqp.exceptions import NotFound
from kombu import Connection, Consumer, Message, Queue

PATIENCE = 60.0  # seconds within which whatever should happen has happened
SILENCE = 0.1  # seconds after which whatever did not happen will not


class Inbox:
    """What one consumer, on a connection of its own, has received."""

    def __init__(self, connection: Connection, queue: Queue, **options: Any) -> None:
        self.connection = connection
        self.messages: list[Message] = []
        self.bodies: list[object] = []
        self.channel = connection.channel()
        self.consumer = Consumer(self.channel, [queue], callbacks=[self._on_message], **options)
        self.consumer.consume()

    def _on_message(self, body: object, message: Message) -> None:
        self.bodies.append(body)
        self.messages.append(message)

    def receive(self, number: int) -> list[object]:
        """Wait for `number` messages altogether, and a little longer for any too many."""
        until(lambda: len(self.messages) >= number, self.connection)
        drain(self.connection)
        return self.bodies

    def ack_all(self) -> None:
        for message in self.messages:
            if not message.acknowledged:
                message.ack()


class Publisher:
    """A channel in confirm mode and what the broker said about the messages on it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.channel = connection.channel()
        self.channel.confirm_select()
        self.published = 0
        self.confirmed: set[int] = set()
        self.refused: set[int] = set()
        self.said: list[str] = []
        self.channel.events["basic_ack"].add(self._on_ack)
        self.channel.events["basic_nack"].add(self._on_nack)
        self.channel.events["basic_return"].add(self._on_return)

    def _on_ack(self, tag: int, multiple: bool) -> None:  # noqa: FBT001  as py-amqp calls it
        self.confirmed |= set(range(1, tag + 1)) - self.refused if multiple else {tag}
        self.said.append("ack")

    def _on_nack(self, tag: int, multiple: bool) -> None:  # noqa: FBT001  as py-amqp calls it
        self.refused |= set(range(1, tag + 1)) - self.confirmed if multiple else {tag}
        self.said.append("nack")

    def _on_return(self, error: Exception, *_message: object) -> None:
        self.said.append(f"return {error}")

    def publish(self, key: str, exchange: str = "", **options: Any) -> int:
        """Publish; return the number by which the broker will confirm it."""
        message = self.channel.prepare_message("{}", None, "application/json", "utf-8")
        self.channel.basic_publish(message, exchange=exchange, routing_key=key, **options)
        self.published += 1
        return self.published

    def hear(self, number: int) -> None:
        """Wait until `number` messages are confirmed or refused, and a little for any more."""
        until(lambda: len(self.confirmed | self.refused) >= number, self.connection)
        drain(self.connection)


class Bus:
    """Connections to one broker, and queue names that no other test has."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._suffix = uuid.uuid4().hex[:8]
        self._connections: list[Connection] = []
        self._queues: list[str] = []
        self.channel = self.connect().channel()

    def name(self, word: str) -> str:
        return f"{word}-{self._suffix}"

    def connect(self, **transport_options: Any) -> Connection:
        self._connections.append(Connection(self.url, transport_options=transport_options))
        return self._connections[-1]

    def queue(self, word: str, arguments: dict[str, Any] | None = None, **options: Any) -> Queue:
        """Declare a durable queue that goes when the test is over."""
        queue = Queue(self.name(word), queue_arguments=arguments, **options)(self.channel)
        queue.declare()
        self._queues.append(queue.name)
        return queue

    def exchange(self, word: str, kind: str) -> str:
        """Declare an exchange; return its name."""
        self.channel.exchange_declare(self.name(word), kind, durable=True, auto_delete=False)
        return self.name(word)

    def publish(self, queue: Queue, *bodies: object, **options: Any) -> None:
        """Publish straight to a queue; all are in it when this returns."""
        with self.connect(confirm_publish=True).Producer() as producer:
            for body in bodies:
                producer.publish(body, routing_key=queue.name, **options)

    def inbox(self, queue: Queue, **options: Any) -> Inbox:
        return Inbox(self.connect(), queue, **options)

    def publisher(self) -> Publisher:
        return Publisher(self.connect())

    def get(self, queue: Queue) -> Message | None:
        """Take one message out of a queue, waiting for it if needed."""
        deadline = time.monotonic() + PATIENCE
        while (message := queue.get(no_ack=True)) is None and time.monotonic() < deadline:
            time.sleep(0.01)
        return message

    def is_empty(self, queue: Queue) -> bool:
        time.sleep(SILENCE)
        return queue.get(no_ack=True) is None

    def exists(self, name: str) -> bool:
        with self.connect() as connection, contextlib.suppress(NotFound):
            connection.channel().queue_declare(name, passive=True)
            return True
        return False

    def close(self) -> None:
        own, *others = self._connections
        for connection in others:  # first, or the cancelled consumers would disturb their closing
            connection.close()
        for name in self._queues:
            self.channel.queue_delete(name)
        own.close()


def until(happened: Callable[[], bool], connection: Connection | None = None) -> None:
    """Wait, draining the connection if there is one; fail when patience ends."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, "waited in vain"
        if connection is None:
            time.sleep(0.01)
        else:
            drain(connection, once=True)


def drain(connection: Connection, *, once: bool = False) -> None:
    """Run the callbacks of what arrives until there is silence."""
    with contextlib.suppress(TimeoutError):
        connection.drain_events(timeout=SILENCE)
        while not once:
            connection.drain_events(timeout=SILENCE)
