"""Calendar periods: those that limits and quotas count in, by name, and those the law counts."""

import calendar
from datetime import date, datetime, time, timedelta, timezone
from typing import Final

from contracts.words import Period

HOST_TIME: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
"""All member cities share one civil time; China keeps no summer time."""

MONTHS: Final = 12

MOST_DAYS: Final = 3660
"""Ten years, for whatever is counted in days; it keeps every date within the calendar."""

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


def months_after(moment: datetime, months: int) -> datetime:
    """Return the end of a period of months (Civil Code 201, 202).

    The day of its start is not counted; its last day bears the same number, or is the last of its
    month.
    """
    day = moment.astimezone(HOST_TIME)
    years, month = divmod(day.month - 1 + months, MONTHS)
    year, month = day.year + years, month + 1
    last = day.replace(
        year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1])
    )
    return last.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def beginning(day: date) -> datetime:
    """Return the first moment of a day."""
    return datetime.combine(day, time(), HOST_TIME)
