"""The terms a queue is declared on: durability and RabbitMQ's `x-` arguments."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from amqp.exceptions import PreconditionFailed

# Others would be accepted and not kept; x-queue-type and x-dead-letter-strategy tell RabbitMQ how
# to be durable, which nothing here is.
CHOICES = {
    "x-queue-type": ("classic", "quorum"),
    "x-dead-letter-strategy": ("at-most-once", "at-least-once"),
    "x-overflow": ("drop-head", "reject-publish"),
}
TYPES = {
    "x-dead-letter-exchange": str,
    "x-dead-letter-routing-key": str,
    "x-message-ttl": int,
    "x-expires": int,
    "x-max-length": int,
    "x-delivery-limit": int,
}


@dataclass(frozen=True)
class Terms:
    """How a queue was declared.  Invariant: they never change; AMQP has no way to change them."""

    durable: bool = True
    auto_delete: bool = False
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def message_ttl(self) -> float:
        milliseconds: int | None = self.arguments.get("x-message-ttl")
        return math.inf if milliseconds is None else milliseconds / 1000

    @property
    def dead_letter_exchange(self) -> str | None:
        return self.arguments.get("x-dead-letter-exchange")

    @property
    def dead_letter_routing_key(self) -> str | None:
        return self.arguments.get("x-dead-letter-routing-key")

    @property
    def expires(self) -> float | None:
        milliseconds: int | None = self.arguments.get("x-expires")
        return None if milliseconds is None else milliseconds / 1000

    @property
    def max_length(self) -> float:
        limit: int | None = self.arguments.get("x-max-length")
        return math.inf if limit is None else limit

    @property
    def refuses_when_full(self) -> bool:
        return self.arguments.get("x-overflow") == "reject-publish"

    @property
    def delivery_limit(self) -> float:
        limit: int | None = self.arguments.get("x-delivery-limit")
        return math.inf if limit is None else limit

    def check(self, name: str, *, exclusive: bool) -> None:
        """Refuse what RabbitMQ 3.10 or 4 would refuse, or what cannot be kept here."""
        for argument, value in self.arguments.items():
            if not isinstance(value, TYPES.get(argument, str)) or (
                argument not in TYPES and value not in CHOICES.get(argument, ())
            ):
                raise PreconditionFailed(f"invalid arg '{argument}' for queue '{name}': {value!r}")
        if not (self.durable or exclusive):
            raise PreconditionFailed(f"queue '{name}' is transient and shared: RabbitMQ 4 refuses")
        lasting = self.durable and not exclusive and not self.auto_delete
        if self.arguments.get("x-queue-type") == "quorum" and not lasting:
            raise PreconditionFailed(f"invalid property for quorum queue '{name}'")
