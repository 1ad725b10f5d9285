"""When a failed message is tried again, and when it is left to an operator."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError

from contracts.errors import Malformed
from services.plumbing import metrics, parked
from services.plumbing.clock import Clock
from services.plumbing.database import open_database
from services.plumbing.delivery import Delivery
from services.plumbing.errors import describe
from services.plumbing.green import eventlet
from services.plumbing.message_tables import MESSAGES
from services.plumbing.parked import ParkedMessage
from services.plumbing.topology import DELIVERY_LIMIT

RETRY_DELAYS = (1.0, 5.0, 30.0)  # seconds, then an operator has to look
INBOX_KEPT = timedelta(days=90)
HOLD_SECONDS = 0.5  # between two tries to reach the database

log = structlog.get_logger(__name__)


class Stopping(Exception):
    """The service stops before the message at hand was answered."""


class Crashed(Exception):
    """The process ended while it handled the message."""


CRASHED = Crashed(f"taken {DELIVERY_LIMIT} times or tried to the end without an answer")


def due_after(
    attempts: int, error: Exception, delays: Sequence[float], now: datetime
) -> datetime | None:
    """Say when to try again after so many attempts; None: never without an operator."""
    hopeless = isinstance(error, Malformed | Crashed)
    if hopeless or attempts > len(delays):
        return None
    return now + timedelta(seconds=delays[attempts - 1])


class Retries:
    """Invariant: a failure is stored before `keep` or `settle` returns, however long it takes."""

    def __init__(self, consumer: str, config: Mapping[str, Any]) -> None:
        self._consumer = consumer
        self._clock: Clock = config["clock"]
        self._engine = open_database(config["database_url"])
        self._delays: Sequence[float] = config.get("retry_delays", RETRY_DELAYS)
        self.stopping = False

    def check_running(self) -> None:
        """Raise Stopping when no more messages should be taken."""
        if self.stopping:
            raise Stopping

    def keep(self, delivery: Delivery, key: str, error: Exception) -> None:
        """Store a message that failed for the first time, or anew."""

        def store() -> None:
            now = self._clock()
            due_at = due_after(1, error, self._delays, now)
            parked.park(
                self._engine,
                MESSAGES,
                delivery,
                consumer=self._consumer,
                key=key,
                attempts=1,
                error=describe(error),
                now=now,
                due_at=due_at,
            )
            self._count(key, error, due_at)

        self._until_stored(store)

    def forget_handled(self) -> None:
        """Forget events handled so long ago that nobody delivers them any more."""
        inbox = MESSAGES.inbox
        old = inbox.c.handled_at < self._clock() - INBOX_KEPT
        with self._engine.begin() as connection:
            connection.execute(delete(inbox).where(inbox.c.consumer == self._consumer, old))

    def claim(self) -> ParkedMessage | None:
        """Take the next message that is due, unless the service stops.

        Those whose last attempt never ended are parked.
        """
        while not self.stopping and (
            row := parked.claim_due(self._engine, MESSAGES, self._consumer, self._clock())
        ):
            if row.attempts <= len(self._delays):
                return row
            self.settle(row, CRASHED)
        return None

    def settle(self, row: ParkedMessage, error: Exception | None) -> None:
        """Forget a message that was handled after all, or store its next due moment."""

        def store() -> None:
            if error is None:
                parked.discard(self._engine, MESSAGES, row.id)
                return
            due_at = due_after(row.attempts + 1, error, self._delays, self._clock())
            parked.postpone(self._engine, MESSAGES, row.id, describe(error), due_at)
            self._count(row.key, error, due_at)

        self._until_stored(store)

    def _count(self, key: str, error: Exception, due_at: datetime | None) -> None:
        outcome = "retried" if due_at else "parked"
        metrics.MESSAGES.labels(self._consumer, outcome).inc()
        waiting = parked.count_parked(self._engine, MESSAGES, self._consumer)
        metrics.PARKED_ROWS.labels(self._consumer).set(waiting)
        log.warning(
            "message_failed",
            key=key,
            consumer=self._consumer,
            outcome=outcome,
            error=describe(error),
        )

    def _until_stored(self, store: Callable[[], None]) -> None:
        while True:
            try:
                store()
            except SQLAlchemyError as error:
                log.warning("message_held", consumer=self._consumer, error=describe(error))
                self.check_running()
                eventlet.sleep(HOLD_SECONDS)
            else:
                return
