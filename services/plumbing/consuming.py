"""nameko's queue consumer, changed where it loses time or messages."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import structlog
from kombu.connection import Connection
from kombu.messaging import Consumer
from nameko.extensions import ProviderCollector
from nameko.messaging import QueueConsumer, QueueConsumerStopped

from services.plumbing.green import eventlet
from services.plumbing.topology import CONNECTION_LOST

DRAIN_SECONDS = 0.05  # how soon a stop is noticed
STOP_SECONDS = 1.0  # longest wait for a broker that does not answer
ALONE = 1
RECONNECT_SECONDS = (0.2, 0.4, 2.0)  # first pause, step, longest

log = structlog.get_logger(__name__)


class PromptQueueConsumer(QueueConsumer):
    """Invariant: the connection stays open until every message taken from it is answered.

    A provider with `prefetch` is given up to as many messages at a time, undecoded, and decides
    itself what it can read; the others get nameko's treatment.  A message that was given back may
    have taken a process down.  So one is given first, and more when that is new: whatever else the
    process holds is counted as handed out once more, too, when it ends (topology.DELIVERY_LIMIT).
    """

    def __init__(self) -> None:
        super().__init__()
        self._unanswered: set[Any] = set()
        self._credits: dict[Any, int] = {}  # how many messages a provider may have, as of now
        self._new_credits: dict[Any, int] = {}

    def consume(
        self,
        limit: int | None = None,
        timeout: float | None = None,
        safety_interval: float = DRAIN_SECONDS,
        **options: Any,
    ) -> Iterator[None]:
        consumed: Iterator[None] = super().consume(limit, timeout, safety_interval, **options)
        return consumed

    @contextlib.contextmanager
    def establish_connection(self) -> Iterator[Connection]:
        first, step, longest = RECONNECT_SECONDS
        with self.create_connection() as connection:
            connection.ensure_connection(
                self.on_connection_error,
                interval_start=first,
                interval_step=step,
                interval_max=longest,
            )
            yield connection

    def get_consumers(self, consumer_cls: Callable[..., Consumer], channel: Any) -> Any:
        """Give each provider a channel of its own: a prefetch limit covers a channel."""
        self._new_credits.clear()
        self._unanswered.clear()  # the broker took back what the lost connection had delivered
        for provider in self._providers:
            own, prefetch = channel.connection.channel(), getattr(provider, "prefetch", None)
            if prefetch:
                raw = partial(self._take, provider, None)
                consumer = Consumer(own, [provider.queue], on_message=raw)
                self._credits[provider] = ALONE
            else:
                decoded = partial(self._take, provider)
                consumer = Consumer(
                    own,
                    [provider.queue],
                    callbacks=[decoded],
                    accept=self.accept,
                    on_decode_error=self.on_decode_error,
                )
            consumer.qos(prefetch_count=ALONE if prefetch else self.prefetch_count)
            self._consumers[provider] = consumer
        return self._consumers.values()

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        """Drop a command that is no JSON: nobody could be told what is wrong with it."""
        log.warning("undecodable_command", error=type(exc).__name__)
        message.reject()

    def _take(self, provider: Any, body: Any, message: Any) -> None:
        self._unanswered.add(message)
        if provider in self._credits:
            is_new = not message.delivery_info["redelivered"]
            self._new_credits[provider] = provider.prefetch if is_new else ALONE
        self.handle_message(provider, body, message)

    def ack_message(self, message: Any) -> None:
        self._answer(message, message.ack)

    def ack_messages(self, messages: Sequence[Any]) -> None:
        """Acknowledge messages of one provider, who has answered all that came before them."""
        *others, last = messages
        self._unanswered.difference_update(others)
        self._answer(last, partial(last.ack, multiple=bool(others)))

    def requeue_message(self, message: Any) -> None:
        self._answer(message, message.requeue)

    def _answer(self, message: Any, answer: Callable[[], None]) -> None:
        self._unanswered.discard(message)
        try:
            answer()
        except CONNECTION_LOST as error:  # then the broker hands it out again
            log.warning("answer_lost", error=type(error).__name__)

    def on_iteration(self) -> None:
        self._cancel_consumers_if_requested()
        while self._new_credits:
            self._give(*self._new_credits.popitem())
        if not self._consumers and not self._unanswered:
            self.should_stop = True

    def _give(self, provider: Any, credit: int) -> None:
        """Let a provider have more or fewer messages.

        AMQP's limit is for consumers that start after it was set.  Who has one and may have one is
        not given another before this has been done.
        """
        if credit != self._credits[provider] and provider in self._consumers:
            self._credits[provider] = credit
            consumer = self._consumers[provider]
            consumer.cancel()
            consumer.qos(prefetch_count=credit)
            consumer.consume()

    def unregister_provider(self, provider: Any) -> None:
        """Stop a provider's consumer; wait for that, but not for a broker that is away."""
        if not self._consumers_ready.ready():
            if not self._last_provider_unregistered.ready():  # nameko sends twice, which raises
                self._last_provider_unregistered.send()
            return
        if not self._gt.dead:
            removed = self._pending_remove_providers[provider] = eventlet.event.Event()
            with eventlet.Timeout(STOP_SECONDS, False):  # noqa: FBT003  eventlet's way to say silent
                removed.wait()
            if not removed.ready():
                self._gt.kill()
        ProviderCollector.unregister_provider(self, provider)

    def stop(self) -> None:
        if not self._consumers_ready.ready():
            self._gt.kill(QueueConsumerStopped())
        self.wait_for_providers()
        with contextlib.suppress(QueueConsumerStopped, eventlet.support.greenlets.GreenletExit):
            self._gt.wait()
