"""How long corrections take, in prometheus-client's default registry."""

from datetime import timedelta
from typing import Final

from prometheus_client import Histogram

_BUCKETS: Final = (0.1, 0.3, 1, 3, 10, 30, 60, 300, 1800, 3600, 6 * 3600, 86400, 7 * 86400)

NOTICE_APPLIED: Final = Histogram(
    "huxin_notice_applied_seconds",
    "From a notice of another city that touched a recognition to its effect in the whole node",
    buckets=_BUCKETS,
)
EFFECT_APPLIED: Final = Histogram(
    "huxin_effect_applied_seconds",
    "From what this city asked of another by a notice to that city's word that it is done",
    buckets=_BUCKETS,
)


class PrometheusMeasures:
    """Observes in this process."""

    def notice_applied(self, after: timedelta) -> None:
        NOTICE_APPLIED.observe(after.total_seconds())

    def effect_applied(self, after: timedelta) -> None:
        EFFECT_APPLIED.observe(after.total_seconds())
