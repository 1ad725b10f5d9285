"""Start service classes in this process and stop them quickly."""

import signal
from collections.abc import Iterable, Sequence
from types import FrameType, TracebackType
from typing import Any, Self

import structlog

from contracts.subscriptions import SUBSCRIPTIONS
from services.plumbing.clock import Clock, utc_now
from services.plumbing.container import Container
from services.plumbing.green import eventlet
from services.plumbing.retries import RETRY_DELAYS
from services.plumbing.topology import BROKER_AWAY, Subscriptions, declare_topology

WORKERS = 10  # commands at a time, per service
RETRY_SECONDS = 1.0  # while the broker is away
LOOK_SECONDS = 0.1

log = structlog.get_logger(__name__)


def container_config(
    *,
    bus_url: str,
    settings: Any,
    database_url: str,
    clock: Clock = utc_now,
    retry_delays: Sequence[float] = RETRY_DELAYS,
    subscriptions: Subscriptions = SUBSCRIPTIONS,
) -> dict[str, Any]:
    """Return nameko's configuration of one service."""
    return {
        "AMQP_URI": bus_url,
        "serializer": "json",
        "max_workers": WORKERS,
        "huxin": {
            "settings": settings,
            "clock": clock,
            "database_url": database_url,
            "retry_delays": retry_delays,
            "subscriptions": subscriptions,
        },
    }


class Services:
    """Invariant: topology is declared before the first service starts; all stop together."""

    def __init__(self) -> None:
        self.containers: list[Container] = []
        self._stopping = False

    def add(self, service: type, config: dict[str, Any]) -> Self:
        """Add a service class with the configuration of its node."""
        self.containers.append(Container(service, config))
        return self

    def start(self) -> None:
        """Start all; return when each can answer and hear, which takes a broker."""
        for url, subscriptions in self._buses():
            self._declare(url, subscriptions)
        if not self._stopping:
            self._each("start", self.containers)

    def stop(self) -> None:
        """Let what is at hand be finished, then stop all.  Safe to repeat, also while starting."""
        self._stopping = True
        self._each("stop", [each for each in self.containers if each.started])

    def check(self) -> None:
        """Raise what a service died of."""
        for container in self.containers:
            if container._died.ready():  # noqa: SLF001  nameko has no other way to look without waiting
                container.wait()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _each(self, action: str, containers: Iterable[Container]) -> None:
        threads = [eventlet.spawn(getattr(one, action)) for one in containers]
        for thread in threads:
            thread.wait()

    def _buses(self) -> list[tuple[str, Subscriptions]]:
        buses: dict[str, Subscriptions] = {}
        for container in self.containers:
            buses[container.config["AMQP_URI"]] = container.config["huxin"]["subscriptions"]
        return list(buses.items())

    def _declare(self, url: str, subscriptions: Subscriptions) -> None:
        while not self._stopping:
            try:
                declare_topology(url, subscriptions)
            except BROKER_AWAY as error:
                log.warning("broker_away", error=type(error).__name__)
                eventlet.sleep(RETRY_SECONDS)
            else:
                return


def run_forever(services: Services) -> None:
    """Run until SIGTERM or SIGINT, then stop in good order.

    Raise what a service or its start died of: the process has to end, and a supervisor starts it
    anew.  Nothing is stopped first, which nameko cannot do for what never started; what was at hand
    is handed out again.
    """
    stop_asked = False

    def ask(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stop_asked
        stop_asked = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    hub = eventlet.hubs.get_hub()
    hub.set_timer_exceptions(False)  # or each thread that waits for the start prints its failure
    starting = eventlet.spawn(services.start)
    while not stop_asked:
        if starting.dead:
            hub.set_timer_exceptions(True)
            starting.wait()  # raises what the start failed of
        services.check()
        eventlet.sleep(LOOK_SECONDS)
    services.stop()
    starting.kill()
