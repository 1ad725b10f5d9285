"""Runs the courier's rounds beside the service that hears what there is to deliver."""

import time
from typing import Any

import structlog
from nameko.extensions import DependencyProvider

from services.gateway.courier.outbound import make_sessions
from services.gateway.courier.round import Courier
from services.gateway.courier.sending import Sender
from services.gateway.keys import read_transport_key
from services.gateway.settings import GatewaySettings
from services.plumbing.database import AWAY, open_database

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
