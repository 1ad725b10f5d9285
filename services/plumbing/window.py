"""Announcements published and not yet confirmed, over one channel."""

from functools import partial
from typing import Any
from uuid import UUID

import structlog
from kombu.connection import Connection

from services.plumbing import metrics
from services.plumbing.outbox import OutboxRow
from services.plumbing.topology import EVENTS

PERSISTENT = 2  # AMQP's delivery mode

log = structlog.get_logger(__name__)


class Window:
    """Invariant: a published row is in flight, confirmed or declined, and only one of them.

    Nothing here waits for a confirm: the in-process broker gives it only when the last hearer is
    done, and other announcements should not wait so long.
    """

    def __init__(self, connection: Connection) -> None:
        self.in_flight: dict[int, OutboxRow] = {}  # by delivery tag, so in order
        self.confirmed: list[OutboxRow] = []
        self.declined: list[OutboxRow] = []
        self._returned: set[UUID] = set()
        self._last_tag = 0
        self._connection = connection
        self._channel: Any = connection.channel()
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(partial(self._on_answer, True))  # noqa: FBT003  called by amqp
        self._channel.events["basic_nack"].add(partial(self._on_answer, False))  # noqa: FBT003  called by amqp
        self._channel.events["basic_return"].add(self._on_return)

    def publish(self, row: OutboxRow) -> None:
        """Send a row on its way."""
        message = self._channel.prepare_message(
            row.envelope.encode(),
            content_type="application/json",
            content_encoding="utf-8",
            headers={},
            properties={
                "delivery_mode": PERSISTENT,
                "message_id": str(row.message_id),
                "type": row.name,
            },
        )
        self._last_tag += 1
        self.in_flight[self._last_tag] = row
        self._channel.basic_publish(
            message, exchange=EVENTS.name, routing_key=row.name, mandatory=True
        )

    def collect(self, seconds: float) -> None:
        """Take the broker's answers that are there; wait up to `seconds` for the first."""
        try:
            while True:
                self._connection.drain_events(timeout=seconds)
                seconds = 0
        except TimeoutError:
            pass

    def settled(self) -> tuple[list[OutboxRow], list[OutboxRow]]:
        """Hand over what was confirmed and what was declined since the last time."""
        settled = self.confirmed, self.declined
        self.confirmed, self.declined = [], []
        return settled

    def _on_return(self, _error: Exception, _exchange: str, _key: str, message: Any) -> None:
        self._returned.add(UUID(message.properties["message_id"]))

    def _on_answer(self, taken: bool, tag: int, multiple: bool) -> None:  # noqa: FBT001  called by amqp
        tags = [tag]
        if multiple:
            tags = [one for one in self.in_flight if one <= tag]
        for row in (self.in_flight.pop(one) for one in tags):
            if row.message_id in self._returned:  # a return comes before its confirm
                self._returned.discard(row.message_id)
                self._decline(row, "unroutable")
                metrics.UNROUTABLE.labels(row.name).inc()
            elif taken:
                self.confirmed.append(row)
                metrics.PUBLISHED.labels(row.name).inc()
            else:
                self._decline(row, "refused")

    def _decline(self, row: OutboxRow, why: str) -> None:
        self.declined.append(row)
        log.error(
            "announcement_declined", why=why, message=row.name, message_id=str(row.message_id)
        )
