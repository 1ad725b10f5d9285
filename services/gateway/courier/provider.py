"""Runs the courier's rounds and polls beside the service that hears what there is to deliver."""

import time
from typing import Any

import structlog
from nameko.containers import WorkerContext
from nameko.extensions import DependencyProvider

from services.gateway.courier.calling import CityCalls
from services.gateway.courier.outbound import city_session, make_sessions
from services.gateway.courier.polling import CITIES_AT_ONCE, AtOnce, Poller
from services.gateway.courier.round import Courier
from services.gateway.courier.sending import Sender
from services.gateway.keys import read_transport_key
from services.gateway.settings import GatewaySettings
from services.plumbing.bus import Bus
from services.plumbing.database import AWAY, open_database
from services.plumbing.signals import Signal

_log = structlog.get_logger("courier")


class CourierRounds(DependencyProvider):
    """A round whenever the last is over and the poll interval has passed; none after stop."""

    def setup(self) -> None:
        own: dict[str, Any] = self.container.config["huxin"]
        self._settings: GatewaySettings = own["settings"]
        engine = open_database(own["database_url"])
        self._courier = Courier(
            engine=engine,
            sender=Sender(
                engine=engine,
                sessions=make_sessions(
                    webhooks_to_private=self._settings.webhooks_to_private_addresses
                ),
                transport_key=read_transport_key(self._settings.keys_directory),
                clock=own["clock"],
                timeout=self._settings.delivery_timeout,
            ),
            settings=self._settings,
            clock=own["clock"],
            spawn=self.container.spawn_managed_thread,
        )
        self._stopping = False

    def start(self) -> None:
        self._thread = self.container.spawn_managed_thread(self._run)

    def stop(self) -> None:
        self._stopping = True
        self._thread.wait()

    def _run(self) -> None:
        while not self._stopping:
            try:
                self._courier.start_due()
            except AWAY:
                _log.warning("the courier's database does not answer")
            time.sleep(self._settings.delivery_poll)


class Polls(DependencyProvider):
    """A poll of every city at the start, whenever somebody wakes it, and each `poll_seconds`."""

    def setup(self) -> None:
        own: dict[str, Any] = self.container.config["huxin"]
        settings: GatewaySettings = own["settings"]
        self._seconds = settings.poll_seconds
        self._bus = Bus(settings.bus_url, own["clock"])
        self._at_once = AtOnce(CITIES_AT_ONCE, self.container.spawn_managed_thread)
        self._poller = Poller(
            engine=open_database(own["database_url"]),
            calls=CityCalls(
                session=city_session(),
                transport_key=read_transport_key(settings.keys_directory),
                clock=own["clock"],
                timeout=settings.delivery_timeout,
            ),
            bus=self._bus,
            city=settings.city,
            spawn=self._at_once,
            stopping=lambda: self._stopping,
        )
        self._signal, self._stopping = Signal(), False

    def get_dependency(self, worker_ctx: WorkerContext) -> Signal:
        """Give what wakes the polls."""
        return self._signal

    def start(self) -> None:
        self._thread = self.container.spawn_managed_thread(self._run)

    def stop(self) -> None:
        self._stopping = True
        self._signal.wake()
        self._thread.wait()
        self._at_once.wait()
        self._bus.close()

    def _run(self) -> None:
        while not self._stopping:
            try:
                self._poller.poll_all()
            except AWAY:
                _log.warning("the courier's database does not answer")
            self._signal.wait(self._seconds)
