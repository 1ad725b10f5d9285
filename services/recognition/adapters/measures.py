"""How long corrections take and how old the word behind decisions is, in the default registry."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from prometheus_client import Counter, Gauge, Histogram

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
STATUS_AGE: Final = Histogram(
    "huxin_recognition_status_age_seconds",
    "How old the home city's word was that an attestation stands, when it was recognised",
    buckets=(60, 300, 600, 900, 1800, 3600, 4200, 6 * 3600, 86400, 7 * 86400),
)
LEFT_OUT: Final = Counter(
    "huxin_recognition_purposes_left_out_total",
    "Purposes that a recognition does not serve, as that word was too old for them",
    ["category"],
)
CONVERGENCE: Final = Histogram(
    "huxin_convergence_seconds",
    "From a decision about a fact to the last host's word that what follows is done",
    ["kind"],
    buckets=_BUCKETS,
)
OVERDUE: Final = Gauge("huxin_overdue_cases", "Open past the time set for them", ["kind"])

LINES_REFUSED: Final = Counter(
    "huxin_usage_lines_refused_total",
    "Usage lines that a city reported and may not say",
    ["city"],
)

_log = structlog.get_logger()


class PrometheusMeasures:
    """Observes in this process."""

    def notice_applied(self, after: timedelta) -> None:
        NOTICE_APPLIED.observe(after.total_seconds())

    def effect_applied(self, after: timedelta) -> None:
        EFFECT_APPLIED.observe(after.total_seconds())

    def recognised(self, status_age: timedelta, left_out: Sequence[str]) -> None:
        STATUS_AGE.observe(status_age.total_seconds())
        for category in left_out:
            LEFT_OUT.labels(category).inc()

    def converged(self, kind: str, after: timedelta) -> None:
        CONVERGENCE.labels(kind).observe(after.total_seconds())

    def lines_refused(self, sender: str, line_ids: Sequence[UUID]) -> None:
        LINES_REFUSED.labels(sender).inc(len(line_ids))
        _log.warning("usage_lines_refused", city=sender, line_ids=[str(each) for each in line_ids])

    def overdue(self, kind: str, count: int) -> None:
        OVERDUE.labels(kind).set(count)
