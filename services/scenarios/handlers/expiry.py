"""Expiry: grants whose time or notice is up are ended by a timer, in batches."""

from datetime import datetime

from contracts.words import GrantState
from services.scenarios.domain.grant import Grant
from services.scenarios.handlers.announcing import end_grant
from services.scenarios.ports import UnitOfWork

BATCH = 200  # grants per transaction, so that nobody waits long for a lock


def expire_grants(*, uow: UnitOfWork, city: str, now: datetime, batch: int = BATCH) -> int:
    """End every open grant whose time or notice is up, as of that moment; return how many.

    Safe to repeat, and to run in several processes at a time.
    """
    expired, found = 0, batch
    while found == batch:
        with uow:
            due = uow.grants.due(now, batch)
            for grant in sorted(due, key=lambda grant: (grant.incentive_id, grant.id)):
                _end(grant, uow=uow, city=city, now=now)
            uow.commit()
        found = len(due)
        expired += found
    return expired


def _end(grant: Grant, *, uow: UnitOfWork, city: str, now: datetime) -> None:
    if grant.recall and grant.state_at(now) is GrantState.REVOKED:
        reason, at = grant.recall.reason, grant.recall.ends_at
        end_grant(grant, GrantState.REVOKED, reason, at=at, uow=uow, city=city)
    else:
        end_grant(grant, GrantState.EXPIRED, "time_over", at=grant.until, uow=uow, city=city)
