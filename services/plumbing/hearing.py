"""A service's one queue of events: each handled once, in order; what fails is kept.

A failed message goes into the service's database and is tried again after each of the delays; in
the meantime later messages pass it.  While that database does not answer, the message is held: it
is neither lost nor handed out again, and those behind it wait.
"""

import time
from functools import partial
from typing import Any

import structlog
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import ProviderCollector, SharedExtension
from sqlalchemy.exc import SQLAlchemyError

from contracts import wire
from contracts.errors import Malformed
from contracts.subscriptions import SUBSCRIPTIONS
from services.plumbing import metrics
from services.plumbing.consuming import PromptQueueConsumer
from services.plumbing.delivery import Delivery
from services.plumbing.green import eventlet
from services.plumbing.parked import ParkedMessage
from services.plumbing.providers import MESSAGE
from services.plumbing.retries import CRASHED, Retries, Stopping
from services.plumbing.signals import Signal
from services.plumbing.topology import consumer_queue, dead_queue
from services.plumbing.unit_of_work import AlreadyHandled, MessageContext

RETRY_POLL_SECONDS = 0.25
CLEAN_SECONDS = 3600

log = structlog.get_logger(__name__)


class DeadLetters:
    """What the broker handed out too often: its handler takes the process down, so it is parked."""

    prefetch = 1

    def __init__(self, events: "EventConsumer", queue: str) -> None:
        self.queue = dead_queue(queue)
        self._events = events

    def handle_message(self, _body: None, message: Any) -> None:
        self._events.answer(message, partial(self._events.bury, Delivery.of(message)))


class EventConsumer(SharedExtension, ProviderCollector):
    """Invariant: one message at a time; it is acknowledged once it is handled or kept."""

    queue_consumer = PromptQueueConsumer()
    prefetch = 1  # a message that takes the process down takes no others along

    def setup(self) -> None:
        name = self.container.service_cls.queue
        self.queue = consumer_queue(name)
        self.dead = DeadLetters(self, name)
        self.retries = Retries(name, self.container.config["huxin"])
        self._turn = eventlet.semaphore.Semaphore(1)
        self._look = Signal()
        self._leaving: set[Any] = set()
        self._left = eventlet.event.Event()
        self.queue_consumer.register_provider(self)
        self.queue_consumer.register_provider(self.dead)

    def start(self) -> None:
        name, subscriptions = self.queue.name, self.container.config["huxin"].get("subscriptions")
        self._heard = {wire.contract_of(hears.event).name: hears for hears in self._providers}
        subscribed = {wire.contract_of(e).name for e in (subscriptions or SUBSCRIPTIONS)[name]}
        if self._heard.keys() != subscribed:
            raise TypeError(f"{name} gets {sorted(subscribed)}, heard are {sorted(self._heard)}")
        self._retrying = self.container.spawn_managed_thread(self._retry_until_stopped)

    def stop(self) -> None:
        super().stop()
        self._retrying.wait()

    def unregister_provider(self, provider: Any) -> None:
        """Let the message at hand be answered, then leave the queue with the last provider."""
        self._leaving.add(provider)
        if self._leaving == self._providers:
            self.retries.stopping = True
            self._look.wake()
            with self._turn:
                pass
            self.queue_consumer.unregister_provider(self)
            self.queue_consumer.unregister_provider(self.dead)
            self._left.send()
        self._left.wait()
        super().unregister_provider(provider)

    def handle_message(self, _body: None, message: Any) -> None:
        self.answer(message, partial(self._take, Delivery.of(message)))

    def answer(self, message: Any, take: Any) -> None:
        """Acknowledge a message after `take`; give it back when the service stops first."""
        with self._turn:
            try:
                self.retries.check_running()
                take()
            except (Stopping, ContainerBeingKilled):
                self.queue_consumer.requeue_message(message)
            else:
                self.queue_consumer.ack_message(message)

    def bury(self, delivery: Delivery) -> None:
        """Park a dead letter."""
        try:
            key = str(delivery.open().id)
        except Malformed:
            key = delivery.digest
        self.retries.keep(delivery, key, CRASHED)

    def _take(self, delivery: Delivery) -> None:
        try:
            envelope = delivery.open()
        except Malformed as malformed:
            self.retries.keep(delivery, delivery.digest, malformed)
            return
        if error := self._attempt(envelope):
            self.retries.keep(delivery, str(envelope.id), error)

    def _attempt(self, envelope: wire.Envelope) -> Exception | None:
        """Run the handler; return what it raised."""
        entrypoint = self._heard.get(envelope.name)
        if entrypoint is None:
            return Malformed("malformed", f"{self.queue.name} does not hear {envelope.name}")
        done = eventlet.event.Event()

        def handle_result(_context: Any, result: Any, exc_info: Any) -> Any:
            done.send(exc_info[1] if exc_info else None)
            return result, exc_info

        context = MessageContext(envelope.id, envelope.name, envelope.cause, self.queue.name)
        self.container.spawn_worker(
            entrypoint, (envelope.body,), {}, {MESSAGE: context}, handle_result
        )
        error: Exception | None = done.wait()
        if error is None or isinstance(error, AlreadyHandled):
            outcome = "duplicate" if error else "handled"
            metrics.MESSAGES.labels(self.queue.name, outcome).inc()
            return None
        return error

    def _retry_until_stopped(self) -> None:
        clean_at = 0.0
        while not self.retries.stopping:
            try:
                if time.monotonic() >= clean_at:
                    self.retries.forget_handled()
                    clean_at = time.monotonic() + CLEAN_SECONDS
                while row := self.retries.claim():
                    with self._turn:
                        self._retry(row)
            except SQLAlchemyError as error:
                log.warning("retries_wait_for_database", error=type(error).__name__)
            self._look.wait(RETRY_POLL_SECONDS)

    def _retry(self, row: ParkedMessage) -> None:
        error: Exception | None
        try:
            error = self._attempt(row.delivery.open())
        except Malformed as malformed:
            error = malformed
        self.retries.settle(row, error)
