"""What is counted, and said in the log, of callers that are turned away."""

from collections.abc import Callable
from typing import Final

import structlog
from prometheus_client import Counter, Gauge

SHED: Final = Counter(
    "huxin_shed_total",
    "Calls turned away with 503 because too many wait for the service already",
    ["service", "urgency"],
)
PLACES: Final = Gauge("huxin_places", "How many may wait for a service at once", ["service"])
TAKEN: Final = Gauge("huxin_places_taken", "How many wait for a service now", ["service"])
NOTE_SECONDS: Final = 10.0  # between lines about one service

_log = structlog.get_logger("gateway")


class Notes:
    """Invariant: at most one line in NOTE_SECONDS for each service; it counts the others."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._said: dict[str, tuple[float, int]] = {}

    def turned_away(self, service: str, places: int) -> None:
        """Note that a caller was turned away."""
        said_at, since = self._said.get(service, (float("-inf"), 0))
        if self._now() - said_at < NOTE_SECONDS:
            self._said[service] = said_at, since + 1
            return
        _log.warning("turned_away", service=service, places=places, calls=since + 1)
        self._said[service] = self._now(), 0
