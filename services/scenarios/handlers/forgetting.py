"""Forgetting what is over: counters no grant is held against any more, refusals of long ago."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from contracts.periods import period_name
from contracts.words import Period
from services.scenarios.ports import UnitOfWork

KEPT: Final = timedelta(days=1)  # for who began before midnight, or has a clock that is behind
AT_A_TIME: Final = 500  # so that nobody waits long for a lock


def forget_counters(*, uow: UnitOfWork, now: datetime, batch: int = AT_A_TIME) -> int:
    """Forget the counters of all periods that are over; return how many.

    Safe to repeat, and at any time: a period that is asked for again is counted anew.
    """
    return _forget(uow, batch, lambda: uow.counters.forget_over(now - KEPT, batch))


def forget_refusals(
    *, uow: UnitOfWork, kept_days: int, now: datetime, batch: int = AT_A_TIME
) -> int:
    """Forget how often operators were refused on days of long ago; return how many counts."""
    first = period_name(Period.DAY, now - timedelta(days=kept_days))
    return _forget(uow, batch, lambda: uow.refusals.forget_before(first, batch))


def _forget(uow: UnitOfWork, batch: int, some: Callable[[], int]) -> int:
    """Forget some, each time in a transaction of its own, until there were fewer than `batch`."""
    forgotten, found = 0, batch
    while found == batch:
        with uow:
            found = some()
            uow.commit()
        forgotten += found
    return forgotten
