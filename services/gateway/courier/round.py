"""The courier's rounds: what is due, destination by destination, slow ones beside the others."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Final

import structlog
from sqlalchemy import Engine

from services.gateway.adapters.webhooks import Webhook, disable, webhooks_of
from services.gateway.courier import deliveries, upkeep
from services.gateway.courier.breaker import Breaker
from services.gateway.courier.counting import DELIVERIES, DISABLED
from services.gateway.courier.deliveries import Delivery, Destination, Kind
from services.gateway.courier.sending import NotSent, Sender
from services.gateway.settings import GatewaySettings
from services.plumbing.clock import Clock
from services.plumbing.database import AWAY

BATCH: Final = 50  # of a destination in one round
MOST_DOUBLINGS: Final = 20  # more would only overflow

_log = structlog.get_logger("courier")


@dataclass(kw_only=True)
class Courier:
    """Invariant: one delivery at a time per destination, in order of its subject's; no other state.

    A restart forgets breakers only; what was being sent is sent again under the same id.
    """

    engine: Engine
    sender: Sender
    settings: GatewaySettings
    clock: Clock
    spawn: Callable[[Callable[[], None]], object]
    _busy: set[Destination] = field(default_factory=set)
    _breakers: dict[Destination, Breaker] = field(default_factory=dict)

    def start_due(self) -> None:
        """Start sending what is due to every destination that is neither busy nor resting."""
        free = [each for each in deliveries.waited_for(self.engine) if each not in self._busy]
        operators = [who for kind, who in free if kind is Kind.WEBHOOK]
        webhooks = webhooks_of(self.engine, operators)
        for destination in free:
            kind, recipient = destination
            webhook = webhooks.get(recipient) if kind is Kind.WEBHOOK else None
            if not self._may_send(destination, webhook):
                continue
            if group := self._due(destination, BATCH):
                self._busy.add(destination)
                self.spawn(partial(self._send_all, destination, group))

    def _may_send(self, destination: Destination, webhook: Webhook | None) -> bool:
        """Say whether a destination is neither disabled nor resting; a new address never rests."""
        if webhook is not None and webhook.disabled_at is not None:
            self._breakers.pop(destination, None)
            return False
        if webhook is not None and self._breaker(destination).address != webhook.url:
            self._breakers[destination] = self._new_breaker(webhook.url)
        return self._breaker(destination).allows(self.clock())

    def _send_all(self, destination: Destination, group: list[Delivery]) -> None:
        breaker = self._breaker(destination)
        try:
            arrived, left = 0, BATCH
            while group and left > 0:
                left -= len(group)
                arrived_now = self._send_group(group, breaker)
                arrived += arrived_now
                # What arrived may have held back the next of its subject.
                group = self._due(destination, left) if arrived_now else []
            if arrived and destination[0] is Kind.NOTICE:
                self._start_over(destination)
        except AWAY:  # what was being sent is sent again, under the same id, after its lease
            _log.warning("the courier's database does not answer")
        finally:
            self._busy.discard(destination)

    def _due(self, destination: Destination, limit: int) -> list[Delivery]:
        return deliveries.due(self.engine, destination, now=self.clock(), limit=limit)

    def _send_group(self, group: list[Delivery], breaker: Breaker) -> int:
        """Send one after the other for as long as the breaker allows; say how many arrived."""
        arrived = 0
        for delivery in group:
            if not breaker.allows(self.clock()):
                break
            arrived += self._attempt(delivery, breaker)
        return arrived

    def _start_over(self, destination: Destination) -> None:
        """Let notices that were given up try again: their city answers, and must know."""
        upkeep.replay_given_up(
            self.engine,
            destination,
            after=self.settings.delivery_attempts,
            now=self.clock(),
            limit=BATCH,
        )

    def _attempt(self, delivery: Delivery, breaker: Breaker) -> bool:
        """Send a delivery unless somebody else does; say whether it arrived."""
        now = self.clock()
        lease = timedelta(seconds=3 * self.settings.delivery_timeout)
        if not deliveries.claim(self.engine, delivery, now=now, lease=lease):
            return False
        try:
            self.sender.send(delivery)
        except NotSent as error:
            self._fail(delivery, breaker, error)
            return False
        deliveries.delivered(self.engine, delivery, now=self.clock())
        breaker.succeeded()
        self._tell(delivery, "delivered")
        return True

    def _fail(self, delivery: Delivery, breaker: Breaker, error: NotSent) -> None:
        now = self.clock()
        if error.final:
            breaker.succeeded()  # the destination answers; it is this body that it does not want
        else:
            breaker.failed(now)
        if error.final or delivery.attempts + 1 >= self.settings.delivery_attempts:
            deliveries.parked(self.engine, delivery, error=str(error))
            self._tell(delivery, "parked", str(error))
            is_webhook = delivery.kind is Kind.WEBHOOK
            if is_webhook and not error.final and not self._arrived_since(delivery):
                self._disable(delivery.recipient, str(error))
        else:
            pause = min(error.pause, self.settings.longest_delay)
            due_at = now + max(self._delay(delivery.attempts), pause)
            deliveries.failed(self.engine, delivery, error=str(error), due_at=due_at)
            self._tell(delivery, "failed", str(error))
        if error.signs_off:
            breaker.open(now)
            self._disable(delivery.recipient, str(error))

    def _arrived_since(self, delivery: Delivery) -> bool:
        """Say whether others arrived where this one did not, in all its time."""
        destination = delivery.kind, delivery.recipient
        return deliveries.has_arrived(self.engine, destination, since=delivery.created_at)

    def _disable(self, operator_id: str, error: str) -> None:
        """Let a webhook rest at which nothing arrives, or that is no more, as it says."""
        if disable(self.engine, operator_id, reason=error, now=self.clock()):
            DISABLED.inc()
            _log.warning("webhook disabled", operator_id=operator_id, error=error)

    def _delay(self, attempts: int) -> timedelta:
        """Double after each failure, up to the longest; scatter by half so that none march."""
        first, longest = self.settings.first_delay, self.settings.longest_delay
        doubled: int = 2 ** min(attempts, MOST_DOUBLINGS)
        full = min(first * doubled, longest)
        return full * random.uniform(0.5, 1.0)  # noqa: S311  scatter, not secrecy

    def _breaker(self, destination: Destination) -> Breaker:
        if destination not in self._breakers:
            self._breakers[destination] = self._new_breaker()
        return self._breakers[destination]

    def _new_breaker(self, address: str = "") -> Breaker:
        rest = timedelta(seconds=self.settings.breaker_rest)
        return Breaker(self.settings.breaker_failures, rest, address)

    def _tell(self, delivery: Delivery, outcome: str, error: str = "") -> None:
        DELIVERIES.labels(delivery.kind, outcome).inc()
        _log.info(
            "delivery",
            delivery_id=str(delivery.id),
            kind=delivery.kind,
            recipient=delivery.recipient,
            outcome=outcome,
            attempts=delivery.attempts + 1,
            error=error,
        )
