"""One virtual host: its exchanges and queues, and the way of a message through them."""

import threading
from collections.abc import Iterable
from itertools import count
from typing import Any, Protocol

from amqp.exceptions import (
    AMQPNotImplementedError,
    NotFound,
    PreconditionFailed,
    ResourceLocked,
)

from services.plumbing.broker.exchanges import RULES, Exchange
from services.plumbing.broker.messages import REJECTED, Copy, Message, Receipt
from services.plumbing.broker.queues import Queue, Timers
from services.plumbing.broker.terms import Terms

STANDARD_EXCHANGES = {"amq.direct": "direct", "amq.topic": "topic", "amq.fanout": "fanout"}


class WrongThread(RuntimeError):
    """A broker was used from a second operating-system thread; it serves one eventlet hub."""


class Session(Protocol):
    """A client's connection, as the broker sees it."""

    def drop(self) -> None: ...


class Broker:
    """Invariant: a binding names a queue that exists, and everything happens in one OS thread."""

    def __init__(self, timers: Timers) -> None:
        self.exchanges = {name: Exchange(kind) for name, kind in STANDARD_EXCHANGES.items()}
        self.queues: dict[str, Queue] = {}
        self.sessions: set[Session] = set()
        self._timers = timers
        self._names = count(1)
        self._thread = threading.get_native_id()  # get_ident is the greenlet's under eventlet

    def check_thread(self) -> None:
        """Raise WrongThread unless called from the thread that made the broker."""
        if threading.get_native_id() != self._thread:
            raise WrongThread("the in-process broker serves one thread; use RabbitMQ between more")

    def declare_exchange(self, name: str, kind: str, *, durable: bool) -> None:
        """Declare an exchange.  Safe to repeat with the same kind and durability."""
        if kind not in RULES:
            raise AMQPNotImplementedError(f"no exchange type '{kind}' in the in-process broker")
        exchange = self.exchanges.setdefault(name, Exchange(kind, durable))
        if (exchange.kind, exchange.durable) != (kind, durable):
            raise PreconditionFailed(f"inequivalent arg for exchange '{name}'")

    def exchange(self, name: str) -> Exchange:
        """Find an exchange or raise NotFound."""
        try:
            return self.exchanges[name]
        except KeyError:
            raise NotFound(f"no exchange '{name}'") from None

    def declare_queue(self, name: str, terms: Terms, owner: object | None, asker: object) -> Queue:
        """Declare a queue; one with an owner is exclusive to that connection.

        Safe to repeat with the same terms.
        """
        name = name or f"amq.gen-{next(self._names)}"
        if name not in self.queues:
            terms.check(name, exclusive=owner is not None)
            self.queues[name] = Queue(
                name, terms, self._timers, bury=self.bury, delete=self.delete_queue, owner=owner
            )
        queue = self.queue(name, asker)
        if queue.terms != terms:
            raise PreconditionFailed(f"inequivalent arg for queue '{name}'")
        return queue

    def queue(self, name: str, asker: object) -> Queue:
        """Find a queue that `asker` may use, or raise NotFound or ResourceLocked."""
        queue = self.queues.get(name)
        if queue is None:
            raise NotFound(f"no queue '{name}'")
        if queue.owner not in (None, asker):
            raise ResourceLocked(f"cannot obtain exclusive access to locked queue '{name}'")
        queue.touch()
        return queue

    def delete_queue(self, queue: Queue) -> int:
        """Delete a queue and what is ready in it; return how many copies that were."""
        del self.queues[queue.name]
        for exchange in self.exchanges.values():
            exchange.forget_queue(queue.name)
        return queue.close()

    def route(self, exchange: str, routing_key: str) -> list[str]:
        """Name the queues a message would reach; raise NotFound for a missing exchange."""
        if exchange:
            return self.exchange(exchange).route(routing_key)
        return [routing_key] if routing_key in self.queues else []

    def post(self, message: Message, queues: Iterable[str], receipt: Receipt) -> bool:
        """Put a copy into each queue; say whether all took it.  No queue settles the receipt."""
        taken = True
        receipt.hold()  # until all copies are made
        for name in queues:
            receipt.hold()
            if not self.queues[name].put(Copy(message, receipt)):
                receipt.refuse()
                taken = False
        receipt.settle()
        return taken

    def bury(self, queue: Queue, copy: Copy, reason: str) -> None:
        """Send a copy to its queue's dead-letter exchange; without one, drop it."""
        exchange = queue.terms.dead_letter_exchange
        if exchange is not None and (not exchange or exchange in self.exchanges):
            key = queue.terms.dead_letter_routing_key
            letter = copy.message.dead(queue.name, reason, exchange, key)
            self.post(letter, self._way_on(letter), copy.receipt)
        copy.receipt.settle()

    def _way_on(self, letter: Message) -> list[str]:
        """Route a dead letter, but not in circles that no consumer has a hand in."""
        deaths: list[dict[str, Any]] = letter.headers["x-death"]
        seen = {death["queue"] for death in deaths}
        if any(death["reason"] == REJECTED for death in deaths):
            seen = set()
        queues = self.route(letter.exchange, letter.routing_key)
        return [name for name in queues if name not in seen]

    def close(self) -> None:
        """End everything at once, as if the server died; no unconfirmed message is confirmed."""
        for session in list(self.sessions):
            session.drop()
        for queue in self.queues.values():
            queue.close()
