"""Expiry: grants whose time is up are ended by a timer, in batches."""

from datetime import datetime

from contracts.words import GrantState
from services.scenarios.handlers.announcing import end_grants
from services.scenarios.ports import UnitOfWork

BATCH = 200  # grants per transaction, so that nobody waits long for a lock


def expire_grants(*, uow: UnitOfWork, city: str, now: datetime, batch: int = BATCH) -> int:
    """End every open grant whose time is up, as of that moment; return how many.

    Safe to repeat, and to run in several processes at a time.
    """
    expired, found = 0, batch
    while found == batch:
        with uow:
            due = uow.grants.due(now, batch)
            end_grants(due, GrantState.EXPIRED, "time_over", at=None, uow=uow, city=city)
            uow.commit()
        found = len(due)
        expired += found
    return expired
