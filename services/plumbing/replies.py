"""Send replies: one connection per service, no wait for the broker's confirm.

A lost reply is a time-out for the caller, who repeats the command, which is safe.
"""

from typing import Any

import structlog
from kombu.messaging import Producer
from nameko.extensions import SharedExtension

from services.plumbing.green import eventlet
from services.plumbing.topology import BROKER_AWAY, RPC, connection_to

RETRIES = {"max_retries": 3, "interval_start": 0.0, "interval_step": 0.2}

log = structlog.get_logger(__name__)


class Replies(SharedExtension):
    """Invariant: one green thread at a time writes to the connection."""

    def setup(self) -> None:
        self._turn = eventlet.semaphore.Semaphore(1)
        self._connection = connection_to(self.container.config["AMQP_URI"])
        self._producer: Producer | None = None

    def stop(self) -> None:
        self._connection.release()

    def send(self, request: Any, payload: dict[str, Any]) -> None:
        """Answer a request, if it names an address for replies."""
        reply_to = request.properties.get("reply_to")
        if not reply_to:
            return
        with self._turn:
            try:
                self._publish(payload, reply_to, request.properties.get("correlation_id"))
            except BROKER_AWAY as error:
                log.warning("reply_lost", error=type(error).__name__)

    def _publish(self, payload: dict[str, Any], reply_to: str, correlation_id: str | None) -> None:
        if self._producer is None:
            self._producer = Producer(self._connection, auto_declare=False)
        self._producer.publish(
            payload,
            exchange=RPC,
            routing_key=reply_to,
            correlation_id=correlation_id,
            serializer="json",
            delivery_mode="transient",
            retry=True,
            retry_policy=RETRIES,
        )
