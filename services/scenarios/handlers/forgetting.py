"""Forgetting: counters of periods that are over, which no grant is held against any more."""

from datetime import datetime, timedelta
from typing import Final

from services.scenarios.ports import UnitOfWork

KEPT: Final = timedelta(days=1)  # for who began before midnight, or has a clock that is behind
AT_A_TIME: Final = 500  # so that nobody waits long for a lock


def forget_counters(*, uow: UnitOfWork, now: datetime, batch: int = AT_A_TIME) -> int:
    """Forget the counters of all periods that are over; return how many.

    Safe to repeat, and at any time: a period that is asked for again is counted anew.
    """
    forgotten, found = 0, batch
    while found == batch:
        with uow:
            found = uow.counters.forget_over(now - KEPT, batch)
            uow.commit()
        forgotten += found
    return forgotten
