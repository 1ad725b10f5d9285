"""The part of a channel that consumes: consumers, deliveries and their answers."""
# ruff: noqa: FBT001, FBT002, PLR0917  what py-amqp calls so is called so here

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from amqp import Message as Content
from amqp import spec
from amqp.exceptions import AMQPNotImplementedError, ConsumerCancelled, PreconditionFailed
from kombu.transport.pyamqp import Message as KombuMessage

from services.plumbing.broker.link import Link
from services.plumbing.broker.messages import Copy
from services.plumbing.broker.queues import Consumer, Queue

if TYPE_CHECKING:
    from services.plumbing.broker.connection import Connection


class Held(NamedTuple):
    """A copy that the client has and has not answered for."""

    queue: Queue
    consumer: Consumer | None
    copy: Copy


class Consuming(Link):
    """Invariant: a delivery is answered at most once; what is unanswered goes back at close."""

    Message: type[Any] = KombuMessage

    def __init__(self, connection: "Connection", channel_id: int) -> None:
        super().__init__(connection, channel_id)
        self._consumers: dict[str, tuple[Queue, Consumer]] = {}
        self._held: dict[int, Held] = {}
        self._consumer_tags, self._delivery_tags = count(1), count(1)
        self._prefetch = 0

    def basic_qos(self, prefetch_size: int, prefetch_count: int, a_global: bool) -> None:
        """Set the credit of each consumer started later on this channel."""
        if a_global:
            raise AMQPNotImplementedError("prefetch is per consumer in the in-process broker")
        self._prefetch = prefetch_count

    def basic_consume(
        self,
        queue: str = "",
        consumer_tag: str = "",
        no_ack: bool = False,
        nowait: bool = False,
        callback: Callable[[Content], None] | None = None,
        arguments: dict[str, Any] | None = None,
        on_cancel: Callable[[str], None] | None = None,
    ) -> str:
        found = self.broker.queue(queue, self.connection)
        tag = consumer_tag or f"consumer-{next(self._consumer_tags)}"
        consumer = Consumer(
            deliver=lambda copy: self._deliver(tag, found, consumer, copy, callback),
            cancelled=lambda: self.notify(partial(self._on_cancel, tag, on_cancel)),
            prefetch=self._prefetch,
            no_ack=no_ack,
        )
        self._consumers[tag] = found, consumer
        found.add(consumer)
        return tag

    def _deliver(
        self,
        consumer_tag: str,
        queue: Queue,
        consumer: Consumer,
        copy: Copy,
        callback: Callable[[Content], None] | None,
    ) -> None:
        tag = next(self._delivery_tags)
        if not consumer.no_ack:
            self._held[tag] = Held(queue, consumer, copy)
        content = self._content(copy, tag, consumer_tag=consumer_tag)
        self.notify(partial(self._on_deliver, content, tag, consumer_tag, callback))

    def _on_deliver(
        self,
        content: Content,
        tag: int,
        consumer_tag: str,
        callback: Callable[[Content], None] | None,
    ) -> None:
        if consumer_tag in self._consumers:
            if callback:
                callback(content)
        elif tag in self._held:  # cancelled before it could see the message
            self.basic_reject(tag, requeue=True)

    def _on_cancel(self, tag: str, callback: Callable[[str], None] | None) -> None:
        if self._consumers.pop(tag, None):
            if callback is None:
                raise ConsumerCancelled(tag, spec.Basic.Cancel)
            callback(tag)

    def basic_cancel(self, consumer_tag: str, nowait: bool = False) -> None:
        if consumer_tag in self._consumers:
            queue, consumer = self._consumers.pop(consumer_tag)
            queue.remove(consumer)

    def basic_get(self, queue: str = "", no_ack: bool = False) -> Content | None:
        found = self.broker.queue(queue, self.connection)
        copy = found.take()
        if copy is None:
            return None
        tag = next(self._delivery_tags)
        if no_ack:
            copy.receipt.settle()
        else:
            self._held[tag] = Held(found, None, copy)
        return self._content(copy, tag, message_count=len(found.ready))

    def _content(self, copy: Copy, tag: int, **info: object) -> Content:
        headers = dict(copy.message.headers)
        if copy.returns:
            headers["x-delivery-count"] = copy.returns
        properties = {**copy.message.properties, "application_headers": headers}
        content = Content(copy.message.body, channel=self, **properties)
        content.delivery_info = {
            "delivery_tag": tag,
            "redelivered": copy.returns > 0,
            "exchange": copy.message.exchange,
            "routing_key": copy.message.routing_key,
            **info,
        }
        return content

    def message_to_python(self, raw_message: Content) -> KombuMessage:
        message: KombuMessage = self.Message(raw_message, channel=self)
        return message

    def basic_ack(self, delivery_tag: int, multiple: bool = False) -> None:
        self.broker.check_thread()
        tags = [tag for tag in self._held if tag <= delivery_tag] if multiple else [delivery_tag]
        for tag in tags:
            queue, copy = self._release(tag)
            copy.receipt.settle()
            queue.pump()

    def basic_reject(self, delivery_tag: int, requeue: bool) -> None:
        self.broker.check_thread()
        queue, copy = self._release(delivery_tag)
        if requeue:
            queue.give_back([copy])
        else:
            queue.reject(copy)

    def _release(self, tag: int) -> tuple[Queue, Copy]:
        if tag not in self._held:
            raise PreconditionFailed(f"unknown delivery tag {tag}")
        queue, consumer, copy = self._held.pop(tag)
        if consumer:
            consumer.unacked -= 1
        return queue, copy

    def give_all_back(self) -> None:
        """Stop the consumers and put everything unanswered back into its queue, in order."""
        unanswered: defaultdict[Queue, list[Copy]] = defaultdict(list)
        for held in self._held.values():
            unanswered[held.queue].append(held.copy)
        consumers = list(self._consumers.values())
        self._consumers.clear()
        self._held.clear()
        for queue, consumer in consumers:
            queue.remove(consumer)
        for queue, copies in unanswered.items():
            queue.give_back(copies)
