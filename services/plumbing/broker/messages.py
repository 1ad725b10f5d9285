"""A published message, its copy in each queue, and the broker's duty to confirm it."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

REJECTED = "rejected"
EXPIRED = "expired"
OVERFLOWED = "maxlen"
RETURNED_TOO_OFTEN = "delivery_limit"


@dataclass(frozen=True, slots=True)
class Message:
    """What was published and where to.  Invariant: all copies share it, so nothing changes it."""

    body: str | bytes
    properties: Mapping[str, Any]
    headers: Mapping[str, Any]
    exchange: str
    routing_key: str

    @property
    def time_to_live(self) -> float:
        """Seconds that the publisher gave it (AMQP's `expiration`), or infinity."""
        expiration = self.properties.get("expiration")
        return math.inf if expiration is None else int(expiration) / 1000

    def dead(self, queue: str, reason: str, exchange: str, routing_key: str | None) -> "Message":
        """Make the dead letter of this message, with RabbitMQ's `x-death` history, newest first."""
        history = [dict(death) for death in self.headers.get("x-death", ())]
        death = {
            "queue": queue,
            "reason": reason,
            "count": 1,
            "exchange": self.exchange,
            "routing-keys": [self.routing_key],
        }
        for earlier in history:
            if (earlier["queue"], earlier["reason"]) == (queue, reason):
                death["count"] = earlier["count"] + 1
                history.remove(earlier)
                break
        return replace(
            self,
            properties={k: v for k, v in self.properties.items() if k != "expiration"},
            headers={**self.headers, "x-death": [death, *history]},
            exchange=exchange,
            routing_key=self.routing_key if routing_key is None else routing_key,
        )


class Receipt:
    """The duty to confirm one message.

    Invariant: it is answered once, `True` when every copy is settled or `False` when a queue
    refused one.  A copy is settled when it is acknowledged, delivered without acknowledgement,
    dropped by a rule of its queue (rejected, expired or pushed out with no dead-letter exchange)
    or deleted with its queue.  A dead letter inherits the duty.
    """

    def __init__(self, answer: Callable[[bool], None] | None) -> None:
        self._answer = answer
        self._unsettled = 0

    def hold(self) -> None:
        """Wait for one more copy."""
        self._unsettled += 1

    def settle(self) -> None:
        """Wait for one copy less; the last one confirms the message."""
        self._unsettled -= 1
        if self._unsettled == 0:
            self._give(confirmed=True)

    def refuse(self) -> None:
        """Tell the publisher at once that a queue did not take its copy."""
        self._give(confirmed=False)

    def _give(self, *, confirmed: bool) -> None:
        answer, self._answer = self._answer, None
        if answer is not None:
            answer(confirmed)


@dataclass(eq=False, slots=True)
class Copy:
    """One queue's copy of a message.  Invariant: `place` is its turn, kept when it comes back."""

    message: Message
    receipt: Receipt
    place: int = 0
    returns: int = 0
    expires_at: float = math.inf
