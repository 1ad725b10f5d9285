"""The part of a channel that declares exchanges and queues."""
# ruff: noqa: FBT001, FBT002, PLR0917  what py-amqp calls so is called so here

from typing import Any

from amqp.exceptions import AMQPNotImplementedError, PreconditionFailed
from amqp.protocol import queue_declare_ok_t
from kombu.transport.base import to_rabbitmq_queue_arguments

from services.plumbing.broker.link import Link
from services.plumbing.broker.terms import Terms


class Topology(Link):
    """Signatures and defaults are py-amqp's."""

    def exchange_declare(
        self,
        exchange: str,
        type: str = "direct",
        passive: bool = False,
        durable: bool = False,
        auto_delete: bool = True,
        nowait: bool = False,
        arguments: dict[str, Any] | None = None,
    ) -> None:
        if passive:
            self.broker.exchange(exchange)
        elif auto_delete or arguments:
            raise AMQPNotImplementedError(f"exchange '{exchange}' is auto-delete or has arguments")
        else:
            self.broker.declare_exchange(exchange, type, durable=durable)

    def queue_declare(
        self,
        queue: str = "",
        passive: bool = False,
        durable: bool = False,
        exclusive: bool = False,
        auto_delete: bool = True,
        nowait: bool = False,
        arguments: dict[str, Any] | None = None,
    ) -> queue_declare_ok_t:
        if passive:
            found = self.broker.queue(queue, self.connection)
        else:
            terms = Terms(durable, auto_delete, dict(arguments or {}))
            owner = self.connection if exclusive else None
            found = self.broker.declare_queue(queue, terms, owner, self.connection)
        return queue_declare_ok_t(found.name, len(found.ready), len(found.consumers))

    def queue_bind(
        self,
        queue: str,
        exchange: str = "",
        routing_key: str = "",
        nowait: bool = False,
        arguments: dict[str, Any] | None = None,
    ) -> None:
        self.broker.queue(queue, self.connection)
        self.broker.exchange(exchange).bind(queue, routing_key)

    def queue_delete(
        self, queue: str, if_unused: bool = False, if_empty: bool = False, nowait: bool = False
    ) -> int:
        """Delete a queue; return how many messages were ready in it."""
        if queue not in self.broker.queues:
            return 0
        found = self.broker.queue(queue, self.connection)
        if (if_unused and found.consumers) or (if_empty and found.ready):
            raise PreconditionFailed(f"queue '{queue}' is in use or not empty")
        return self.broker.delete_queue(found)

    def prepare_queue_arguments(self, arguments: dict[str, Any], **options: Any) -> dict[str, Any]:
        prepared: dict[str, Any] = to_rabbitmq_queue_arguments(arguments, **options)
        return prepared
