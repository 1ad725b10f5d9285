"""Limits by calendar period of the host city, and the tally of what an incentive gave."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, Protocol, Self

from contracts.periods import HOST_TIME, period_name
from contracts.words import Period

MOMENTS: Final = 64  # a decision asks several times for the windows of one moment


@dataclass(frozen=True, kw_only=True)
class Window:
    """The one calendar period a limit counts in at some moment: its name, beginning and end."""

    period: Period
    name: str
    since: datetime
    until: datetime

    @classmethod
    def always(cls) -> Self:
        """Return the window that has no beginning and no end."""
        return cls(
            period=Period.LIFETIME,
            name=Period.LIFETIME.value,
            since=datetime.min.replace(tzinfo=UTC),
            until=datetime.max.replace(tzinfo=UTC),
        )


@dataclass(frozen=True, kw_only=True)
class Limit:
    """At most `count` per calendar period."""

    count: int
    period: Period

    def window(self, at: datetime) -> Window:
        """Return the period that a moment falls into."""
        return window_of(self.period, at)


class Quota(Protocol):
    """At most `count` grants, or grants worth `fen`, per period: in one district or in all."""

    @property
    def period(self) -> Period: ...
    @property
    def count(self) -> int | None: ...
    @property
    def fen(self) -> int | None: ...
    @property
    def district(self) -> str | None: ...


@lru_cache(MOMENTS)
def window_of(period: Period, at: datetime) -> Window:
    """Return the calendar period of the host city that a moment falls into."""
    midnight = at.astimezone(HOST_TIME).replace(hour=0, minute=0, second=0, microsecond=0)
    match period:
        case Period.DAY:
            since, until = midnight, midnight + timedelta(days=1)
        case Period.MONTH:
            since = midnight.replace(day=1)
            until = (since + timedelta(days=32)).replace(day=1)
        case Period.YEAR:
            since = midnight.replace(month=1, day=1)
            until = since.replace(year=since.year + 1)
        case Period.LIFETIME:
            return Window.always()
    return Window(
        period=period,
        name=period_name(period, at),
        since=since.astimezone(UTC),
        until=until.astimezone(UTC),
    )


def names_of(at: datetime) -> tuple[str, ...]:
    """Name the day, month and year of a moment; among names of one length the earlier is less."""
    return tuple(period_name(period, at) for period in (Period.DAY, Period.MONTH, Period.YEAR))


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Invariant: issued = open + redeemed + expired + revoked, and nothing is below zero.

    `held` are reservations.  `reserved_fen` is the most that they and open, unused grants may still
    cost; `spent_fen` what used ones may have cost.  Both count against a budget.  `changes` grows
    with every change, so that of two tallies the newer is known.
    """

    issued: int = 0
    open: int = 0
    redeemed: int = 0
    expired: int = 0
    revoked: int = 0
    reserved_fen: int = 0
    spent_fen: int = 0
    held: int = 0
    changes: int = field(default=0, compare=False)

    def free_fen(self, budget_fen: int) -> int:
        """Return what is left of a budget; nothing when a newer version made it smaller."""
        return max(0, budget_fen - self.reserved_fen - self.spent_fen)
