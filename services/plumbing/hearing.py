"""A service's one queue of events: each handled once, in order; what fails is kept.

A failed message goes into the service's database and is tried again after each of the delays; in
the meantime later messages pass it.  While that database does not answer, the message is held: it
is neither lost nor handed out again, and those behind it wait.
"""

import contextlib
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby
from typing import Any

import structlog
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import ProviderCollector, SharedExtension
from sqlalchemy.exc import SQLAlchemyError

from contracts import wire
from contracts.errors import Malformed
from contracts.subscriptions import SUBSCRIPTIONS
from services.plumbing import metrics
from services.plumbing.consuming import ALONE, PromptQueueConsumer
from services.plumbing.delivery import Arrival
from services.plumbing.green import eventlet
from services.plumbing.parked import ParkedMessage
from services.plumbing.providers import MESSAGE
from services.plumbing.retries import CRASHED, Retries, Stopping
from services.plumbing.signals import Signal
from services.plumbing.together import Heard, Several
from services.plumbing.topology import consumer_queue, dead_queue, is_inprocess
from services.plumbing.unit_of_work import AlreadyHandled, MessageContext

MOST_TOGETHER = 20
RETRY_POLL_SECONDS = 0.25
CLEAN_SECONDS = 3600

log = structlog.get_logger(__name__)


class DeadLetters:
    """What the broker handed out too often: its handler takes the process down, so it is parked."""

    prefetch = ALONE

    def __init__(self, events: "EventConsumer", queue: str) -> None:
        self.queue = dead_queue(queue)
        self._events = events

    def handle_message(self, _body: None, message: Any) -> None:
        self._events.bury(Arrival.of(message))


class EventConsumer(SharedExtension, ProviderCollector):
    """Invariant: messages are handled in order; each is acknowledged once it is handled or kept.

    Those that are there already share a transaction where their handlers allow it (ADR 0048); when
    that fails, each gets its own.  A service with `linger` lets so many seconds pass since the last
    before it handles the next.  In one process there is nothing to save, and others to let run.
    """

    queue_consumer = PromptQueueConsumer()

    def setup(self) -> None:
        name = self.container.service_cls.queue
        self.queue = consumer_queue(name)
        self.dead = DeadLetters(self, name)
        self.retries = Retries(name, self.container.config["huxin"])
        self._arrived: list[Any] = []
        self._given_up: list[Any] = []
        in_one_process = is_inprocess(self.container.config["AMQP_URI"])
        self.prefetch = ALONE if in_one_process else MOST_TOGETHER
        self._linger = 0.0 if in_one_process else getattr(self.container.service_cls, "linger", 0.0)
        self._handled_at, self._enough = 0.0, Signal()
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
        """Leave the queue with the last provider, then let the messages at hand be answered.

        What cannot be handled now is given back in order, once the broker does not hand it out here
        again.  A quorum queue puts it behind what was given back before, so the rest is handled.
        """
        self._leaving.add(provider)
        if self._leaving == self._providers:
            self.retries.stopping = True
            self._look.wake()
            self.queue_consumer.unregister_provider(self)
            self.queue_consumer.unregister_provider(self.dead)
            with self._turn:  # after all that has come
                for message in self._given_up:
                    self.queue_consumer.requeue_message(message)
            self._left.send()
        self._left.wait()
        super().unregister_provider(provider)

    def handle_message(self, _body: None, message: Any) -> None:
        """Handle a message, and all that came while others had the turn."""
        self._arrived.append(message)
        if len(self._arrived) >= MOST_TOGETHER:
            self._enough.wake()
        with self._turn:
            if self._arrived:
                if not message.delivery_info["redelivered"]:  # which comes alone
                    self._await_others()
                self._handle([Arrival.of(each) for each in self._arrived])

    def _await_others(self) -> None:
        """Wait while events come fast, so that more of them share a transaction."""
        seconds = self._handled_at + self._linger - time.monotonic()
        if seconds > 0:
            self._enough.wait(seconds)

    def _handle(self, arrivals: Sequence[Arrival]) -> None:
        self._arrived.clear()
        for shares, run in groupby(arrivals, self._may_share):
            for some in [list(run)] if shares else ([each] for each in run):
                self._answer(some, partial(self._take, some))
        self._handled_at = time.monotonic()

    def bury(self, arrival: Arrival) -> None:
        """Park a dead letter."""
        with self._turn:
            park = partial(self.retries.keep, arrival.delivery, arrival.key, CRASHED)
            self._answer([arrival], park)

    def _may_share(self, arrival: Arrival) -> bool:
        hears = self._heard.get(arrival.envelope.name) if arrival.envelope else None
        return hears is not None and hears.together

    def _answer(self, arrivals: Sequence[Arrival], take: Callable[[], None]) -> None:
        """Acknowledge messages after `take`; give up what it cannot take, and all after that."""
        messages = [arrival.message for arrival in arrivals]
        if not self._given_up:
            with contextlib.suppress(Stopping, ContainerBeingKilled):
                take()
                self.queue_consumer.ack_messages(messages)
                return
        self._given_up += messages

    def _take(self, arrivals: Sequence[Arrival]) -> None:
        if len(arrivals) > 1 and self._attempt_together(arrivals):
            return
        for arrival in arrivals:
            error = self._attempt(arrival.envelope) if arrival.envelope else arrival.error
            if error:
                self.retries.keep(arrival.delivery, arrival.key, error)

    def _attempt_together(self, arrivals: Sequence[Arrival]) -> bool:
        """Run the handlers in one transaction; say whether it stands."""
        envelopes = [arrival.envelope for arrival in arrivals if arrival.envelope]
        several = Several(
            tuple(
                Heard(self._context(each), self._heard[each.name].method_name, each.body)
                for each in envelopes
            )
        )
        new, error = self._run(self._heard[envelopes[0].name], several, None)
        if error is None:
            self._count("handled", new)
            self._count("duplicate", len(envelopes) - new)
        return error is None

    def _attempt(self, envelope: wire.Envelope) -> Exception | None:
        """Run the handler; return what it raised."""
        entrypoint = self._heard.get(envelope.name)
        if entrypoint is None:
            return Malformed("malformed", f"{self.queue.name} does not hear {envelope.name}")
        _, error = self._run(entrypoint, envelope.body, self._context(envelope))
        if error is None or isinstance(error, AlreadyHandled):
            self._count("duplicate" if error else "handled", 1)
            return None
        return error

    def _run(
        self, entrypoint: Any, argument: Any, message: MessageContext | None
    ) -> tuple[Any, Exception | None]:
        """Call the service; return its answer and what it raised."""
        done = eventlet.event.Event()

        def handle_result(_context: Any, result: Any, exc_info: Any) -> Any:
            done.send((result, exc_info[1] if exc_info else None))
            return result, exc_info

        self.container.spawn_worker(entrypoint, (argument,), {}, {MESSAGE: message}, handle_result)
        outcome: tuple[Any, Exception | None] = done.wait()
        return outcome

    def _context(self, envelope: wire.Envelope) -> MessageContext:
        return MessageContext(envelope.id, envelope.name, envelope.cause, self.queue.name)

    def _count(self, outcome: str, messages: int) -> None:
        metrics.MESSAGES.labels(self.queue.name, outcome).inc(messages)

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
            except Stopping:
                return  # it is tried again when its lease is over
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
