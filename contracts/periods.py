"""Calendar periods of a host city, by name: what limits and quotas count in."""

from datetime import datetime, timedelta, timezone
from typing import Final

from contracts.words import Period

HOST_TIME: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
"""All member cities share one civil time; China keeps no summer time."""

_FORMATS: Final = {
    Period.DAY: "%Y-%m-%d",
    Period.MONTH: "%Y-%m",
    Period.YEAR: "%Y",
    Period.LIFETIME: "lifetime",
}


def period_name(period: Period, at: datetime) -> str:
    """Name the period that a moment falls into, such as `2026-11` for a month."""
    if at.tzinfo is None:
        raise ValueError("a naive moment falls into no period")
    return at.astimezone(HOST_TIME).strftime(_FORMATS[period])
