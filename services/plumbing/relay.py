"""Carry announcements from the outbox to the bus: at least once, in the order of their rows.

Rows leave the table when the broker has confirmed them.  After a lost connection or a crash they go
out again, and the hearers' inboxes drop what they know.  One relay at a time works on a database.
"""

import time
from typing import Any

import structlog
from kombu.connection import Connection
from nameko.extensions import DependencyProvider
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from contracts.subscriptions import SUBSCRIPTIONS
from services.plumbing import metrics, outbox
from services.plumbing.clock import Clock
from services.plumbing.database import open_database
from services.plumbing.errors import describe
from services.plumbing.green import eventlet
from services.plumbing.locks import lock_of
from services.plumbing.signals import outbox_signal
from services.plumbing.topology import BROKER_AWAY, Subscriptions, connection_to, declare_topology
from services.plumbing.window import Window

MOST_IN_FLIGHT = 500
BATCH = 100  # rows that are worth a statement of their own
POLL_SECONDS = 0.25  # finds what another process committed
CONFIRM_SECONDS = 0.01  # between looks for new rows while confirms are awaited
PAUSE_SECONDS = 0.5  # after the broker or the database went away
HEARTBEAT_SECONDS = 20

log = structlog.get_logger(__name__)


class OutboxRelay(DependencyProvider):
    """Runs the relay of the service's database for as long as the service."""

    def setup(self) -> None:
        config = self.container.config
        own: dict[str, Any] = config["huxin"]
        self._relay = Relay(
            open_database(own["database_url"]),
            config["AMQP_URI"],
            own["clock"],
            service=self.container.service_name,
            subscriptions=own.get("subscriptions", SUBSCRIPTIONS),
        )

    def start(self) -> None:
        self._thread = self.container.spawn_managed_thread(self._relay.run)

    def stop(self) -> None:
        self._relay.stop()
        self._thread.wait()


class Relay:
    """Invariant: a row is published only while this relay holds the database's relay lock."""

    def __init__(
        self,
        engine: Engine,
        url: str,
        clock: Clock,
        *,
        service: str,
        subscriptions: Subscriptions = SUBSCRIPTIONS,
    ) -> None:
        self._engine, self._url, self._clock = engine, url, clock
        self._service, self._subscriptions = service, subscriptions
        self._lock = lock_of(engine, "relay")
        self._signal = outbox_signal(engine)
        self._stopping = False

    def stop(self) -> None:
        """Make `run` return soon; what is not confirmed by then goes out at the next start."""
        self._stopping = True
        self._signal.wake()

    def run(self) -> None:
        """Relay until stopped, whatever happens to broker and database."""
        while not self._stopping:
            try:
                if self._lock.acquire():
                    self._lead()
                else:
                    eventlet.sleep(PAUSE_SECONDS)
            except (SQLAlchemyError, *BROKER_AWAY) as error:
                log.warning("relay_interrupted", service=self._service, error=describe(error))
                eventlet.sleep(PAUSE_SECONDS)
            finally:
                self._lock.release()

    def _lead(self) -> None:
        declare_topology(self._url, self._subscriptions)
        with connection_to(self._url, heartbeat=HEARTBEAT_SECONDS) as connection:
            window = Window(connection)
            look_at, look = 0.0, True
            while not self._stopping:
                due = time.monotonic() >= look_at
                if due:
                    self._check(connection)
                    look_at = time.monotonic() + POLL_SECONDS
                more = (look or due) and self._publish(window)
                window.collect(CONFIRM_SECONDS if window.in_flight else 0)
                if due or window.declined or not window.in_flight or len(window.confirmed) >= BATCH:
                    self._settle(window)
                busy = more or window.in_flight
                look = self._signal.wait(0 if busy else POLL_SECONDS) or more

    def _check(self, connection: Connection) -> None:
        """Raise when the lock's session or the broker is gone."""
        self._lock.check()
        connection.heartbeat_check()
        metrics.OUTBOX_ROWS.labels(self._service).set(outbox.count_waiting(self._engine))

    def _publish(self, window: Window) -> bool:
        """Publish what waits, a batch or more at a time; say whether more may wait."""
        room = MOST_IN_FLIGHT - len(window.in_flight)
        if room < BATCH:
            return True
        known = [row.id for row in (*window.in_flight.values(), *window.confirmed)]
        rows = outbox.waiting(self._engine, self._clock(), room, known)
        for row in rows:
            window.publish(row)
        return len(rows) == room

    def _settle(self, window: Window) -> None:
        confirmed, declined = window.settled()
        if confirmed or declined:
            outbox.settle(self._engine, self._clock(), confirmed, declined)
