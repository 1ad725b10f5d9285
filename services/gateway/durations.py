"""How long requests took, in the metrics: counting must cost a request next to nothing.

prometheus-client's own histogram takes two locks and walks its buckets for each observation.
"""

import threading
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable
from itertools import accumulate
from typing import Final

from prometheus_client.core import HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import REGISTRY, Collector
from prometheus_client.utils import floatToGoString

NAME: Final = "huxin_http_request_seconds"
HELP: Final = "From a request's arrival to its answer, by operation and status class"
BOUNDS: Final = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
MOST_NEW: Final = 1000


class Durations(Collector):
    """Invariant: each duration is counted once; new ones wait in a queue until somebody counts."""

    def __init__(self) -> None:
        self._new: deque[tuple[str, int, float]] = deque()
        self._counting = threading.Lock()
        self._counts: dict[tuple[str, int], list[int]] = {}
        self._sums: dict[tuple[str, int], float] = {}

    def observe(self, operation: str, kind: int, seconds: float) -> None:
        """Note a duration; `kind` is the first digit of the status."""
        self._new.append((operation, kind, seconds))
        if len(self._new) > MOST_NEW:
            self._count()

    def describe(self) -> Iterable[Metric]:
        """Name the metric, so that registering it collects nothing."""
        yield HistogramMetricFamily(NAME, HELP, labels=["operation", "status"])

    def collect(self) -> Iterable[Metric]:
        self._count()
        family = HistogramMetricFamily(NAME, HELP, labels=["operation", "status"])
        names = [*map(floatToGoString, BOUNDS), "+Inf"]
        with self._counting:
            for (operation, kind), counts in self._counts.items():
                buckets = list(zip(names, map(float, accumulate(counts)), strict=True))
                labels = [operation, f"{kind}xx"]
                family.add_metric(labels, buckets, self._sums[operation, kind])
        yield family

    def _count(self) -> None:
        with self._counting:
            for _ in range(len(self._new)):
                operation, kind, seconds = self._new.popleft()
                counts = self._counts.setdefault((operation, kind), [0] * (len(BOUNDS) + 1))
                counts[bisect_left(BOUNDS, seconds)] += 1
                self._sums[operation, kind] = self._sums.get((operation, kind), 0.0) + seconds


REQUEST_SECONDS: Final = Durations()
REGISTRY.register(REQUEST_SECONDS)
